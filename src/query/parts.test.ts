import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { mustHaveFewParts } from "./parts.ts";

const many = 30_000;
const named = (value: Value): Doc =>
  Doc.fromEntries(Array.from({ length: many }, (_, index) => [`k${index}`, value] as const));
const list = (value: Value): readonly Value[] => Array.from({ length: many }, () => value);

/** Of values, and over bytes: both are counted, each in its own way. */
function outcomesOf(spec: Doc, levels?: number): readonly string[] {
  return [spec, Doc.fromBytes(spec.toBytes())].map((each) => {
    try {
      mustHaveFewParts(each, "filter", levels);
      return "few";
    } catch (cause) {
      return (cause as Error).message;
    }
  });
}

const tooMany = "too many fields and operators in the filter: at most 20000";

test.for<[title: string, spec: Doc, outcome: string, levels?: number]>([
  ["names", named(1), tooMany],
  ["names of an operator", Doc.of({ $set: named(1) }), tooMany, 2],
  ["names within a value", Doc.of({ $set: Doc.of({ a: named(1) }) }), "few", 2],
  ["values of a list", Doc.of({ a: Doc.of({ $in: list(1) }) }), "few"],
  ["texts of a list", Doc.of({ a: Doc.of({ $in: list("x") }) }), "few"],
  ["clauses", Doc.of({ $or: list(Doc.of({ a: 1 })) }), tooMany],
])("parts: %s", ([, spec, outcome, levels]) => {
  expect(outcomesOf(spec, levels)).toEqual([outcome, outcome]);
});

test("parts: references of a list", () => {
  const spec = Doc.of({ $add: list("$a") });
  expect(outcomesOf(spec)[1]).toBe(tooMany);
});
