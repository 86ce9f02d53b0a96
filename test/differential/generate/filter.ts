/** Filters: every query operator, mostly with operands that it takes. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, typeCode, type Value } from "../../../src/bson/value.ts";
import type { Coverage } from "../coverage.ts";
import type { Random } from "../random.ts";
import { createExpressions, type Expressions } from "./expression.ts";
import { schemaOf } from "./schema.ts";
import {
  anyArray,
  anyKey,
  anyPath,
  anyValue,
  allNumbers,
  binaries,
  regexes,
  scalar,
  smallNumbers,
} from "./value.ts";

export interface Filters {
  filter(depth?: number): Doc;
  /** An operator on a field, e.g. `{ $gt: 1 }`. */
  predicate(depth?: number): Doc;
}

type MakeOperand = (depth: number) => Value;

const types: readonly Value[] = [
  ...Object.keys(typeCode),
  ...Object.values(typeCode),
  "number",
  "array",
  "string",
  new Double(2),
  2n,
];

export function createFilters(
  random: Random,
  coverage: Coverage,
  expressions: Expressions = createExpressions(random, coverage),
): Filters {
  const valueOf = (): Value => anyValue(random, 2);
  const listOf = (make: () => Value): Value[] => random.many(0, 3, make);
  const number = (): Value => random.pick(random.chance(0.7) ? smallNumbers : allNumbers);
  const bits = (): Value => {
    const roll = random.next();
    if (roll < 0.3) return random.pick(binaries);
    if (roll < 0.6) return random.many(0, 3, () => random.pick([0, 1, 2, 5, 31, 63, 64, 200, 3n]));
    return random.pick([0, 1, 2, 5, 255, 7n, new Double(6), 2n ** 63n - 1n]);
  };
  const type = (): Value => random.pick(types);
  const regexText = (): Value =>
    random.chance(0.5)
      ? random.pick(regexes)
      : random.pick(["a", "^A", "b$", ".", "[ab]+c?", "\\s"]);

  const fieldOperands: ReadonlyMap<string, MakeOperand> = new Map<string, MakeOperand>([
    ["$eq", valueOf],
    ["$ne", valueOf],
    ["$gt", valueOf],
    ["$gte", valueOf],
    ["$lt", valueOf],
    ["$lte", valueOf],
    ["$in", () => listOf(() => (random.chance(0.15) ? random.pick(regexes) : valueOf()))],
    ["$nin", () => listOf(() => (random.chance(0.15) ? random.pick(regexes) : valueOf()))],
    ["$exists", () => random.pick<Value>([true, false, 1, 0, null, "x", new Double(0)])],
    ["$type", () => (random.chance(0.7) ? type() : random.many(0, 3, type))],
    ["$size", () => random.pick<Value>([0, 1, 2, 3, 2n, new Double(1), -1, new Double(1.5)])],
    ["$all", (depth) => (random.chance(0.8) ? listOf(valueOf) : elemMatches(depth))],
    ["$mod", () => [number(), number()]],
    ["$regex", regexText],
    ["$elemMatch", (depth) => (random.chance(0.5) ? filter(depth - 1) : predicate(depth - 1))],
    ["$not", (depth) => (random.chance(0.8) ? predicate(depth - 1) : random.pick(regexes))],
    ["$bitsAllSet", bits],
    ["$bitsAllClear", bits],
    ["$bitsAnySet", bits],
    ["$bitsAnyClear", bits],
  ]);

  const elemMatches = (depth: number): Value[] =>
    random.many(1, 2, () => Doc.of({ $elemMatch: predicate(depth - 1) }));

  const clauses = (depth: number): Value => random.many(1, 3, () => filter(depth - 1));
  const topOperands: ReadonlyMap<string, MakeOperand> = new Map<string, MakeOperand>([
    ["$and", clauses],
    ["$or", clauses],
    ["$nor", clauses],
    ["$expr", (depth) => expressions.any(Math.min(depth, 2))],
    ["$jsonSchema", (depth) => schemaOf(random, depth)],
    ["$comment", scalarOf],
    ["$sampleRate", () => random.pick<Value>([0, 1, new Double(1), new Double(0), 2])],
    ["$alwaysTrue", () => random.pick<Value>([1, 1n, 2])],
    ["$alwaysFalse", () => random.pick<Value>([1, new Double(1), true])],
  ]);
  const topNames = [...topOperands.keys()];
  const fieldNames = [...fieldOperands.keys()];

  function scalarOf(): Value {
    return scalar(random);
  }

  function operand(operands: ReadonlyMap<string, MakeOperand>, name: string, depth: number): Value {
    // Now and then a value that it may not take.
    const make = operands.get(name);
    return make === undefined || random.chance(0.06) ? anyValue(random, 1) : make(depth);
  }

  function predicate(depth = 2): Doc {
    // A projection's `$` after a bit test on an array brings a 6.0 server down: those stand at the end.
    const names = depth > 0 ? fieldNames : fieldNames.slice(0, 12);
    const fields = new Map<string, Value>();
    for (let count = random.chance(0.75) ? 1 : 2; count > 0; count -= 1) {
      const name = random.chance(0.01) ? "$unknown" : coverage.choose(random, names);
      fields.set(name, operand(fieldOperands, name, depth));
      if (name === "$regex" && random.chance(0.5))
        fields.set("$options", random.pick(["i", "m", "s", "x", "im", "", "z"]));
    }
    return Doc.fromEntries(fields);
  }

  function clause(depth: number): readonly [string, Value] {
    if (depth > 0 && random.chance(0.22)) {
      const name = random.chance(0.01) ? "$unknown" : coverage.choose(random, topNames);
      return [name, operand(topOperands, name, depth)];
    }
    const path = random.chance(0.97) ? anyPath(random) : oddPath();
    return [path, random.chance(0.3) ? implicit() : predicate(depth)];
  }

  function implicit(): Value {
    const roll = random.next();
    if (roll < 0.1) return random.pick(regexes);
    if (roll < 0.2) return anyArray(random, 1);
    return anyValue(random, 2);
  }

  function oddPath(): string {
    return random.pick([
      "",
      ".",
      "a.",
      ".a",
      "a..b",
      "a.$",
      `${anyKey(random)}.$a`,
      "a.-1",
      "a.00",
    ]);
  }

  function filter(depth = 2): Doc {
    return Doc.fromEntries(
      new Map(
        random.many(random.chance(0.03) ? 0 : 1, random.chance(0.7) ? 1 : 3, () => clause(depth)),
      ),
    );
  }

  return { filter, predicate };
}
