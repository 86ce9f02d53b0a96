/**
 * Uniqueness under a collation: keys hold only a fold of a text, so that what has the same key is compared itself.
 */
import { equals } from "../bson/compare.ts";
import { Doc } from "../bson/doc.ts";
import type { StoredCollection, StoredIndex } from "./catalog.ts";
import type { Environment } from "./environment.ts";
import { type KeyValues, toStoredKey, tuplesOf } from "./index-keys.ts";
import { copyKey, type KeyBuffer } from "./key-buffer.ts";
import { recordIdMax } from "./tables.ts";

/**
 * The record whose document has a key equal to these values.
 *
 * @param except a record that does not count
 */
export function findEqual(
  environment: Environment,
  collection: StoredCollection,
  index: StoredIndex,
  values: KeyValues,
  except?: number,
): number | undefined {
  let found: number | undefined;
  for (const record of recordsOfKey(environment, index, values)) {
    if (record === except) continue;
    const bytes = environment.records.view(collection.id, record);
    if (bytes === undefined) continue;
    const tuples = tuplesOf(index, Doc.fromBytes(bytes));
    if (tuples.some((each) => areEqual(each, values, index))) {
      found = record;
      break;
    }
  }
  return found;
}

/** The values of a document's keys that another document has. */
export function findConflict(
  environment: Environment,
  collection: StoredCollection,
  index: StoredIndex,
  doc: Doc,
  record: number,
): KeyValues | undefined {
  return tuplesOf(index, doc).find(
    (each) => findEqual(environment, collection, index, each, record) !== undefined,
  );
}

function recordsOfKey(
  environment: Environment,
  index: StoredIndex,
  values: KeyValues,
): readonly number[] {
  const range = {
    start: copyKey(toStoredKey(index, values, 0)),
    end: after(copyKey(toStoredKey(index, values, recordIdMax))),
    isReverse: false,
  };
  const records: number[] = [];
  environment.entries.scan(range, (record) => {
    records.push(record);
    return true;
  });
  return records;
}

/** The end of a range is not in it. */
function after(key: KeyBuffer): KeyBuffer {
  return {
    bytes: Buffer.concat([key.bytes.subarray(0, key.length), Buffer.of(0)]),
    length: key.length + 1,
  };
}

function areEqual(left: KeyValues, right: KeyValues, { definition }: StoredIndex): boolean {
  return left.every((each, at) => equals(each ?? null, right[at] ?? null, definition.collation));
}
