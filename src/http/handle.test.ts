import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { afterEach, expect, test } from "vitest";
import { answerTo, fields, post, stage, type Stage } from "../../test/support/stage.ts";
import { Doc } from "../bson/doc.ts";
import type { Limits } from "../kit/limits.ts";
import type { Batches, CallOptions } from "../sources/source.ts";

const insertion = `{${fields},"document":{"a":1}}`;

let opened: Stage | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(...given: Parameters<typeof stage>): Promise<Stage> {
  opened = await stage(...given);
  return opened;
}

/** A promise with the function that settles it. */
function later<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let settle: ((value: T) => void) | undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle?.(value) };
}

/** Resolves with the signal as soon as somebody aborts it. */
async function untilAborted({ signal }: CallOptions): Promise<AbortSignal> {
  if (signal === undefined) throw new TypeError("no signal came");
  if (!signal.aborted) await once(signal, "abort");
  return signal;
}

test("handle: work that takes too long is told to stop, and its client hears of it", async () => {
  let reason: unknown;
  const there = await open(
    {
      findOne: async (_filter, options = {}) => {
        reason = (await untilAborted(options)).reason;
        return null;
      },
    },
    { processingMsMax: 20 },
  );
  const { status, body } = await answerTo(post(there, "findOne"));
  expect(status).toBe(504);
  expect(body).toBe(
    '{"error":"execution time limit exceeded","error_code":"ExecutionTimeLimitExceeded","link":"https://api.example/console/logs?co_id=aaaaaaaaaaaaaaaaaaaaaaaa"}',
  );
  expect(reason).toMatchObject({ name: "TimeoutError" });
});

test("handle: a read stops when its client goes away", async () => {
  const { promise: stopped, resolve: stop } = later<AbortSignal>();
  const { promise: begun, resolve: begin } = later<null>();
  const there = await open({
    findOne: async (_filter, options = {}) => {
      begin(null);
      stop(await untilAborted(options));
      return null;
    },
  });
  const request = post(there, "findOne");
  request.on("error", () => {});
  request.end(`{${fields}}`);
  await begun;
  request.destroy();
  expect((await stopped).aborted).toBe(true);
});

test("handle: a write that has begun finishes when its client goes away", async () => {
  const { promise: begun, resolve: begin } = later<null>();
  const { promise: finished, resolve: finish } = later<null>();
  const there = await open({
    insertOne: async (_document, options = {}) => {
      begin(null);
      await untilAborted(options);
      finish(null);
      return 1;
    },
  });
  const request = post(there, "insertOne");
  request.on("error", () => {});
  request.end(insertion);
  await begun;
  request.destroy();
  await finished;
  await expect.poll(() => there.services.admission.count).toBe(0);
});

test("handle: one request more than may run at once is refused, and has its place later", async () => {
  const { promise: released, resolve: release } = later<null>();
  const { promise: begun, resolve: begin } = later<null>();
  const there = await open(
    {
      findOne: async () => {
        begin(null);
        return released;
      },
    },
    { requestsAtOnceMax: 1 },
  );
  const first = answerTo(post(there, "findOne"));
  await begun;
  const second = await answerTo(post(there, "findOne"));
  expect(second).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  expect(second.body).toContain('"error_code":"TooManyRequests"');
  release(null);
  expect((await first).status).toBe(200);
  expect((await answerTo(post(there, "findOne"))).status).toBe(200);
});

test("handle: a bug is logged and hidden", async () => {
  const there = await open({
    findOne: async () => {
      throw new TypeError("secret detail");
    },
  });
  const { status, body } = await answerTo(post(there, "findOne"));
  expect(status).toBe(500);
  expect(body).toContain('{"error":"internal server error","error_code":"InternalServerError"');
  expect(body).not.toContain("secret");
  expect(there.logged).toContainEqual(
    expect.objectContaining({ event: "bug", co_id: "a".repeat(24), app: "data-tests" }),
  );
});

test.for<[title: string, limits: Partial<Limits>, status: number, contains: string]>([
  ["within its limits", {}, 200, '{"documents":[{"a":1},{"a":1},{"a":1}]}'],
  ["with too many bytes", { responseBytesMax: 30 }, 400, '"error_code":"ReadSizeLimitExceeded"'],
  ["with too many documents", { documentsMax: 2 }, 400, "more than 2 documents"],
])("handle: an answer %s", async ([, limits, status, contains]) => {
  let isClosed = false;
  async function* batches(): Batches {
    try {
      yield [Doc.of({ a: 1 }), Doc.fromBytes(Doc.of({ a: 1 }).toBytes())];
      yield [Doc.of({ a: 1 })];
    } finally {
      isClosed = true;
    }
  }
  const there = await open({ aggregate: batches }, limits);
  const answer = await answerTo(post(there, "aggregate"), `{${fields},"pipeline":[]}`);
  expect(answer.status).toBe(status);
  expect(answer.body).toContain(contains);
  expect(isClosed).toBe(true);
});

test.for(["gzip", "br"])(
  "handle: a long answer is compressed when %s is asked for",
  async (coding) => {
    const there = await open({ findOne: async () => Doc.of({ a: "x".repeat(10_000) }) });
    const asked = await answerTo(post(there, "findOne", { "Accept-Encoding": coding }));
    expect(asked.headers).toMatchObject({ "content-encoding": coding, vary: "Accept-Encoding" });
    expect(Number(asked.headers["content-length"])).toBeLessThan(1000);
    const plain = await answerTo(post(there, "findOne"));
    expect(plain.headers["content-encoding"]).toBeUndefined();
  },
);

test("handle: an origin that is not listed is refused and can not read why", async () => {
  const there = await open({ findOne: async () => null });
  const bad = await answerTo(post(there, "findOne", { Origin: "https://bad.example" }));
  expect(bad.status).toBe(403);
  expect(bad.headers["access-control-allow-origin"]).toBeUndefined();
  const good = await answerTo(post(there, "findOne", { Origin: "https://good.example" }));
  expect(good).toMatchObject({
    status: 200,
    headers: { "access-control-allow-origin": "https://good.example", vary: "Origin" },
  });
});

test("handle: a body that is refused for its length need not be sent", async () => {
  const there = await open({ findOne: async () => null }, { requestBytesMax: 100 });
  const request = post(there, "findOne", { Expect: "100-continue", "Content-Length": "101" });
  request.on("error", () => {});
  request.flushHeaders();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(413);
  request.destroy();
});

test("handle: a request is logged without its query", async () => {
  const there = await open({ findOne: async () => null });
  await answerTo(post(there, "findOne?secret=1"));
  await expect.poll(() => there.logged).toHaveLength(1);
  expect(there.logged[0]).toMatchObject({
    event: "request",
    method: "POST",
    path: "/app/data-tests/endpoint/data/v1/action/findOne",
    status: 200,
    address: "127.0.0.1",
  });
});
