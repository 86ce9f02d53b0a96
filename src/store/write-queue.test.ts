import { expect, test } from "vitest";
import { createWriteQueue, type Transactions, type WriteQueue } from "./write-queue.ts";

interface Recorder {
  readonly queue: WriteQueue;
  readonly log: string[];
  failing: boolean;
}

/** A queue over transactions that only tell what happens to them. */
function record(): Recorder {
  const log: string[] = [];
  const recorder: { failing: boolean } = { failing: false };
  const transactions: Transactions = {
    async transact(callback) {
      await Promise.resolve();
      try {
        callback();
      } catch (cause) {
        log.push("undone");
        throw cause;
      }
      if (recorder.failing) throw new Error("disk");
      log.push("committed");
    },
    beforeCommit: () => undefined,
    afterCommit: () => undefined,
    toFailure: (cause) => new Error(`failed: ${(cause as Error).message}`),
  };
  return Object.assign(recorder, { queue: createWriteQueue(transactions), log });
}

test("write queue: jobs that wait together are committed together", async () => {
  const { queue, log } = record();
  const results = await Promise.all([1, 2, 3].map((each) => queue.write(() => each)));
  expect(results).toEqual([1, 2, 3]);
  expect(log).toEqual(["committed"]);
});

test("write queue: a job that throws before its first put fails alone", async () => {
  const { queue, log } = record();
  const results = await Promise.allSettled([
    queue.write(() => 1),
    queue.write(() => {
      throw new Error("refused");
    }),
    queue.write(() => 3),
  ]);
  expect(
    results.map((each) =>
      each.status === "fulfilled" ? each.value : (each.reason as Error).message,
    ),
  ).toEqual([1, "refused", 3]);
  expect(log).toEqual(["committed"]);
});

test("write queue: a job that throws after a put is undone with its transaction, and the others run again", async () => {
  const { queue, log } = record();
  let value = 0;
  const add = (): number => {
    queue.touch();
    value += 1;
    queue.onUndo(() => {
      value -= 1;
    });
    return value;
  };
  const results = await Promise.allSettled([
    queue.write(add),
    queue.write(() => {
      add();
      throw new Error("half");
    }),
    queue.write(add),
  ]);
  expect(results.map((each) => each.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(value).toBe(2);
  expect(log).toEqual(["undone", "committed"]);
});

test("write queue: when a commit fails every caller is told, and memory is as before", async () => {
  const recorder = record();
  recorder.failing = true;
  let value = 0;
  const failed = recorder.queue.write(() => {
    value = 1;
    recorder.queue.onUndo(() => {
      value = 0;
    });
  });
  await expect(failed).rejects.toThrow("failed: disk");
  expect(value).toBe(0);
  recorder.failing = false;
  await expect(recorder.queue.write(() => "goes on")).resolves.toBe("goes on");
});

test("write queue: settled waits for the jobs so far", async () => {
  const { queue, log } = record();
  void queue.write(() => 1);
  await queue.settled();
  expect(log).toEqual(["committed"]);
});
