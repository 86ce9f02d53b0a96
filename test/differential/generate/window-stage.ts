/**
 * `$setWindowFields`, `$densify` and `$fill`.
 *
 * Each output has a stage of its own: the server gives several in any order, and fails with the first that it comes to.
 */
import { Doc } from "../../../src/bson/doc.ts";
import { toText } from "../../../src/bson/stringify.ts";
import { DateTime, Double, type Value } from "../../../src/bson/value.ts";
import type { Random } from "../random.ts";
import { type MakeStages, sortArrays, stage, type StageMaker } from "./stage-maker.ts";
import { anyPath, smallNumbers } from "./value.ts";

type Fields = readonly (readonly [string, Value])[];

/** What the documents are sorted by: always in one order only. */
interface Order {
  readonly before: readonly Value[];
  readonly sortBy: Doc;
  readonly kind: "numbers" | "dates" | "any";
}

const day = 86_400_000n;

function makeOrder({ random }: StageMaker): Order {
  const roll = random.next();
  // After `$group` an `_id` may be anything, and need not give one order only.
  const numbered = stage("$match", Doc.of({ $expr: Doc.of({ $isNumber: "$_id" }) }));
  if (roll < 0.5) return { before: [numbered], sortBy: Doc.of({ _id: 1 }), kind: "numbers" };
  if (roll < 0.75) {
    const start = new DateTime(random.pick([1_580_428_800_000, 1_582_934_400_000]));
    const size = random.pick([day, 5n * day, 31n * day, day / 7n]);
    const date = Doc.of({ $add: [start, Doc.of({ $multiply: ["$_id", size] })] });
    return {
      before: [numbered, stage("$set", Doc.of({ q: date }))],
      sortBy: Doc.of({ q: 1 }),
      kind: "dates",
    };
  }
  const sortBy = new Map<string, Value>([
    [anyPath(random), random.pick([1, -1])],
    ["_id", 1],
  ]);
  return { before: [numbered], sortBy: Doc.fromEntries(sortBy), kind: "any" };
}

function bounds(random: Random, values: (number: number) => Value): Value[] {
  const lower = random.below(7) - 4;
  const upper = lower + random.below(5);
  const pair: Value[] = [values(lower), values(upper)];
  if (random.chance(0.3)) pair[0] = "unbounded";
  if (random.chance(0.2)) pair[1] = "unbounded";
  if (random.chance(0.15) && upper >= 0) pair[0] = "current";
  return pair;
}

const units = ["millisecond", "hour", "day", "week", "month", "quarter", "year"];

function windowOf({ random }: StageMaker, { kind }: Order): Value | undefined {
  if (random.chance(0.1)) return undefined;
  if (kind === "any" || random.chance(0.5))
    return Doc.of({ documents: bounds(random, (number) => number) });
  if (kind === "dates")
    return Doc.of({ range: bounds(random, (number) => number), unit: random.pick(units) });
  const fraction = random.pick([0, 0.5]);
  return Doc.of({ range: bounds(random, (number) => new Double(number + fraction)) });
}

const unary = ["$sum", "$avg", "$min", "$max", "$push", "$addToSet", "$first", "$last"];
const deviations = ["$stdDevPop", "$stdDevSamp"];
const several = ["$firstN", "$lastN", "$minN", "$maxN"];
const tops = ["$top", "$bottom", "$topN", "$bottomN"];
const covariances = ["$covariancePop", "$covarianceSamp"];
const ranks = ["$rank", "$denseRank", "$documentNumber"];
const others = ["$count", "$shift", "$locf", "$linearFill", "$expMovingAvg"];
const rates = ["$derivative", "$integral"];
const names = [
  ...unary,
  ...deviations,
  ...several,
  ...tops,
  ...covariances,
  ...ranks,
  ...others,
  ...rates,
];

/** Those that may not have a window. */
const windowless = new Set([...ranks, "$shift", "$locf", "$linearFill", "$expMovingAvg"]);

function input({ random, expressions }: StageMaker): Value {
  return random.chance(0.6) ? `$${random.pick(["n", "a", "_id", "t"])}` : expressions.of("v", 1);
}

/** Mostly numbers, since what is none fails. */
function numberInput(maker: StageMaker): Value {
  return maker.random.chance(0.85) ? "$_id" : input(maker);
}

