/** Deletes. */
import type { Doc } from "../../bson/doc.ts";
import { createPacer } from "../../kit/pacer.ts";
import { compileQuery } from "../../store/query.ts";
import { readRecords } from "../../store/read.ts";
import { changeRecords } from "../../store/write-many.ts";
import type { CallOptions } from "../source.ts";
import { type CollectionContext, createEnvironment, findCollection } from "./context.ts";
import { modifyOne } from "./modify.ts";

export async function deleteOne(
  context: CollectionContext,
  filter: Doc,
  options?: CallOptions,
): Promise<number> {
  const environment = createEnvironment(context, options);
  const query = compileQuery({ filter, hint: options?.hint, limit: 1 }, environment);
  findCollection(context);
  const modified = await modifyOne(context, {
    query,
    change: () => undefined,
    signal: options?.signal,
  });
  return modified === undefined ? 0 : 1;
}

export async function deleteMany(
  context: CollectionContext,
  filter: Doc,
  options?: CallOptions,
): Promise<number> {
  const environment = createEnvironment(context, options);
  const query = compileQuery({ filter, hint: options?.hint }, environment);
  const collection = findCollection(context);
  if (collection === undefined) return 0;
  const records = await readRecords(context.store.environment, collection, query, {
    pacer: createPacer(options?.signal),
  });
  const { matched } = await changeRecords(context.store, collection, records, {
    match: query.match,
    change: () => undefined,
    signal: options?.signal,
  });
  return matched;
}
