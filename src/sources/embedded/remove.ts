/** Deletes. */
import type { Doc } from "../../bson/doc.ts";
import { createPacer } from "../../kit/pacer.ts";
import { compileQuery } from "../../store/query.ts";
import { readRecords } from "../../store/read.ts";
import { changeRecords } from "../../store/write-many.ts";
import type { CallOptions } from "../source.ts";
import {
  type CollectionContext,
  createEnvironment,
  findCollection,
  mustFitJob,
} from "./context.ts";
import { type Modified, modifyOne } from "./modify.ts";

export async function deleteOne(
  context: CollectionContext,
  filter: Doc,
  options?: CallOptions,
): Promise<number> {
  const environment = createEnvironment(context, options);
  const query = compileQuery({ filter, hint: options?.hint, limit: 1 }, environment);
  findCollection(context);
  const { seal } = context;
  const modified = await modifyOne(context, {
    query,
    change: () => undefined,
    signal: options?.signal,
    ...(seal && { seal: (done) => seal(toCount(done)) }),
  });
  return toCount(modified);
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
  mustFitJob(context, records.length);
  const { seal } = context;
  const { matched } = await changeRecords(context.store, collection, records, {
    match: query.match,
    change: () => undefined,
    signal: options?.signal,
    ...(seal && { seal: (changed) => seal(changed.matched) }),
  });
  return matched;
}

function toCount(modified: Modified | undefined): number {
  return modified === undefined ? 0 : 1;
}
