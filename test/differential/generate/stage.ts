/** Stages that look at one document after another. To add one: a line in `stages`. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, type Value } from "../../../src/bson/value.ts";
import { groupStages } from "./group-stage.ts";
import { joinStages } from "./join-stage.ts";
import { inOrder, type MakeStages, stage, type StageMaker } from "./stage-maker.ts";
import { anyPath } from "./value.ts";
import { windowStages } from "./window-stage.ts";

/** New fields, some of them in the place of old ones. */
export function computedFields({ random, expressions }: StageMaker): Doc {
  const field = (): string => random.pick(["q", "r", "a", "o.q", "l.q", "n"]);
  return Doc.fromEntries(
    new Map(random.many(1, 2, () => [field(), expressions.of("v", 2)] as const)),
  );
}

const project: MakeStages = (state, { projections }) => {
  const spec = projections.projection();
  // An `_id` that is left out or computed is no longer each document's own.
  if (spec.keys().some((each) => each.startsWith("_id"))) state.isUnique = false;
  return [stage("$project", spec)];
};

const unset: MakeStages = (_state, { random }) => {
  const path = anyPath(random);
  const kept = path.startsWith("_id") ? "b" : path;
  return [stage("$unset", random.chance(0.5) ? kept : [kept, "c"])];
};

const sortStage: MakeStages = (state, { projections }) => {
  const spec = projections.sortSpec();
  state.isOrdered = state.isUnique;
  const isTotal = !state.isUnique || spec.get("_id") !== undefined;
  return [stage("$sort", isTotal ? spec : spec.with("_id", 1))];
};

const unwind: MakeStages = (state, { random }) => {
  state.isUnique = false;
  const path = `$${random.pick(["l", "a", "o.a", "n", "found"])}`;
  if (random.chance(0.4)) return [stage("$unwind", path)];
  const fields: [string, Value][] = [["path", path]];
  if (random.chance(0.5)) fields.push(["preserveNullAndEmptyArrays", random.chance(0.7)]);
  if (random.chance(0.5)) fields.push(["includeArrayIndex", random.pick(["i", "o.i", "a"])]);
  return [stage("$unwind", Doc.fromEntries(fields))];
};

const redact: MakeStages = (_state, { random, expressions }) => {
  const yes = random.pick(["$$DESCEND", "$$KEEP"]);
  const no = random.pick(["$$PRUNE", "$$KEEP", "$$DESCEND"]);
  return [stage("$redact", Doc.of({ $cond: [expressions.of("b", 2), yes, no] }))];
};

/** All of them, brought back into one order. */
const sample: MakeStages = (state, { random }) => {
  if (!state.isUnique) return [];
  state.isOrdered = true;
  const size = random.pick<Value>([1000, 5000n]);
  return [stage("$sample", Doc.of({ size })), stage("$sort", Doc.of({ _id: 1 }))];
};

function newRoot(name: string, wrap: (root: Value) => Value): MakeStages {
  return (state, { expressions }) => {
    state.isUnique = false;
    return [stage(name, wrap(expressions.of("o", 2)))];
  };
}

function part(name: string, counts: readonly Value[]): MakeStages {
  return (state, { random }) => inOrder(state, random, () => [stage(name, random.pick(counts))]);
}

export const stages: ReadonlyMap<string, MakeStages> = new Map<string, MakeStages>([
  ["$match", (_state, { filters }) => [stage("$match", filters.filter(2))]],
  ["$project", project],
  ["$addFields", (_state, maker) => [stage("$addFields", computedFields(maker))]],
  ["$set", (_state, maker) => [stage("$set", computedFields(maker))]],
  ["$unset", unset],
  ["$sort", sortStage],
  ["$limit", part("$limit", [1, 3, 10n, new Double(2)])],
  ["$skip", part("$skip", [0, 1, 3n, new Double(2)])],
  ["$unwind", unwind],
  ["$replaceRoot", newRoot("$replaceRoot", (root) => Doc.of({ newRoot: root }))],
  ["$replaceWith", newRoot("$replaceWith", (root) => root)],
  ["$redact", redact],
  ["$sample", sample],
  ...groupStages,
  ...joinStages,
  ...windowStages,
]);
