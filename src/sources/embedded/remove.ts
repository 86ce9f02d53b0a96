/** Deletes. */
import type { Doc } from "../../bson/doc.ts";
import { createPacer } from "../../kit/pacer.ts";
import { compileQuery, type CompiledQuery } from "../../store/query.ts";
import { settling } from "../../store/postponed.ts";
import { readRecords } from "../../store/read.ts";
import type { Changed } from "../../store/write-many.ts";
import type { CallOptions } from "../source.ts";
import {
  type CollectionContext,
  createEnvironment,
  environmentOfSearch,
  findCollection,
  heavyHelp,
} from "./context.ts";
import { guardChange, guardQuery } from "./guarded.ts";
import { changeFound } from "./guarded-many.ts";
import { type Modification, type Modified, modifyOne } from "./modify.ts";

export async function deleteOne(
  context: CollectionContext,
  filter: Doc,
  options?: CallOptions,
): Promise<number> {
  const removal = compileRemoval(context, filter, options);
  findCollection(context, removal.query);
  const { seal } = context;
  const modification: Modification = {
    ...removal,
    query: { ...removal.query, limit: 1 },
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
  const { query, change } = compileRemoval(context, filter, options);
  const collection = findCollection(context, query);
  if (collection === undefined) return 0;
  const records = await readRecords(context.store.environment, collection, query, {
    pacer: createPacer(options?.signal),
  });
  const changes = { match: query.match, change, signal: options?.signal };
  return countOf(await changeFound(context, collection, records, changes, countOf));
}

/** What is looked for, and taken out where the guard has nothing against it. */
export function compileRemoval(
  context: CollectionContext,
  filter: Doc,
  options: CallOptions | undefined,
): { readonly query: CompiledQuery; readonly change: (before: Doc) => undefined } {
  const environment = createEnvironment(context, options);
  const { guard } = context;
  const wanted = guard?.filter ?? filter;
  const spec = { filter: wanted, hint: options?.hint, ...heavyHelp(context, options, environment) };
  return {
    query: guardQuery(
      compileQuery(spec, environmentOfSearch(context, options, environment)),
      guard,
    ),
    change: guardChange(() => undefined, guard),
  };
}

function countOf({ matched }: Changed): number {
  return matched;
}

function toCount(modified: Modified | undefined): number {
  return modified === undefined ? 0 : 1;
}
