/**
 * Finds one document and changes it, with nothing in between.
 *
 * A query that an index answers at once is run within the write job, so that of many who want the same document each
 * gets another. A longer search runs outside of it, and what it found is tested again within the job.
 */
import type { Match } from "../../query/match.ts";
import { Doc } from "../../bson/doc.ts";
import { createPacer } from "../../kit/pacer.ts";
import type { StoredCollection } from "../../store/catalog.ts";
import { type CompiledQuery, planFor, recordOfId } from "../../store/query.ts";
import { isLookup, readFirst } from "../../store/read.ts";
import { startScan } from "../../store/scan.ts";
import { keepDoc } from "../../store/tables.ts";
import { applyChange } from "../../store/write-many.ts";
import type { CollectionContext } from "./context.ts";

export interface Modification {
  readonly query: CompiledQuery;
  /** What becomes of the document: another one, the same, or undefined (taken out). @throws {MongoError} */
  readonly change: (before: Doc) => Doc | undefined;
  /** Makes the document to insert when none matches; absent when none is to be. */
  readonly compose?: () => Doc;
  /** Whether `change` gives all of the document anew. */
  readonly isReplacement?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called within the job that did it. */
  readonly seal?: ((modified: Modified | undefined) => void) | undefined;
}

export interface Modified {
  /** Undefined when it was inserted. */
  readonly before: Doc | undefined;
  /** Undefined when it was taken out. */
  readonly after: Doc | undefined;
}

/** How long the search within a job may take, in milliseconds. */
const searchMs = 1;
const visitsPerLook = 16;

type Found = { readonly record: number; readonly doc: Doc } | "none" | "takes long";

/** @returns undefined when none matched and none was to be inserted */
export async function modifyOne(
  context: CollectionContext,
  modification: Modification,
): Promise<Modified | undefined> {
  const { store } = context;
  const { query, compose } = modification;
  if (compose === undefined && store.catalog.find(context.database, context.name) === undefined)
    return undefined;
  const quick = await store.environment.write(() => {
    const collection = store.catalog.find(context.database, context.name);
    const found = collection === undefined ? "none" : searchNow(context, collection, query);
    if (found === "takes long") return found;
    const modified =
      found === "none"
        ? insertComposed(context, compose)
        : changeFound(context, modification, found);
    modification.seal?.(modified);
    return modified;
  });
  return quick === "takes long" ? await modifyAfterSearch(context, modification) : quick;
}

/** Within a job. */
function changeFound(
  context: CollectionContext,
  { change, isReplacement }: Modification,
  { record, doc }: { readonly record: number; readonly doc: Doc },
): Modified {
  const collection = context.store.catalog.find(context.database, context.name) as StoredCollection;
  const after = change(doc);
  if (after !== doc)
    applyChange(context.store, collection, { record, before: doc, after, isReplacement });
  return { before: doc, after };
}

/** Within a job. */
function insertComposed(
  context: CollectionContext,
  compose: (() => Doc) | undefined,
): Modified | undefined {
  if (compose === undefined) return undefined;
  const composed = compose();
  const after = composed.source === undefined ? Doc.fromBytes(composed.toBytes()) : composed;
  const { catalog, writer } = context.store;
  writer.insert(catalog.ensure(context.database, context.name), after);
  return { before: undefined, after };
}

/** Within a job: the first match, if it is found soon. */
function searchNow(
  { store, guard }: CollectionContext,
  collection: StoredCollection,
  query: CompiledQuery,
): Found {
  const { environment } = store;
  if (isLookup(collection, query)) {
    const record = recordOfId(environment, collection, query.id);
    const doc = record === undefined ? undefined : environment.records.get(collection.id, record);
    if (record === undefined || doc === undefined) return "none";
    return guard?.selects?.(doc) === false ? "none" : { record, doc };
  }
  const plan = planFor(environment, collection, query);
  const isSearch = plan.kind === "near" || (query.sort !== undefined && !plan.isSorted);
  if (isSearch) return "takes long";
  const startedAt = performance.now();
  let visits = 0;
  let found: Found = "none";
  startScan(environment, collection, plan).run((record, bytes) => {
    if (query.match === undefined || query.match.matches(Doc.fromBytes(bytes))) {
      found = { record, doc: keepDoc(bytes) };
      return false;
    }
    visits += 1;
    if (visits % visitsPerLook !== 0 || performance.now() - startedAt < searchMs) return true;
    found = "takes long";
    return false;
  });
  return found;
}

async function modifyAfterSearch(
  context: CollectionContext,
  modification: Modification,
): Promise<Modified | undefined> {
  const { store } = context;
  const { query, compose, signal } = modification;
  const pacer = createPacer(signal);
  for (;;) {
    const collection = store.catalog.find(context.database, context.name);
    const candidate =
      collection === undefined
        ? undefined
        : // oxlint-disable-next-line no-await-in-loop
          await readFirst(store.environment, collection, query, { skip: 0, pacer });
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await store.environment.write(() => {
      const found =
        candidate === undefined ? undefined : stillMatching(context, candidate, query.match);
      if (candidate !== undefined && found === undefined) return undefined;
      const modified =
        found === undefined
          ? insertComposed(context, compose)
          : changeFound(context, modification, found);
      modification.seal?.(modified);
      return { modified };
    });
    if (outcome !== undefined) return outcome.modified;
    // Someone else was faster: the search begins again, until the deadline.
    // oxlint-disable-next-line no-await-in-loop
    await pacer.rest();
  }
}

/** Within a job: the document as it is now, if it is still there and matches. */
function stillMatching(
  { store, database, name }: CollectionContext,
  candidate: Doc,
  match: Match | undefined,
): { readonly record: number; readonly doc: Doc } | undefined {
  const collection = store.catalog.find(database, name);
  if (collection === undefined) return undefined;
  const record = recordOfId(store.environment, collection, candidate.get("_id"));
  const doc =
    record === undefined ? undefined : store.environment.records.get(collection.id, record);
  if (record === undefined || doc === undefined) return undefined;
  return match?.matches(doc) === false ? undefined : { record, doc };
}
