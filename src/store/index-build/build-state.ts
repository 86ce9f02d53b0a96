/**
 * An index that is being built, as writers deal with it meanwhile.
 *
 * They put and take out the keys of what they write, as in any index. The build has read, or will read, other states of
 * the same documents; it leaves alone what it is told of here.
 */
import type { Doc } from "../../bson/doc.ts";
import type { StoredCollection, StoredIndex } from "../catalog.ts";
import { findConflict } from "../collated-unique.ts";
import type { Environment } from "../environment.ts";
import type { KeyBuffer } from "../key-buffer.ts";
import { createRecordSet, type RecordSet } from "./record-set.ts";

export interface BuildState {
  /** Records whose keys have changed since the build began, and are in the index as they are now. */
  readonly written: RecordSet;
  /** Records with a key in a unique index that leads to another record: looked at again at the end. */
  readonly doubtful: Set<number>;
}

/** So many doubles may come and go. */
export const doubtfulMax = 1000;

export function createBuildState(): BuildState {
  return { written: createRecordSet(), doubtful: new Set() };
}

/** Within a job, when keys of a record that was there before change. */
export function noteWritten(environment: Environment, build: BuildState, record: number): void {
  if (build.written.add(record))
    environment.onUndo(() => {
      build.written.delete(record);
    });
}

/** Within a job: puts keys, but none that another record has. */
export function putMeanwhile(
  environment: Environment,
  collection: StoredCollection,
  index: StoredIndex,
  {
    keys,
    doc,
    record,
  }: { readonly keys: readonly KeyBuffer[]; readonly doc: Doc; readonly record: number },
): void {
  const { entries } = environment;
  const { isUnique, isDirect } = index.definition;
  let isDoubtful = false;
  for (const key of keys)
    if (!isDirect) entries.put(key, record);
    else if (!entries.add(key, record)) isDoubtful ||= entries.get(key) !== record;
  if (isUnique && !isDirect)
    isDoubtful = findConflict(environment, collection, index, doc, record) !== undefined;
  // Should this be undone, there is one more to look at, and nothing wrong with it.
  if (isDoubtful) index.build?.doubtful.add(record);
}

/** Within a job: takes keys out, but none that another record has. */
export function removeMeanwhile(
  { entries }: Environment,
  index: StoredIndex,
  keys: readonly KeyBuffer[],
  record: number,
): void {
  for (const key of keys)
    if (!index.definition.isDirect || entries.get(key) === record) entries.remove(key);
}
