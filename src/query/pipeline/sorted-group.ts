/**
 * A `$group` of documents that are sorted for it.
 *
 * Only what it needs of each document is held: the sort key, what it is grouped by, and what it contributes. So no
 * document is looked at again once all are in order.
 */
import { Doc } from "../../bson/doc.ts";
import { findField, isAscii, typeAt } from "../../bson/places.ts";
import { ValueColumn } from "../../bson/value-column.ts";
import { isArray, type Value } from "../../bson/value.ts";
import type { Accumulator } from "../accumulator.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileSort, createSortKeys, type Keeper, type SortKeys } from "../sort.ts";
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

/** Documents between two looks at the pacer. */
const perLook = 64;

export function startSortedGroup(
  grouping: Grouping,
  sort: Doc,
  { environment, run }: { readonly environment: QueryEnvironment; readonly run: Run },
): SortedStart {
  const { spec, fields, idOf, identityOf } = grouping;
  const memory = createMemoryBound("$group");
  const order = compileSort(sort, environment.collation, environment.metadata);
  const keys = createSortKeys(order);
  const idField = fieldOf(spec.get("_id"));
  /** Per document the number of its group. */
  const places: number[] = [];
  /** Per group what its first document is grouped by; and, by position, what others are, where that is not the same. */
  const ids: Value[] = [];
  const otherIds = new Map<number, Value>();
  const numbers = new Map<string | number, number>();
  const outputs = spec.without("_id");
  const columns = fields.map(({ accumulation }, index) => {
    const field = fieldOf(operandOf(outputs.valueAt(index)));
    const evaluate = (doc: Doc): Value | undefined => accumulation.evaluate(doc);
    return field !== undefined && field === order.field
      ? createKeyColumn(keys, evaluate)
      : createColumn(field, evaluate);
  });
  let isUsed = false;

  function place(doc: Doc, keyBytes: number | undefined): void {
    const id = idField === undefined ? idOf(doc) : (doc.get(idField) ?? null);
    const identity = identityOf(id);
    let number = numbers.get(identity);
    let bytes = entryBytes + (keyBytes ?? 0);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(identity, number);
      ids.push(id);
      bytes += weightOf(id);
    } else if (ids[number] !== id) {
      otherIds.set(places.length, id);
      bytes += entryBytes + weightOf(id);
    }
    const isInPlace = keyBytes !== undefined;
    for (const column of columns) bytes += column.push(doc, places.length, isInPlace);
    places.push(number);
    memory.add(bytes);
  }

  let groups: (Group | undefined)[] = [];
  const inOrder: Group[] = [];

  function addInOrder(sorted: Uint32Array, start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const position = sorted[at] as number;
      const { accumulators } = groupOf(position);
      for (let index = 0; index < columns.length; index += 1) {
        const accumulator = accumulators[index] as Accumulator;
        if (accumulator.isFull?.() !== true) accumulator.add(columns[index]?.at(position));
      }
    }
  }

  function groupOf(position: number): Group {
    const number = places[position] as number;
    const known = groups[number];
    if (known !== undefined) return known;
    const id = otherIds.get(position) ?? ids[number] ?? null;
    const group = { id, accumulators: grouping.start(id) };
    groups[number] = group;
    inOrder.push(group);
    return group;
  }

  const keeper: Keeper = {
    addPlain(doc): boolean {
      const keyBytes = keys.addFrom(doc);
      if (keyBytes === undefined) return false;
      place(doc, keyBytes);
      return true;
    },
    add(doc, key): void {
      keys.add(key);
      memory.add(weightOf(key));
      place(doc, undefined);
    },
    async finish(pacer): Promise<Doc[]> {
      isUsed = true;
      groups = Array.from({ length: numbers.size });
      const sorted = await keys.inOrder(pacer);
      for (let start = 0; start < sorted.length; start += perLook) {
        addInOrder(sorted, start, Math.min(start + perLook, sorted.length));
        // oxlint-disable-next-line no-await-in-loop
        if (pacer.due(perLook)) await pacer.rest();
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

/** What all documents have in one place of the stage. */
interface Column {
  /** @param isInPlace whether the document's key has been read in its bytes @returns roughly how many bytes are held */
  push(doc: Doc, position: number, isInPlace: boolean): number;
  at(position: number): Value | undefined;
}

/** @param field what `evaluate` reads and nothing else: it is held as it lies in the documents */
function createColumn(
  field: string | undefined,
  evaluate: (doc: Doc) => Value | undefined,
): Column {
  const column = new ValueColumn();
  const values: (Value | undefined)[] = [];
  return {
    push(doc): number {
      const bytes = doc.viewBytes;
      if (field !== undefined && bytes !== undefined && values.length === 0) {
        const at = findField(bytes, doc.viewStart, field);
        return column.addBytes(bytes, at < 0 ? 0 : typeAt(bytes, at, field), at);
      }
      const value = evaluate(doc);
      if (column.count > 0) column.add(value);
      else values.push(value);
      return weightOf(value ?? null);
    },
    at: (position) => (column.count > 0 ? column.at(position) : values[position]),
  };
}

/** Of the field that is sorted by, which is held already where the key is its value. */
function createKeyColumn(keys: SortKeys, evaluate: (doc: Doc) => Value | undefined): Column {
  const others = new Map<number, Value | undefined>();
  return {
    push(doc, position, isInPlace): number {
      if (isInPlace) return 0;
      const value = evaluate(doc);
      others.set(position, value);
      return entryBytes + weightOf(value ?? null);
    },
    at: (position) => (others.has(position) ? others.get(position) : keys.at(position)),
  };
}

/** The top-level field that an expression reads and nothing else. */
function fieldOf(expression: Value | undefined): string | undefined {
  if (typeof expression !== "string" || !expression.startsWith("$")) return undefined;
  const path = expression.slice(1);
  return path.includes(".") || path.startsWith("$") || !isAscii(path) ? undefined : path;
}

function operandOf(accumulator: Value | undefined): Value | undefined {
  return accumulator instanceof Doc ? accumulator.valueAt(0) : undefined;
}

/** The stream whose first portion has been taken already. */
async function* withFirst(first: readonly Doc[], rest: Batches): Batches {
  yield first;
  yield* rest;
}
