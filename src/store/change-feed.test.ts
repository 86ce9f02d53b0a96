import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { Timestamp } from "../bson/value.ts";
import type { StoredCollection } from "./catalog.ts";
import { type ChangeFeed, createChangeFeed } from "./change-feed.ts";

interface Bench {
  readonly feed: ChangeFeed;
  /** Inserts documents with these ids in one transaction. */
  readonly insert: (name: string, ids: readonly number[], size?: number) => void;
  /** The same, undone. */
  readonly undo: (name: string, ids: readonly number[]) => void;
}

function createBench(): Bench {
  const undos: (() => void)[] = [];
  let commit: (() => void) | undefined;
  const feed = createChangeFeed(
    {
      onUndo: (undo) => undos.push(undo),
      onCommit: (_, after) => {
        commit = after;
      },
    },
    { now: () => 0, newTimestamp: () => new Timestamp(0, 1) },
  );
  const note = (name: string, ids: readonly number[], size: number): void => {
    const collection = { database: "d", name } as StoredCollection;
    for (const id of ids)
      feed.note(collection, { kind: "insert", after: Doc.of({ _id: id, x: "x".repeat(size) }) });
  };
  return {
    feed,
    insert(name, ids, size = 0) {
      note(name, ids, size);
      undos.length = 0;
      commit?.();
    },
    undo(name, ids) {
      note(name, ids, 0);
      for (const undo of undos.toReversed()) undo();
      undos.length = 0;
    },
  };
}

const forgotten = { code: 286 };

test("change feed: a listener hears what is committed after it began, and nothing that was undone", async () => {
  const { feed, insert, undo } = createBench();
  insert("c", [1]);
  const listener = feed.listen("d", "c");
  undo("c", [2]);
  insert("other", [3]);
  insert("c", [4, 5]);
  const events = await listener.next(undefined);
  expect(events.map(({ id }) => id)).toEqual([4, 5]);
});

test("change feed: who waits is woken by a commit", async () => {
  const { feed, insert } = createBench();
  const next = feed.listen("d", "c").next(undefined);
  insert("c", [1]);
  expect(await next).toHaveLength(1);
});

test("change feed: a listener that falls too far behind is told so", async () => {
  const { feed, insert } = createBench();
  const listener = feed.listen("d", "c");
  for (let count = 0; count < 11; count += 1)
    insert(
      "c",
      Array.from({ length: 1000 }, (_, id) => id),
    );
  await expect(listener.next(undefined)).rejects.toMatchObject(forgotten);
});

test("change feed: the bytes that are kept are bounded", async () => {
  const { feed, insert } = createBench();
  const listener = feed.listen("d", "c");
  for (const id of [1, 2, 3, 4]) insert("c", [id], 6 * 2 ** 20);
  await expect(listener.next(undefined)).rejects.toMatchObject(forgotten);
});

test("change feed: one who comes back soon goes on where he left", async () => {
  const { feed, insert } = createBench();
  const listener = feed.listen("d", "c");
  insert("c", [1, 2]);
  const [first] = await listener.next(undefined);
  listener.close();
  insert("c", [3]);
  const events = await feed.listen("d", "c", first?.sequence).next(undefined);
  expect(events.map(({ id }) => id)).toEqual([2, 3]);
});

test.for<[title: string, position: (sequence: number) => number]>([
  ["a number that was never given out", (sequence) => sequence + 1],
  ["a number of the time before anybody watched", () => 0],
  ["no number", () => Number.NaN],
])("change feed: %s is refused", async ([, position]) => {
  const { feed, insert } = createBench();
  const listener = feed.listen("d", "c");
  insert("c", [1]);
  const [event] = await listener.next(undefined);
  expect(() => feed.listen("d", "c", position(event?.sequence ?? 0))).toThrow(
    expect.objectContaining(forgotten),
  );
});

test("change feed: nothing is known of a collection that nobody watched", () => {
  const { feed } = createBench();
  feed.listen("d", "c");
  expect(() => feed.listen("d", "other", 1)).toThrow(expect.objectContaining(forgotten));
});

test("change feed: a signal ends the wait", async () => {
  const { feed } = createBench();
  const stop = new AbortController();
  const next = feed.listen("d", "c").next(stop.signal);
  stop.abort(new Error("enough"));
  await expect(next).rejects.toThrow("enough");
});

test("change feed: the end of the store ends the wait", async () => {
  const { feed } = createBench();
  const next = feed.listen("d", "c").next(undefined);
  feed.close();
  await expect(next).rejects.toMatchObject({ code: "ServiceUnavailable" });
});
