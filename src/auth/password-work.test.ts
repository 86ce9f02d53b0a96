import { expect, test } from "vitest";
import { hashPassword } from "../kit/secret.ts";
import { createPasswordWork, mustBePassword } from "./password-work.ts";

const unending = new AbortController().signal;

/** Checks that end when the test says so. */
function open() {
  const running: (() => void)[] = [];
  const work = createPasswordWork({
    atOnce: 1,
    verifyForeign: async () =>
      new Promise((resolve) => {
        running.push(() => {
          resolve(true);
        });
      }),
  });
  const verify = async (signal: AbortSignal = unending): Promise<boolean> =>
    work.verify("p", "$2b$", signal);
  return { verify, running };
}

/** Lets everything go on that does not wait for the test. */
async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test("one password is checked at a time, in the order they came", async () => {
  const { verify, running } = open();
  const all = Promise.all([verify(), verify(), verify()]);
  for (let turn = 1; turn <= 3; turn += 1) {
    await expect.poll(() => running.length).toBe(turn);
    running[turn - 1]?.();
  }
  expect(await all).toEqual([true, true, true]);
});

test("a client that has gone takes no turn", async () => {
  const { verify, running } = open();
  const gone = new AbortController();
  const first = verify();
  const second = verify(gone.signal);
  const third = verify();
  gone.abort(new Error("gone"));
  running[0]?.();
  await expect(second).rejects.toThrow("gone");
  await expect.poll(() => running.length).toBe(2);
  running[1]?.();
  expect(await Promise.all([first, third])).toEqual([true, true]);
});

test("128 wait, and one more is refused", async () => {
  const { verify, running } = open();
  const waiting = Array.from({ length: 129 }, async () => verify());
  await settle();
  await expect(verify()).rejects.toThrow("too many logins at once");
  for (let turn = 1; turn <= waiting.length; turn += 1) {
    await expect.poll(() => running.length, { interval: 1 }).toBe(turn);
    running[turn - 1]?.();
  }
  await Promise.all(waiting);
});

test("a password is right, wrong, or nobody's", async () => {
  const work = createPasswordWork({ verifyForeign: async () => false });
  const stored = await hashPassword("right");
  expect(await work.verify("right", stored, unending)).toBe(true);
  expect(await work.verify("wrong", stored, unending)).toBe(false);
  expect(await work.verify("right", undefined, unending)).toBe(false);
});

test.for<[length: number, isTaken: boolean]>([
  [0, false],
  [5, false],
  [6, true],
  [128, true],
  [129, false],
  [1_000_000, false],
])("a password of %i characters", ([length, isTaken]) => {
  const take = (): string => mustBePassword("x".repeat(length));
  const outcome = (): boolean => {
    try {
      return take().length === length;
    } catch {
      return false;
    }
  };
  expect(outcome()).toBe(isTaken);
});
