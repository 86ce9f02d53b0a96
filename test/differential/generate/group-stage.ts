/** Stages that make fewer documents of many. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, type Value } from "../../../src/bson/value.ts";
import {
  inOrder,
  type MakeStages,
  sortArrays,
  stage,
  type StageMaker,
  type State,
} from "./stage-maker.ts";
import { anyPath, anyValue } from "./value.ts";

type Fields = readonly (readonly [string, Value])[];

function grouped(state: State, maker: StageMaker, make: (accumulated: Doc) => Doc): Value[] {
  const { random } = maker;
  const isTotal = state.isOrdered || (state.isUnique && random.chance(0.6));
  const before = isTotal ? inOrder(state, random, () => []) : [];
  const { fields, sets } = maker.accumulators.fields({ isTotal });
  state.isUnique = true;
  state.isOrdered = false;
  return [...before, make(fields), ...sortArrays(sets, 1)];
}

/** Mostly a field, so that groups have more than one document. */
function fieldOrOperator({ random, expressions }: StageMaker): Value {
  return random.chance(0.6) ? `$${anyPath(random)}` : expressions.any(2);
}

function groupKey(maker: StageMaker): Value {
  const { random, expressions } = maker;
  if (random.chance(0.8)) return fieldOrOperator(maker);
  return Doc.fromEntries([
    ["a", "$a"],
    ["n", expressions.of("n", 1)],
  ]);
}

const group: MakeStages = (state, maker) =>
  grouped(state, maker, (fields) => {
    const key = maker.random.chance(0.2) ? null : groupKey(maker);
    return stage("$group", Doc.fromEntries([["_id", key], ...fields.entries()]));
  });

const boundaries: readonly (readonly Value[])[] = [
  [0, 2, 5],
  [-1, 0, new Double(1.5), 100n],
  ["", "b", "c"],
  [new Double(Number.NEGATIVE_INFINITY), 0, new Double(Number.POSITIVE_INFINITY)],
];

const bucket: MakeStages = (state, maker) =>
  grouped(state, maker, (output) => {
    const { random } = maker;
    const isOdd = random.chance(0.1);
    const fields: [string, Value][] = [
      ["groupBy", fieldOrOperator(maker)],
      ["boundaries", isOdd ? [anyValue(random, 0), anyValue(random, 0)] : random.pick(boundaries)],
    ];
    if (random.chance(0.8)) fields.push(["default", random.pick<Value>(["rest", 1000, null])]);
    return stage("$bucket", Doc.fromEntries([...fields, ["output", output]]));
  });

const bucketAuto: MakeStages = (state, maker) =>
  grouped(state, maker, (output) => {
    const { random } = maker;
    const granularity: Fields = random.chance(0.15)
      ? [["granularity", random.pick(["R5", "E6", "1-2-5", "POWERSOF2"])]]
      : [];
    const fields: Fields = [
      ["groupBy", fieldOrOperator(maker)],
      ["buckets", random.pick<Value>([1, 2, 3, 5n, new Double(4)])],
      ...granularity,
      ["output", output],
    ];
    return stage("$bucketAuto", Doc.fromEntries(fields));
  });

const sortByCount: MakeStages = (state, maker) => {
  state.isUnique = true;
  state.isOrdered = false;
  return [stage("$sortByCount", fieldOrOperator(maker))];
};

const count: MakeStages = (state, { random }) => {
  state.isUnique = false;
  return [stage("$count", random.chance(0.95) ? "q" : random.pick(["", "$q", "a.b"]))];
};

export const groupStages: ReadonlyMap<string, MakeStages> = new Map([
  ["$group", group],
  ["$bucket", bucket],
  ["$bucketAuto", bucketAuto],
  ["$sortByCount", sortByCount],
  ["$count", count],
]);
