/** The keys of what is sorted, as they come, and their order in the end. */
import { findField, typeAt } from "../../bson/places.ts";
import type { Doc } from "../../bson/doc.ts";
import { ValueColumn } from "../../bson/value-column.ts";
import type { Value } from "../../bson/value.ts";
import type { Pacer } from "../../kit/pacer.ts";
import { sortPositions } from "./merge-sort.ts";
import { partsOfColumn, partsOfValues } from "./prefix.ts";

/** What is needed of a sort. */
export interface Order {
  readonly paths: readonly { readonly direction: 1 | -1 }[];
  /** The top-level field whose value is the key where it is no array, compared by its bytes. */
  readonly field?: string | undefined;
  leading(key: Value): Value;
  compare(left: Value, right: Value): number;
}

export interface SortKeys {
  /**
   * Adds the key of a document as it lies in the document's bytes.
   *
   * @returns how many bytes it has; undefined where it has to be worked out, and given to `add`
   */
  addFrom(doc: Doc): number | undefined;
  add(key: Value): void;
  /** The field's value, of a document from which the key was read; undefined where there is none. */
  at(position: number): Value | undefined;
  /** The key of a document, wherever it came from. */
  keyAt(position: number): Value;
  /** Leaves only some of the keys, whose positions ascend: they become those from 0 on. */
  leave(positions: Uint32Array): void;
  /** The positions of the keys in order; those that the sort does not tell apart stay in their order. */
  inOrder(pacer: Pacer): Promise<Uint32Array>;
}

export const arrayType = 4;

/** In documents of so many bytes a field may be far: they are for who has time to look. */
export const viewBytesMax = 64 * 1024;

export function createSortKeys(order: Order): SortKeys {
  const direction = order.paths[0]?.direction ?? 1;
  const { field } = order;
  let keys: Value[] = [];
  let column: ValueColumn | undefined;
  return {
    addFrom(doc): number | undefined {
      const bytes = doc.viewBytes;
      if (field === undefined || bytes === undefined || keys.length > 0) return undefined;
      if ((doc.viewLength ?? 0) > viewBytesMax) return undefined;
      const at = findField(bytes, doc.viewStart, field);
      const type = at < 0 ? 0 : typeAt(bytes, at, field);
      // A stored `_id` is no array, so the server takes one that a stage made as it is.
      if (type === arrayType && field !== "_id") return undefined;
      column ??= new ValueColumn();
      return column.addBytes(bytes, type, at);
    },
    add(key): void {
      if (column === undefined) keys.push(key);
      else column.add(key);
    },
    at: (position) => column?.at(position),
    keyAt: (position) => (column === undefined ? keys[position] : column.at(position)) ?? null,
    leave(positions): void {
      if (column === undefined) keys = Array.from(positions, (each) => keys[each] as Value);
      else column = column.only(positions);
    },
    inOrder: async (pacer) =>
      column === undefined
        ? sortValues(keys, order, direction, pacer)
        : sortColumn(column, direction, pacer),
  };
}

async function sortValues(
  keys: readonly Value[],
  order: Order,
  direction: 1 | -1,
  pacer: Pacer,
): Promise<Uint32Array> {
  const keyAt = (position: number): Value => keys[position] as Value;
  const leading = partsOfValues((position) => order.leading(keyAt(position)));
  const compare = (left: number, right: number): number =>
    order.compare(keyAt(left), keyAt(right)) || left - right;
  return sortPositions(keys.length, { leading, direction, compare }, pacer);
}

async function sortColumn(
  column: ValueColumn,
  direction: 1 | -1,
  pacer: Pacer,
): Promise<Uint32Array> {
  const compare = (left: number, right: number): number =>
    column.compareAt(left, right) * direction || left - right;
  return sortPositions(column.count, { leading: partsOfColumn(column), direction, compare }, pacer);
}
