import { identityBy } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isNumber, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { compileAccumulation, type Accumulation, type Accumulator } from "../accumulator.ts";
import type { QueryEnvironment } from "../environment.ts";
import type { Pacer } from "../../kit/pacer.ts";
import { compileStageExpression } from "../expression.ts";
import { mustFit, weightOf } from "../weight.ts";
import { fieldsIn } from "./needed-fields.ts";
import { createMemoryBound } from "./memory.ts";
import { isHarmless, startSortedGroup } from "./sorted-group.ts";
import { batchSize, type Batches, type CompileStage, type Run } from "./stage.ts";

interface Group {
  readonly id: Value;
  readonly accumulators: readonly Accumulator[];
}

/** A compiled `$group`. */
export interface Grouping {
  /** As it is written. */
  readonly spec: Doc;
  readonly fields: readonly OutputField[];
  readonly idOf: (doc: Doc) => Value;
  readonly identityOf: (id: Value) => string | number;
  /** Begins a group. */
  start(id: Value): readonly Accumulator[];
  /** The output documents of groups, in portions. */
  finishAll(groups: Iterable<Group>, pacer: Pacer): Batches;
  run(input: Batches, run: Run): Batches;
}

/** One output field of `$group`, `$bucket` or `$bucketAuto`. */
export interface OutputField {
  readonly name: string;
  readonly accumulation: Accumulation;
}

export const compileGroup: CompileStage = (spec, { environment }, name) => {
  if (!(spec instanceof Doc))
    throw new MongoError(15947, "a group's fields must be specified in an object");
  const idSpec = spec.get("_id");
  const idOf = idSpec === undefined ? undefined : compileId(idSpec, environment);
  const fields = compileOutputs(spec.without("_id"), environment);
  if (idOf === undefined) throw new MongoError(15955, "a group specification must include an _id");
  const names = ["_id", ...fields.map((each) => each.name)];
  const grouping: Grouping = {
    spec,
    fields,
    idOf,
    start: (id) => startAll(fields, id),
    // One for each run: what it gives for texts in a collation holds only there.
    get identityOf() {
      return identityBy(environment.collation);
    },
    async *finishAll(groups, pacer) {
      let output: Doc[] = [];
      for (const group of groups) {
        output.push(mustFit(finish(names, group.id, group.accumulators)));
        if (output.length >= batchSize) {
          yield output;
          output = [];
        }
        if (pacer.due()) await pacer.rest();
      }
      if (output.length > 0) yield output;
    },
    async *run(input, { pacer }) {
      const identityOf = identityBy(environment.collation);
      const groups = new Map<string | number, Group>();
      const memory = createMemoryBound("$group");
      const grow = (bytes: number): void => memory.add(bytes);
      /** Adds documents from `start` on, until it is time for others. @returns where to go on */
      const addReady = (batch: readonly Doc[], start: number): number => {
        for (let at = start; at < batch.length; at += 1) {
          const doc = batch[at] as Doc;
          const groupId = idOf(doc);
          const key = identityOf(groupId);
          let group = groups.get(key);
          if (group === undefined) {
            group = { id: groupId, accumulators: startAll(fields, groupId) };
            groups.set(key, group);
            memory.add(weightOf(groupId) + 64);
          }
          addAll(fields, group.accumulators, doc, grow);
          if (pacer.due()) return at + 1;
        }
        return batch.length;
      };
      for await (const batch of input)
        for (let at = 0; at < batch.length;) {
          at = addReady(batch, at);
          if (at < batch.length) await pacer.rest();
        }
      yield* grouping.finishAll(groups.values(), pacer);
    },
  };
  return {
    name,
    needs: fieldsIn(spec),
    run: (input, run) => grouping.run(input, run),
    ...(isHarmless(spec) && {
      startSorted: (sort, run) => startSortedGroup(grouping, sort, { environment, run }),
    }),
  };
};

/** What a document is grouped by; missing counts as null, but is left out of a compound `_id` of several fields. */
function compileId(spec: Value, environment: QueryEnvironment): (doc: Doc) => Value {
  const isCompound = spec instanceof Doc && spec.keys()[0]?.startsWith("$") !== true;
  if (isCompound) mustBeExpressions(spec);
  const whole = compileStageExpression(spec, environment);
  if (!isCompound || spec.size > 1) return (doc) => whole.evaluate(doc) ?? null;
  const keys = spec.keys();
  const parts = spec.values().map((each) => compileStageExpression(each, environment));
  return (doc) =>
    Doc.fromParts(
      keys,
      parts.map((each) => each.evaluate(doc) ?? null),
    );
}

function mustBeExpressions(id: Doc): void {
  for (const value of id.values())
    if (isNumber(value) || typeof value === "boolean")
      throw new MongoError(17390, "$group does not support inclusion-style expressions");
}

export function startAll(fields: readonly OutputField[], groupId: Value): Accumulator[] {
  return fields.map((field) => field.accumulation.start(groupId));
}

export function addAll(
  fields: readonly OutputField[],
  accumulators: readonly Accumulator[],
  doc: Doc,
  grow: (bytes: number) => void,
): void {
  for (let index = 0; index < fields.length; index += 1) {
    const { accumulation } = fields[index] as OutputField;
    const accumulator = accumulators[index] as Accumulator;
    if (accumulator.isFull?.() === true) continue;
    const value = accumulation.evaluate(doc);
    accumulator.add(value);
    if (accumulation.keepsValues) grow(value === undefined ? 0 : weightOf(value));
  }
}

/** The output document: results that are missing leave no field. */
export function finish(
  names: readonly string[],
  id: Value,
  accumulators: readonly Accumulator[],
): Doc {
  const values = accumulators.map((each) => each.result());
  if (!values.includes(undefined)) return Doc.fromParts(names, [id, ...(values as Value[])]);
  const entries: [string, Value][] = [["_id", id]];
  for (const [index, value] of values.entries())
    if (value !== undefined) entries.push([names[index + 1] as string, value]);
  return Doc.fromEntries(entries);
}

/** For stages that make a `$group` of their own. */
export function repeatedId(): MongoError {
  return new MongoError(15948, "a group's _id may only be specified once");
}

/** Compiles `{ name: { $accumulator: … } }` for each field. */
export function compileOutputs(spec: Doc, environment: QueryEnvironment): OutputField[] {
  return [...spec.entries()].map(([name, value]) => {
    if (name.includes("."))
      throw new MongoError(40235, `The field name '${name}' cannot contain '.'`);
    if (name.startsWith("$"))
      throw new MongoError(40236, `The field name '${name}' cannot be an operator name`);
    if (!(value instanceof Doc) || value.keys()[0]?.startsWith("$") !== true)
      throw new MongoError(40234, `The field '${name}' must be an accumulator object`);
    if (value.size !== 1)
      throw new MongoError(40238, `The field '${name}' must specify one accumulator`);
    const operator = value.keys()[0] as string;
    return {
      name,
      accumulation: compileAccumulation(operator, value.valueAt(0), environment),
    };
  });
}
