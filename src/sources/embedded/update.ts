/** Updates, replacements, and the calls that also return the document. */
import type { QueryEnvironment } from "../../query/environment.ts";
import { compileProjection } from "../../query/projection.ts";
import { compileReplacement } from "../../query/replacement.ts";
import { compileUpdate, isOperatorUpdate } from "../../query/update.ts";
import { composeUpsert, type UpsertChange } from "../../query/upsert.ts";
import type { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { badValue, failedToParse } from "../../kit/mongo-error.ts";
import { createPacer } from "../../kit/pacer.ts";
import { settling } from "../../store/postponed.ts";
import { compileQuery, type CompiledQuery } from "../../store/query.ts";
import { readRecords } from "../../store/read.ts";
import { toStorable } from "../../store/storable.ts";
import type { Changed } from "../../store/write-many.ts";
import type { FindOneAndOptions, UpdateOptions, UpdateResult } from "../source.ts";
import {
  type CollectionContext,
  createEnvironment,
  environmentOfSearch,
  findCollection,
  heavyHelp,
} from "./context.ts";
import { asExecutorError } from "./executor-error.ts";
import { guardChange, guardCompose, guardQuery, positionQuery } from "./guarded.ts";
import { postponeChange } from "./heavy-change.ts";
import { changeFound } from "./guarded-many.ts";
import { type Modification, type Modified, modifyOne } from "./modify.ts";

export type UpdateSpec = Doc | readonly Value[];

/** What an update does to a document, whichever way it is written. */
interface Writing {
  readonly query: CompiledQuery;
  readonly change: (before: Doc) => Doc;
  readonly compose?: () => Doc;
  readonly isReplacement: boolean;
}

/** As `updateOne` and `replaceOne` mean it. @throws {MongoError} 9 for an update without operators */
export function compileUpdating(
  context: CollectionContext,
  filter: Doc,
  write: { readonly update: UpdateSpec } | { readonly replacement: Doc },
  options: UpdateOptions,
): Writing {
  if ("update" in write) mustBeUpdate(write.update);
  return compileWriting(context, filter, write, options).writing;
}

function compileWriting(
  context: CollectionContext,
  filter: Doc,
  write: { readonly update: UpdateSpec } | { readonly replacement: Doc },
  options: (UpdateOptions & { readonly sort?: Doc }) | undefined,
): { readonly writing: Writing; readonly environment: QueryEnvironment } {
  const environment = createEnvironment(context, options);
  // What is wrong with the update is told before what is wrong with the filter.
  const { upserting, change } =
    "update" in write
      ? compileOperators(write.update, options, environment)
      : compileWhole(write.replacement, environment);
  const heavy = heavyHelp(context, options, environment);
  const { guard } = context;
  const wanted = guard?.filter ?? filter;
  const found = compileQuery(
    { filter: wanted, sort: options?.sort, hint: options?.hint, limit: 1, ...heavy },
    environmentOfSearch(context, options, environment),
  );
  const query = guardQuery(found, guard);
  const positioned = positionQuery(found, filter, environment, guard);
  const compose = guardCompose(
    () => composeUpsert(filter, upserting, environment, context.store.stamps.newId),
    guard,
  );
  return {
    environment,
    writing: {
      query,
      change: guardChange(
        postponeChange(
          (before) => change(before, positioned),
          { filter, ...write, arrayFilters: options?.arrayFilters },
          environment,
          heavy.heavy,
        ),
        guard,
      ),
      isReplacement: "replacement" in write,
      ...(options?.upsert === true && { compose }),
    },
  };
}

interface Compiled {
  readonly change: (before: Doc, query: CompiledQuery) => Doc;
  readonly upserting: UpsertChange;
}

function compileOperators(
  spec: UpdateSpec,
  options: UpdateOptions | undefined,
  environment: QueryEnvironment,
): Compiled {
  const { arrayFilters } = options ?? {};
  const update = compileUpdate(spec, { ...(arrayFilters && { arrayFilters }) }, environment);
  return {
    upserting: { kind: "update", update },
    change: (before, { match }) =>
      update.apply(before, {
        isInsert: false,
        position: update.needsPosition ? match?.position(before) : undefined,
      }),
  };
}

function compileWhole(replacement: Doc, environment: QueryEnvironment): Compiled {
  return {
    upserting: { kind: "replacement", replacement },
    change: compileReplacement(replacement, environment),
  };
}

/** One update of `$merge`. */
export async function updateOneWith(
  context: CollectionContext,
  filter: Doc,
  update: UpdateSpec,
  options: {
    readonly upsert: boolean;
    /** What is inserted in place of what filter and update give. */
    readonly upsertDocument: Doc | undefined;
    readonly variables: ReadonlyMap<string, Value | undefined>;
  },
): Promise<UpdateResult> {
  const environment = createEnvironment(context, undefined);
  for (const [name, value] of options.variables) environment.variables.set(name, value);
  const { heavy } = heavyHelp(context, undefined, environment);
  const query = compileQuery({ filter, limit: 1, heavy }, environment);
  const { upserting, change } = compileOperators(update, undefined, environment);
  const { upsertDocument } = options;
  const { stamps } = context.store;
  const compose = (): Doc =>
    upsertDocument === undefined
      ? composeUpsert(filter, upserting, environment, stamps.newId)
      : toStorable(upsertDocument, stamps);
  findCollection(context);
  const writing = {
    query,
    change: postponeChange(
      (before) => change(before, query),
      { filter, update },
      environment,
      heavy,
    ),
    ...(options.upsert && { compose }),
  };
  return toResult(await settling(() => modifyOne(context, writing)));
}

/** @throws {MongoError} 9 for a document without operators, which only `replaceOne` takes */
function mustBeUpdate(update: UpdateSpec): void {
  if (!isArray(update) && !isOperatorUpdate(update))
    throw failedToParse("Update document requires atomic operators");
}

export async function updateOne(
  context: CollectionContext,
  filter: Doc,
  update: UpdateSpec,
  options?: UpdateOptions,
): Promise<UpdateResult> {
  mustBeUpdate(update);
  const { writing } = compileWriting(context, filter, { update }, options);
  return toResult(await runOne(context, writing, options));
}

export async function replaceOne(
  context: CollectionContext,
  filter: Doc,
  replacement: Doc,
  options?: UpdateOptions,
): Promise<UpdateResult> {
  const { writing } = compileWriting(context, filter, { replacement }, options);
  return toResult(await runOne(context, writing, options));
}

/** No async function: each layer of them costs every update. */
function runOne(
  context: CollectionContext,
  writing: Writing,
  options: UpdateOptions | undefined,
): Promise<Modified | undefined> {
  findCollection(context, writing.query);
  const { seal } = context;
  const modification: Modification = {
    ...writing,
    signal: options?.signal,
    ...(seal && { seal: (modified) => seal(toResult(modified)) }),
  };
  return settling(() => modifyOne(context, modification));
}

function toResult(modified: Modified | undefined): UpdateResult {
  if (modified === undefined) return { matchedCount: 0, modifiedCount: 0 };
  const { before, after } = modified;
  if (before === undefined)
    return { matchedCount: 0, modifiedCount: 0, upsertedId: after?.get("_id") as Value };
  return { matchedCount: 1, modifiedCount: before === after ? 0 : 1 };
}

export async function updateMany(
  context: CollectionContext,
  filter: Doc,
  update: UpdateSpec,
  options?: UpdateOptions,
): Promise<UpdateResult> {
  mustBeUpdate(update);
  const { writing } = compileWriting(context, filter, { update }, options);
  // All of them: the limit of one is that of `updateOne`.
  const query: CompiledQuery = { ...writing.query, limit: undefined };
  const collection = findCollection(context, query);
  const records =
    collection === undefined
      ? []
      : await readRecords(context.store.environment, collection, query, {
          pacer: createPacer(options?.signal),
        });
  if (collection === undefined || records.length === 0)
    return writing.compose === undefined
      ? { matchedCount: 0, modifiedCount: 0 }
      : toResult(await runOne(context, writing, options));
  const { match } = query;
  const changes = { match, change: writing.change, signal: options?.signal };
  return toCounts(await changeFound(context, collection, records, changes, toCounts));
}

function toCounts({ matched, modified }: Changed): UpdateResult {
  return { matchedCount: matched, modifiedCount: modified };
}

export async function findOneAndUpdate(
  context: CollectionContext,
  filter: Doc,
  update: UpdateSpec,
  options?: FindOneAndOptions,
): Promise<Doc | null> {
  mustBeUpdate(update);
  return await runAndReturn(context, filter, { update }, options);
}

export async function findOneAndReplace(
  context: CollectionContext,
  filter: Doc,
  replacement: Doc,
  options?: FindOneAndOptions,
): Promise<Doc | null> {
  return await runAndReturn(context, filter, { replacement }, options);
}

async function runAndReturn(
  context: CollectionContext,
  filter: Doc,
  write: { readonly update: UpdateSpec } | { readonly replacement: Doc },
  options: FindOneAndOptions | undefined,
): Promise<Doc | null> {
  const { writing, environment } = compileWriting(context, filter, write, options);
  const project = compileReturn(options, writing.query, environment);
  try {
    const modified = await runOne(context, writing, options);
    const image = options?.returnDocument === "after" ? modified?.after : modified?.before;
    return image === undefined ? null : project(image);
  } catch (cause) {
    throw asExecutorError(cause, "findAndModify");
  }
}

function compileReturn(
  options: FindOneAndOptions | undefined,
  { match }: CompiledQuery,
  environment: QueryEnvironment,
): (doc: Doc) => Doc {
  const spec = options?.projection;
  if (spec === undefined || spec.size === 0) return (doc) => doc;
  if (options?.returnDocument === "after" && spec.keys().some((each) => each.endsWith(".$")))
    throw badValue("cannot use a positional projection and return the new document");
  const projection = compileProjection(spec, environment, "find", match);
  if (environment.metadata?.has("sortKey") === true)
    throw badValue("Cannot use a $meta sortKey projection in findAndModify commands.");
  return (doc) => projection.apply(doc);
}

export async function findOneAndDelete(
  context: CollectionContext,
  filter: Doc,
  options?: FindOneAndOptions,
): Promise<Doc | null> {
  const environment = createEnvironment(context, options);
  const { guard } = context;
  const wanted = guard?.filter ?? filter;
  const found = compileQuery(
    {
      filter: wanted,
      sort: options?.sort,
      hint: options?.hint,
      limit: 1,
      ...heavyHelp(context, options, environment),
    },
    environmentOfSearch(context, options, environment),
  );
  const query = guardQuery(found, guard);
  const project = compileReturn(options, query, environment);
  findCollection(context, query);
  const change = guardChange(() => undefined, guard);
  try {
    const modified = await settling(() =>
      modifyOne(context, { query, change, signal: options?.signal }),
    );
    return modified?.before === undefined ? null : project(modified.before);
  } catch (cause) {
    throw asExecutorError(cause, "findAndModify");
  }
}
