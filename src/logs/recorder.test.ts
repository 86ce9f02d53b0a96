import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { LogEntry } from "./log-entry.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import type { Segment, SegmentEntry } from "./segment.ts";
import { readSegment } from "./segment-reader.ts";
import { createTraffic } from "./traffic.ts";
import type { Usage, UsageOf } from "./usage.ts";

interface Staged {
  readonly recorder: Recorder;
  readonly kept: Segment[];
  readonly counted: UsageOf[];
  readonly said: string[];
  /** Whether the store takes nothing. */
  isDown: boolean;
  secrets: readonly string[];
  /** Whether the secrets can not be read. */
  isSecretive: boolean;
  entries(): Promise<readonly SegmentEntry[]>;
}

function stage(): Staged {
  const kept: Segment[] = [];
  const counted: UsageOf[] = [];
  const said: string[] = [];
  const staged: Staged = {
    kept,
    counted,
    said,
    isDown: false,
    secrets: [],
    isSecretive: false,
    entries: async () => (await Promise.all(kept.map(readSegment))).flat(),
    recorder: createRecorder({
      now: Date.now,
      log: { write: (_level, event) => said.push(event), flush: () => {} },
      traffic: createTraffic(),
      usage: { count: (of: UsageOf) => counted.push(of) } as unknown as Usage,
      isKept: true,
      ownSecrets: [],
      async secretsOf() {
        if (staged.isSecretive) throw new Error("the state is down");
        return staged.secrets;
      },
      async put(segment) {
        if (staged.isDown) throw new Error("the store is down");
        kept.push(segment);
      },
    }),
  };
  return staged;
}

const headers = (agent: string, length: string): readonly string[] => [
  "User-Agent",
  agent,
  "Content-Length",
  length,
];

let count = 0;

function ask(
  { recorder }: Staged,
  more: Partial<LogEntry> = {},
  request: { readonly url?: string; readonly rawHeaders?: readonly string[] } = {},
): string {
  count += 1;
  const entry = Object.assign(new LogEntry(String(count).padStart(24, "0"), Date.now()), {
    appId: "a".repeat(24),
    isAuthorized: true,
    ...more,
  });
  recorder.request(entry, {
    request: {
      method: "POST",
      url: "/x",
      rawHeaders: ["Accept", "a/b"],
      ...request,
    } as unknown as IncomingMessage,
    status: 200,
    address: "::1",
    app: "a",
    ms: 1,
  });
  return entry.coId;
}

test("recorder: what the store does not take is kept until it does, and in order", async () => {
  const staged = stage();
  const wanted: string[] = [];
  staged.isDown = true;
  for (let turn = 0; turn < 3; turn += 1) {
    wanted.push(ask(staged));
    await staged.recorder.flush();
  }
  expect(staged.kept).toEqual([]);
  staged.isDown = false;
  wanted.push(ask(staged));
  await staged.recorder.close();
  expect((await staged.entries()).map(({ coId }) => coId)).toEqual(wanted);
  expect(staged.recorder.lostCount).toBe(0);
});

test("recorder: a secret that the app gets later is not shown from then on, though the text was seen before", async () => {
  const staged = stage();
  const url = "/x?name=open%20sesame";
  for (let turn = 0; turn < 3; turn += 1) {
    ask(staged, {}, { url });
    await staged.recorder.flush();
  }
  expect((await staged.entries()).every((each) => each.url === url)).toBe(true);
  staged.secrets = ["open sesame"];
  // Whatever holds free text has the secrets read anew.
  ask(staged, { error: "it was open sesame" });
  await staged.recorder.flush();
  staged.kept.length = 0;
  ask(staged, {}, { url });
  await staged.recorder.flush();
  expect((await staged.entries()).map((each) => each.url)).toEqual(["/x?name=[redacted]"]);
});

test("recorder: of many entries with texts none is lost, and each shows no secret that there was", async () => {
  const staged = stage();
  const wanted: string[] = [];
  staged.isSecretive = true;
  for (let turn = 0; turn < 400; turn += 1) {
    wanted.push(ask(staged, { messages: [`line ${turn} of open sesame`] }));
    if (turn === 200) {
      staged.isSecretive = false;
      staged.secrets = ["open sesame"];
    }
    // Lets it look through what waits.
    if (turn % 10 === 0) await new Promise(setImmediate);
  }
  await staged.recorder.close();
  const entries = await staged.entries();
  expect(entries.map(({ coId }) => coId).toSorted()).toEqual(wanted);
  expect(new Set(entries.map(({ rare }) => String(rare["messages"]).slice(-13)))).toEqual(
    new Set(["of [redacted]"]),
  );
});

test("recorder: clients with other headers are told apart, whatever the length of their bodies", async () => {
  const staged = stage();
  for (let turn = 0; turn < 2; turn += 1) {
    for (const [agent, length] of [
      ["one", "1"],
      ["two", "2"],
      ["one", "3"],
    ] as const)
      ask(staged, {}, { rawHeaders: headers(agent, length) });
    await staged.recorder.flush();
  }
  const agents = (await staged.entries()).map((each) => each.headers);
  expect(agents).toEqual(
    [1, 2, 1, 1, 2, 1].map((each) => `{"user-agent":"${each === 1 ? "one" : "two"}"}`),
  );
});

test("recorder: what was refused before it was allowed is logged, and is no usage", () => {
  const staged = stage();
  ask(staged, { isAuthorized: false, error: "no" });
  ask(staged, { error: "failed" });
  expect(staged.counted.map(({ hasFailed }) => hasFailed)).toEqual([true]);
});

test("recorder: an entry without an app is nobody's", async () => {
  const staged = stage();
  ask(staged, { appId: undefined });
  await staged.recorder.flush();
  expect(staged.kept).toEqual([]);
});
