import { expect, test } from "vitest";
import { createSegment, type Kind, type RowFields } from "./segment.ts";
import { readSegment } from "./segment-reader.ts";

const kind: Kind = {
  type: "ENDPOINT",
  status: 200,
  method: "POST",
  url: "/app/a/endpoint/data/v1/action/find",
  headers: '{"accept":"a,b\\"c"}',
  userId: "6545a8a6a8a6a8a6a8a6a8a6",
  keyId: "",
  address: "::1",
  route: "/data/v1/action/find",
  functionName: "find",
};

function row(count: number): RowFields {
  const coId = `6545a8a6${"b".repeat(8)}${count.toString(16).padStart(8, "0")}`;
  return {
    coId,
    startedAt: 1_764_000_000_000 + count,
    requestBytes: count,
    responseBytes: 2 * count,
  };
}

test("segment: every entry comes back as it went in", async () => {
  const segment = createSegment("a".repeat(24));
  const wanted = Array.from({ length: 1000 }, (_, count) => {
    const own = { ...kind, status: 200 + (count % 3), url: `${kind.url}?n=${count % 7}` };
    const rare = count % 5 === 0 ? { messages: [`line ${count}\n"ü`] } : {};
    return { ...row(count), ...own, ms: count / 8, rare };
  });
  for (const entry of wanted)
    segment.add(
      entry,
      entry.ms,
      segment.kindOf(entry),
      "messages" in entry.rare ? entry.rare : undefined,
    );
  const finished = await segment.finish();
  expect(finished.isPacked).toBe(true);
  expect(await readSegment(finished)).toEqual(wanted);
});

test("segment: what can be looked for without unpacking it", async () => {
  const segment = createSegment("a".repeat(24));
  segment.add(row(5), 2, segment.kindOf(kind));
  segment.add(row(1), 1, segment.kindOf({ ...kind, type: "AUTH", userId: "" }), { error: "no" });
  const { data, ...finished } = await segment.finish();
  expect(finished).toEqual({
    appId: "a".repeat(24),
    from: 1_764_000_000_002,
    to: 1_764_000_000_007,
    count: 2,
    errors: 1,
    types: ["ENDPOINT", "AUTH"],
    users: [kind.userId],
    isPacked: false,
  });
  expect(data.length).toBeLessThan(600);
});

test("segment: too many users are none in particular", async () => {
  const segment = createSegment("a".repeat(24));
  for (let count = 0; count < 65; count += 1) segment.kindOf({ ...kind, userId: String(count) });
  expect((await segment.finish()).users).toBeUndefined();
});

test("segment: a text without end does not get in", async () => {
  const segment = createSegment("a".repeat(24));
  segment.add(row(1), 1, segment.kindOf(kind), { error: "no", messages: ["x".repeat(300_000)] });
  expect((await readSegment(await segment.finish()))[0]?.rare).toEqual({ error: "no", cut: true });
});
