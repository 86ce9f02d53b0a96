/** Deletes. */
import type { Doc } from "../../bson/doc.ts";
import { createPacer } from "../../kit/pacer.ts";
import { compileQuery } from "../../store/query.ts";
import { settling } from "../../store/postponed.ts";
import { readRecords } from "../../store/read.ts";
import { type Changed, changeRecords } from "../../store/write-many.ts";
import type { CallOptions } from "../source.ts";
import {
  type CollectionContext,
  createEnvironment,
  findCollection,
  heavyHelp,
  mustFitJob,
  sealOf,
} from "./context.ts";
import { guardChange, guardQuery } from "./guarded.ts";
import { type Modification, type Modified, modifyOne } from "./modify.ts";

export async function deleteOne(
  context: CollectionContext,
  filter: Doc,
  options?: CallOptions,
): Promise<number> {
  const environment = createEnvironment(context, options);
  const { guard } = context;
  const wanted = guard?.filter ?? filter;
  const spec = { filter: wanted, hint: options?.hint, limit: 1, ...heavyHelp(context, options) };
  const query = guardQuery(compileQuery(spec, environment), guard);
  findCollection(context);
  const { seal } = context;
  const modification: Modification = {
    query,
    change: guardChange(() => undefined, guard),
    signal: options?.signal,
    ...(seal && { seal: (done) => seal(toCount(done)) }),
  };
  const modified = await settling(() => modifyOne(context, modification));
  return toCount(modified);
}

export async function deleteMany(
  context: CollectionContext,
  filter: Doc,
  options?: CallOptions,
): Promise<number> {
  const environment = createEnvironment(context, options);
  const { guard } = context;
  const wanted = guard?.filter ?? filter;
  const spec = { filter: wanted, hint: options?.hint, ...heavyHelp(context, options) };
  const query = guardQuery(compileQuery(spec, environment), guard);
  const collection = findCollection(context);
  if (collection === undefined) return 0;
  const records = await readRecords(context.store.environment, collection, query, {
    pacer: createPacer(options?.signal),
  });
  mustFitJob(context, records.length);
  const seal = sealOf(context, ({ matched: count }: Changed) => count);
  const changes = {
    match: query.match,
    change: guardChange(() => undefined, guard),
    signal: options?.signal,
    ...(seal && { seal }),
  };
  const { matched } = await settling(() =>
    changeRecords(context.store, collection, records, changes),
  );
  return matched;
}

function toCount(modified: Modified | undefined): number {
  return modified === undefined ? 0 : 1;
}
