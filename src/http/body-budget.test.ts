import { expect, test } from "vitest";
import { Fault } from "../kit/fault.ts";
import { type BodyHolder, createBodyBudget } from "./body-budget.ts";

const kb = 1024;

test.for<[title: string, bodies: readonly (readonly number[])[], wanted: string]>([
  ["bodies that fit", [[100 * kb], [200 * kb], [400 * kb]], "in in in"],
  ["a big body beyond three quarters", [[700 * kb], [100 * kb]], "in out"],
  ["a small body beyond three quarters", [[760 * kb], [64 * kb]], "in in"],
  ["a body that grows in pieces", [[760 * kb], [60 * kb, 10 * kb]], "in out"],
  [
    "small bodies beyond the bound",
    [[700 * kb], ...Array.from({ length: 6 }, () => [64 * kb])],
    "in in in in in in out",
  ],
  ["no body at all", [[1024 * kb, 0]], "out"],
])("body budget: %s", ([, bodies, wanted]) => {
  const budget = createBodyBudget(1024 * kb);
  const holders: BodyHolder[] = [];
  const told = bodies.map((pieces) => {
    const holder = { bodyBytes: 0 };
    holders.push(holder);
    try {
      for (const piece of pieces) budget.take(holder, piece);
      return "in";
    } catch (cause) {
      return cause instanceof Fault && cause.code === "ServiceUnavailable" ? "out" : String(cause);
    }
  });
  expect(told.join(" ")).toBe(wanted);
  for (const holder of holders) budget.giveBack(holder);
  expect(budget.bytes).toBe(0);
});
