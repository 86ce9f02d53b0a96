import { expect, test } from "vitest";
import { createLoginGuard, type LoginGuard } from "./login-guard.ts";

function open(): { guard: LoginGuard; time: { now: number } } {
  const time = { now: 1_000_000 };
  return { guard: createLoginGuard(() => time.now), time };
}

function fail(guard: LoginGuard, count: number, account: string, address: string): void {
  for (let turn = 0; turn < count; turn += 1) guard.noteFailure(account, address);
}

function mayTry(guard: LoginGuard, account: string, address: string): boolean {
  try {
    guard.mustBePatient(account, address);
    return true;
  } catch {
    return false;
  }
}

test("an account waits after five failures from one address, and its owner elsewhere does not", () => {
  const { guard } = open();
  fail(guard, 4, "ann", "1");
  expect(mayTry(guard, "ann", "1")).toBe(true);
  fail(guard, 1, "ann", "1");
  expect(mayTry(guard, "ann", "1")).toBe(false);
  expect(mayTry(guard, "ann", "2")).toBe(true);
  expect(mayTry(guard, "bob", "1")).toBe(true);
});

test("the wait grows, up to a minute, and all is forgotten after a quarter of an hour", () => {
  const { guard, time } = open();
  const waits: number[] = [];
  fail(guard, 4, "ann", "1");
  for (let turn = 0; turn < 9; turn += 1) {
    fail(guard, 1, "ann", "1");
    const since = time.now;
    while (!mayTry(guard, "ann", "1")) time.now += 500;
    waits.push((time.now - since) / 1000);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  time.now += 16 * 60_000;
  fail(guard, 4, "ann", "1");
  expect(mayTry(guard, "ann", "1")).toBe(true);
});

test("a right password makes the failures before it good", () => {
  const { guard } = open();
  fail(guard, 4, "ann", "1");
  guard.noteSuccess("ann", "1");
  fail(guard, 4, "ann", "1");
  expect(mayTry(guard, "ann", "1")).toBe(true);
});

test("an account waits after fifty failures from many addresses", () => {
  const { guard } = open();
  for (let address = 0; address < 50; address += 1) guard.noteFailure("ann", `a${address}`);
  expect(mayTry(guard, "ann", "new")).toBe(false);
});

test("an address waits after failures with twenty accounts, not with one", () => {
  const { guard } = open();
  for (let account = 0; account < 20; account += 1) guard.noteFailure(`u${account}`, "1");
  expect(mayTry(guard, "new", "1")).toBe(true);
  guard.noteFailure("u20", "1");
  expect(mayTry(guard, "new", "1")).toBe(false);
  expect(mayTry(guard, "new", "2")).toBe(true);
});

test("made-up accounts and addresses take no more room than there is", () => {
  const { guard } = open();
  for (let turn = 0; turn < 50_000; turn += 1) guard.noteFailure(`u${turn}`, `a${turn}`);
  expect(mayTry(guard, "u1", "a1")).toBe(true);
});
