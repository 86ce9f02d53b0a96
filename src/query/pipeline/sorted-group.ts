/**
 * A `$group` of documents that are sorted for it.
 *
 * Only what it needs of each document is held: the sort key, what it is grouped by, and what it contributes. So no
 * document is looked at again once all are in order.
 */
import type { Doc } from "../../bson/doc.ts";
import { Double, isArray, type Value } from "../../bson/value.ts";
import type { Accumulator } from "../accumulator.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileSort, type Keeper, type SortKey, sortKeys } from "../sort.ts";
import { weightOf } from "../weight.ts";
import type { Grouping } from "./group.ts";
import { createMemoryBound } from "./memory.ts";
import type { Batches, Run, SortedStart } from "./stage.ts";

/** Accumulators of one operand that never fail, whatever it is. */
const harmless: ReadonlySet<string> = new Set([
  "$addToSet",
  "$avg",
  "$first",
  "$last",
  "$max",
  "$min",
  "$push",
  "$stdDevPop",
  "$stdDevSamp",
  "$sum",
]);

/**
 * Whether documents may be evaluated before they are in order: nothing in the stage can fail, so that it does not show.
 */
export function isHarmless(spec: Doc): boolean {
  return [...spec.entries()].every(([name, value]) =>
    name === "_id" ? isPlain(value) : isPlainAccumulator(value),
  );
}

function isPlainAccumulator(value: Value): boolean {
  if (!(typeof value === "object" && value !== null && !isArray(value) && value.bsonType === 3))
    return false;
  const [operator = ""] = value.keys();
  return harmless.has(operator) && isPlain(value.valueAt(0));
}

/** A field's path, or a constant. */
function isPlain(value: Value): boolean {
  if (typeof value === "string") return !value.startsWith("$$");
  return typeof value !== "object" || value === null;
}

interface Group {
  readonly id: Value;
  readonly accumulators: readonly Accumulator[];
}

/** What one document takes beside its values. */
const entryBytes = 48;

export function startSortedGroup(
  grouping: Grouping,
  sort: Doc,
  { environment, run }: { readonly environment: QueryEnvironment; readonly run: Run },
): SortedStart {
  const { fields, idOf, identityOf } = grouping;
  const memory = createMemoryBound("$group");
  const keys: SortKey[] = [];
  const ids: Value[] = [];
  /** Per document the number of its group. */
  const places: number[] = [];
  const numbers = new Map<string | number, number>();
  const columns = fields.map(createColumn);
  let isUsed = false;

  const keeper: Keeper = {
    add(doc, key): void {
      const id = idOf(doc);
      const identity = identityOf(id);
      let number = numbers.get(identity);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(identity, number);
      }
      keys.push(key);
      ids.push(id);
      places.push(number);
      let bytes = entryBytes + weightOf(key) + weightOf(id);
      for (let index = 0; index < fields.length; index += 1) {
        const value = fields[index]?.accumulation.evaluate(doc);
        columns[index]?.push(value);
        bytes += value === undefined ? 8 : weightOf(value);
      }
      memory.add(bytes);
    },
    async finish(pacer): Promise<Doc[]> {
      isUsed = true;
      const order = compileSort(sort, environment.collation, environment.metadata);
      const groups: (Group | undefined)[] = Array.from({ length: numbers.size });
      const inOrder: Group[] = [];
      for (const position of await sortKeys(keys, order, pacer)) {
        const number = places[position] as number;
        let group = groups[number];
        if (group === undefined) {
          const id = ids[position] as Value;
          group = { id, accumulators: grouping.start(id) };
          groups[number] = group;
          inOrder.push(group);
        }
        for (let index = 0; index < columns.length; index += 1)
          group.accumulators[index]?.add(columns[index]?.at(position));
        if (pacer.due()) await pacer.rest();
      }
      const output: Doc[] = [];
      for await (const batch of grouping.finishAll(inOrder, pacer)) output.push(...batch);
      return output;
    },
  };
  return {
    keeper,
    async *run(input: Batches) {
      const iterator = input[Symbol.asyncIterator]();
      const first = await iterator.next();
      if (first.done === true) return;
      const whole = withFirst(first.value, { [Symbol.asyncIterator]: () => iterator });
      // Whether the source has sorted by itself shows with the first batch: one with an index gives documents.
      yield* isUsed ? whole : grouping.run(whole, run);
    },
  };
}

/** What all documents contribute to one output field. */
interface Column {
  push(value: Value | undefined): void;
  at(position: number): Value | undefined;
}

/** Doubles are held as numbers while there is nothing else: objects would lie scattered about the memory. */
function createColumn(): Column {
  let doubles: number[] | undefined = [];
  let values: (Value | undefined)[] = [];
  return {
    push(value): void {
      if (doubles !== undefined) {
        if (value instanceof Double) {
          doubles.push(value.value);
          return;
        }
        values = doubles.map((each) => new Double(each));
        doubles = undefined;
      }
      values.push(value);
    },
    at: (position) =>
      doubles === undefined ? values[position] : new Double(doubles[position] as number),
  };
}

/** The stream whose first portion has been taken already. */
async function* withFirst(first: readonly Doc[], rest: Batches): Batches {
  yield first;
  yield* rest;
}
