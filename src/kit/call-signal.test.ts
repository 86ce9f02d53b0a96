import { once } from "node:events";
import { expect, test } from "vitest";
import { CallSignal } from "./call-signal.ts";
import { msLeft } from "./deadline.ts";

test("call signal: tells those who listen, once, with the first reason", async () => {
  const signal = new CallSignal();
  const reason = new Error("first");
  let heard = 0;
  signal.addEventListener("abort", () => (heard += 1));
  const told = once(signal, "abort");
  expect([signal.aborted, signal.reason]).toEqual([false, undefined]);
  signal.throwIfAborted();
  signal.abort(reason);
  signal.abort(new Error("second"));
  await told;
  expect([signal.aborted, signal.reason, heard]).toEqual([true, reason, 1]);
  expect(() => {
    signal.throwIfAborted();
  }).toThrow("first");
});

test("call signal: tells how much time is left", () => {
  expect(msLeft(new CallSignal(performance.now() - 5))).toBe(1);
  expect(msLeft(new CallSignal(performance.now() + 10_000))).toBeGreaterThan(9000);
  expect(msLeft(new CallSignal())).toBeUndefined();
  expect(msLeft(AbortSignal.timeout(1000))).toBeUndefined();
  expect(msLeft(undefined)).toBeUndefined();
});
