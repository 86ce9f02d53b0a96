/** Stages that read a second collection, or the same documents twice. */
import { Doc } from "../../../src/bson/doc.ts";
import type { Value } from "../../../src/bson/value.ts";
import { type MakeStages, sortArrays, stage } from "./stage-maker.ts";
import { anyDocument, anyPath } from "./value.ts";

const lookup: MakeStages = (state, maker) => {
  const { random, expressions } = maker;
  const fields: [string, Value][] = [["from", "other"]];
  const isPipeline = random.chance(0.5);
  if (!isPipeline || random.chance(0.4))
    // A number in a local path: the server's own `$project` of what it needs makes the elements disappear.
    fields.push(
      ["localField", anyPath(random).replaceAll(/\.\d/g, ".a")],
      ["foreignField", anyPath(random)],
    );
  if (isPipeline) {
    const names = random.chance(0.6) ? ["y"] : [];
    if (names.length > 0) fields.push(["let", Doc.of({ y: expressions.of("v", 1) })]);
    const inner = expressions.within(names, () => {
      const match = Doc.of({ $expr: expressions.of("b", 2) });
      const head = random.chance(0.6) ? [stage("$match", match)] : [];
      return [...head, ...maker.subPipeline({ ...state, isUnique: true })];
    });
    fields.push(["pipeline", [...inner, stage("$sort", Doc.of({ _id: 1 }))]]);
  }
  fields.push(["as", random.chance(0.9) ? "found" : "a"]);
  return [stage("$lookup", Doc.fromEntries(fields))];
};

const graphLookup: MakeStages = (_state, { random, filters }) => {
  const operand = new Map<string, Value>([
    ["from", "other"],
    ["startWith", random.pick<Value>(["$n", "$a", "$l", "$_id", 1])],
    ["connectFromField", random.pick(["n", "a", "l"])],
    ["connectToField", random.pick(["_id", "n", "l"])],
    ["as", "found"],
  ]);
  if (random.chance(0.5)) operand.set("maxDepth", random.pick<Value>([0, 1, 2n]));
  if (random.chance(0.5)) operand.set("depthField", "deep");
  if (random.chance(0.3)) operand.set("restrictSearchWithMatch", filters.filter(1));
  return [
    stage("$graphLookup", Doc.fromEntries(operand)),
    ...sortArrays(["found"], Doc.of({ _id: 1 })),
  ];
};

const unionWith: MakeStages = (state, maker) => {
  const { random } = maker;
  state.isUnique = false;
  state.isOrdered = false;
  const roll = random.next();
  if (roll < 0.4) return [stage("$unionWith", "other")];
  if (roll < 0.8 || state.depth > 0) {
    const pipeline = maker.subPipeline({ ...state, isUnique: true });
    return [stage("$unionWith", Doc.of({ coll: "other", pipeline }))];
  }
  const documents = random.many(1, 2, () => anyDocument(random, 1));
  return [stage("$unionWith", Doc.of({ pipeline: [stage("$documents", documents)] }))];
};

const facet: MakeStages = (state, maker) => {
  if (state.depth > 0) return [];
  const fields = maker.random.many(1, 2, (index) => {
    const pipeline = [...maker.subPipeline(state), stage("$sort", Doc.of({ _id: 1 }))];
    return [`f${index}`, pipeline] as const;
  });
  state.isUnique = false;
  return [stage("$facet", Doc.fromEntries(fields))];
};

export const joinStages: ReadonlyMap<string, MakeStages> = new Map([
  ["$lookup", lookup],
  ["$graphLookup", graphLookup],
  ["$unionWith", unionWith],
  ["$facet", facet],
]);