function operandOf(name: string, maker: StageMaker, { kind }: Order): Value {
  const { random } = maker;
  const count = (): Value => random.pick<Value>([1, 2, 3n]);
  if (several.includes(name)) return Doc.of({ n: count(), input: input(maker) });
  if (tops.includes(name)) {
    const sortBy = Doc.fromEntries([[random.pick(["n", "a", "s", "l"]), random.pick([1, -1])]]);
    return Doc.of({ ...(name.endsWith("N") && { n: count() }), sortBy, output: input(maker) });
  }
  if (covariances.includes(name)) return random.chance(0.9) ? ["$_id", "$n"] : input(maker);
  if (ranks.includes(name) || name === "$count") return Doc.empty;
  if (rates.includes(name)) {
    const unit: Fields = kind === "dates" ? [["unit", random.pick(units.slice(0, 5))]] : [];
    return Doc.fromEntries([["input", numberInput(maker)], ...unit]);
  }
  if (name === "$expMovingAvg")
    return random.chance(0.5)
      ? Doc.of({ input: input(maker), N: random.pick([1, 2, 5]) })
      : Doc.of({ input: input(maker), alpha: new Double(random.pick([0.1, 0.5, 0.75])) });
  if (name === "$shift")
    return Doc.fromEntries([
      ["output", input(maker)],
      ["by", random.below(7) - 3],
      ...(random.chance(0.5)
        ? ([["default", random.pick<Value>([0, "none", null])]] as const)
        : []),
    ]);
  return name === "$linearFill" ? "$n" : input(maker);
}

function partition(functionSpec: Doc, { random, expressions }: StageMaker): Fields {
  // MongoDB 6.0 compares the values of `$linearFill` from one partition to the next, and puts what it partitions by
  // into a field that shows in `$$ROOT`.
  const isDifferent =
    functionSpec.has("$linearFill") || toText(functionSpec, "relaxed").includes("$$");
  if (isDifferent || random.chance(0.5)) return [];
  const key = random.pick<Value>([
    "$f",
    Doc.of({ $type: "$n" }),
    Doc.of({ $mod: ["$_id", 3] }),
    Doc.of({ x: "$o.a" }),
    null,
  ]);
  return [["partitionBy", random.chance(0.9) ? key : expressions.of("v", 1)]];
}

const setWindowFields: MakeStages = (state, maker) => {
  if (!state.isUnique) return [];
  const { random } = maker;
  const name = random.chance(0.01) ? "$mergeObjects" : random.pick(names);
  const order = makeOrder(maker);
  const window = windowless.has(name) ? undefined : windowOf(maker, order);
  const field = name === "$addToSet" ? "w" : random.pick(["w", "q", "o.q", "n"]);
  const functionSpec = Doc.fromEntries([
    [name, operandOf(name, maker, order)],
    ...(window === undefined ? [] : ([["window", window]] as const)),
  ]);
  state.isOrdered = true;
  return [
    ...order.before,
    stage(
      "$setWindowFields",
      Doc.fromEntries([
        ...partition(functionSpec, maker),
        ["sortBy", order.sortBy],
        ["output", Doc.of({ [field]: functionSpec })],
      ]),
    ),
    ...sortArrays(name === "$addToSet" ? [field] : [], 1),
  ];
};

/** Not within another stage: the documents that are made up behind all others come in any order. */
const densify: MakeStages = (state, { random }) => {
  if (!state.isUnique || state.depth > 0) return [];
  state.isUnique = false;
  const size = random.pick<Value>([1, 2, 3n, new Double(1.5)]);
  const value = Doc.of({ $multiply: ["$_id", size] });
  const step = random.pick(smallNumbers.filter((each) => each !== 0));
  const roll = random.next();
  const isPartitioned = roll < 0.3 || random.chance(0.4);
  const range = roll < 0.65 ? "full" : [-2, random.below(12)];
  return [
    stage("$match", Doc.of({ $expr: Doc.of({ $isNumber: "$_id" }) })),
    stage("$set", Doc.of({ k: value })),
    stage(
      "$densify",
      Doc.fromEntries([
        ["field", random.chance(0.95) ? "k" : anyPath(random)],
        ...(isPartitioned
          ? ([["partitionByFields", random.pick<Value>([["f"], ["s"], ["o.a", "f"]])]] as const)
          : []),
        [
          "range",
          Doc.of({
            step: Array.isArray(range) ? random.pick([1, 2, 3]) : step,
            bounds: roll < 0.3 ? "partition" : range,
          }),
        ],
      ]),
    ),
  ];
};

const fill: MakeStages = (state, { random, expressions }) => {
  if (!state.isUnique) return [];
  state.isOrdered = true;
  const output = random.pick<Value>([
    Doc.of({ method: "locf" }),
    Doc.of({ method: "linear" }),
    Doc.of({ value: expressions.of("v", 1) }),
  ]);
  return [
    stage("$match", Doc.of({ $expr: Doc.of({ $isNumber: "$_id" }) })),
    stage("$sort", Doc.of({ _id: 1 })),
    stage(
      "$fill",
      Doc.of({
        sortBy: Doc.of({ _id: 1 }),
        output: Doc.of({ [anyPath(random).replace("_id", "q")]: output }),
      }),
    ),
  ];
};

export const windowStages: ReadonlyMap<string, MakeStages> = new Map([
  ["$setWindowFields", setWindowFields],
  ["$densify", densify],
  ["$fill", fill],
]);
