import { expect, test } from "vitest";
import { Slots } from "./slots.ts";

test("slots: a ticket finds what it was given for, and nothing once that has gone", () => {
  const slots = new Slots<string>();
  const [one, two] = [slots.add("one"), slots.add("two")];
  expect([slots.get(one), slots.get(two), slots.size]).toEqual(["one", "two", 2]);
  expect([slots.delete(one), slots.delete(one), slots.get(one), slots.size]).toEqual([
    "one",
    undefined,
    undefined,
    1,
  ]);
  const three = slots.add("three");
  expect([slots.get(one), slots.delete(one), slots.get(three)]).toEqual([
    undefined,
    undefined,
    "three",
  ]);
  expect(slots.values()).toEqual(["three", "two"]);
  expect(slots.get(2 ** 31)).toBeUndefined();
});

test("slots: tickets stay within 32 bits, however often a place is taken", () => {
  const slots = new Slots<number>();
  const seen = new Set<number>();
  for (let turn = 0; turn < 4096; turn += 1) {
    const ticket = slots.add(turn);
    expect(ticket).toBeLessThan(2 ** 32);
    seen.add(ticket);
    slots.delete(ticket);
  }
  expect(seen.size).toBe(4096);
});
