import { EventEmitter } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { Doc } from "../bson/doc.ts";
import { Fault } from "../kit/fault.ts";
import type { Batches } from "../sources/source.ts";
import { type StreamOptions, streamEvents } from "./watch.ts";

interface Written {
  readonly texts: string[];
  ended: number;
}

/** A stream into a list. @param end rejects or resolves when the changes are to end */
function openStream(
  batches: (stopped: Promise<Error>) => Batches,
  changes: Partial<StreamOptions> = {},
): { readonly written: Written; readonly done: Promise<void> } {
  const written: Written = { texts: [], ended: 0 };
  const stopping = new EventEmitter<{ stop: [reason: Error] }>();
  const stopped = new Promise<Error>((resolve) => {
    stopping.once("stop", resolve);
  });
  const done = streamEvents(batches(stopped), {
    target: {
      async write(bytes) {
        written.texts.push(Buffer.from(bytes).toString());
      },
      end() {
        written.ended += 1;
      },
      isGone: false,
    },
    isAllowed: async () => true,
    printHeavy: () => undefined,
    stop: (reason) => stopping.emit("stop", reason),
    word: (cause) => cause,
    ...changes,
  });
  return { written, done };
}

async function* untilStopped(stopped: Promise<Error>): Batches {
  yield [Doc.of({ n: 1 })];
  throw await stopped;
}

afterEach(() => {
  vi.useRealTimers();
});

test("a stream tells of each event and ends with them", async () => {
  const { written, done } = openStream(async function* events() {
    yield [Doc.of({ n: 1 }), Doc.of({ text: "50 %\n" })];
  });
  await done;
  expect(written).toEqual({
    texts: ['data: {"n":{"$numberInt":"1"}}\n\n', 'data: {"text":"50 %25\\n"}\n\n'],
    ended: 1,
  });
});

test("a stream gives signs of life while nothing happens", async () => {
  vi.useFakeTimers();
  const { written } = openStream(untilStopped);
  await vi.advanceTimersByTimeAsync(25_000);
  expect(written.texts.slice(1)).toEqual([":\n\n", ":\n\n"]);
});

test("a stream ends when its session has ended", async () => {
  vi.useFakeTimers();
  let isAllowed = true;
  const { written, done } = openStream(untilStopped, { isAllowed: async () => isAllowed });
  await vi.advanceTimersByTimeAsync(15_000);
  isAllowed = false;
  await vi.advanceTimersByTimeAsync(10_000);
  await done;
  expect(written.texts.at(-1)).toBe(
    'event: error\ndata: {"error_code":"InvalidSession","error":"invalid session"}\n\n',
  );
  expect(written.ended).toBe(1);
});

test.for<[title: string, cause: Error, error: string]>([
  [
    "a failure is told",
    new Fault("MongoDBError", "(X) no"),
    '{"error_code":"MongoDBError","error":"(X) no"}',
  ],
  [
    "a bug is not told",
    new Error("secret"),
    '{"error_code":"InternalServerError","error":"internal server error"}',
  ],
])("stream: %s", async ([, cause, error]) => {
  const { written, done } = openStream(async function* fail() {
    await Promise.resolve();
    throw cause;
    // oxlint-disable-next-line no-unreachable
    yield [];
  });
  await done;
  expect(written.texts).toEqual([`event: error\ndata: ${error}\n\n`]);
});
