import { expect, test } from "vitest";
import { createReadCache } from "./read-cache.ts";

/** A store whose answers come when the test says so. */
function open(entriesMax = 10) {
  const asked: { readonly id: string; readonly answer: (value: object | undefined) => void }[] = [];
  const cache = createReadCache<object>({
    entriesMax,
    load: async (id) =>
      new Promise((resolve) => {
        asked.push({ id, answer: resolve });
      }),
  });
  return { cache, asked };
}

test("what was read once is there at once, and read once for all who ask meanwhile", async () => {
  const { cache, asked } = open();
  const [first, second] = [cache.get("a"), cache.get("a")];
  const value = {};
  asked[0]?.answer(value);
  expect(await Promise.all([first, second])).toEqual([value, value]);
  expect(asked).toHaveLength(1);
  expect(cache.get("a")).toBe(value);
});

test("what is not there is asked for again", async () => {
  const { cache, asked } = open();
  const first = cache.get("a");
  asked[0]?.answer(undefined);
  expect(await first).toBeUndefined();
  void cache.get("a");
  expect(asked).toHaveLength(2);
});

test.for(["drop", "clear"] as const)(
  "what changes while it is read is not kept: %s",
  async (verb) => {
    const { cache, asked } = open();
    const old = cache.get("a");
    if (verb === "drop") cache.drop("a");
    else cache.clear();
    const next = cache.get("a");
    asked[1]?.answer({ is: "new" });
    asked[0]?.answer({ is: "old" });
    await Promise.all([old, next]);
    expect(cache.get("a")).toEqual({ is: "new" });
  },
);

test("the oldest gives way", async () => {
  const { cache, asked } = open(2);
  for (const id of ["a", "b", "c"]) {
    const reading = cache.get(id);
    asked.at(-1)?.answer({ id });
    await reading;
  }
  expect(cache.get("a")).toBeInstanceOf(Promise);
  expect(cache.get("c")).toEqual({ id: "c" });
});

test("a read that fails is tried again by the next", async () => {
  let turn = 0;
  const cache = createReadCache<object>({
    entriesMax: 2,
    load: async () => {
      turn += 1;
      if (turn === 1) throw new Error("away");
      return { turn };
    },
  });
  await expect(cache.get("a")).rejects.toThrow("away");
  expect(await cache.get("a")).toEqual({ turn: 2 });
});
