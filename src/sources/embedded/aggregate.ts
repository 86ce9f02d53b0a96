/** Pipelines over embedded collections: what they read, and where `$out` and `$merge` write. */
import { randomUUID } from "node:crypto";
import {
  compilePipeline,
  type Namespace,
  type PipelineSource,
  type PipelineTarget,
} from "../../query/pipeline.ts";
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { Collation } from "../../query/collation.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { createPacer, type Pacer } from "../../kit/pacer.ts";
import type { HeavyHelp } from "../../store/heavy-query.ts";
import { compileQuery } from "../../store/query.ts";
import { readDocs } from "../../store/read.ts";
import { toStorable } from "../../store/storable.ts";
import { mustBeDatabaseName, mustBeWritable } from "../../store/names.ts";
import type { Store } from "../../store/store.ts";
import type { Batches, CallOptions } from "../source.ts";
import { type CollectionContext, createEnvironment, findCollection, heavyHelp } from "./context.ts";
import { runOrMove } from "./heavy-pipeline.ts";
import { insertAll, insertOne } from "./insert.ts";
import { collectionStats, indexStats } from "./stats.ts";
import { replaceOne, updateOneWith } from "./update.ts";

export async function* aggregate(
  context: CollectionContext,
  pipeline: readonly Value[],
  options?: CallOptions,
): Batches {
  const { store, database, name } = context;
  const environment = createEnvironment(context, options);
  const namespace = { database, collection: name };
  const compiled = compilePipeline(pipeline, environment, namespace);
  findCollection(context);
  const signal = options?.signal;
  const pacer = createPacer(signal);
  const help = heavyHelp(context, options, environment).heavy;
  yield* runOrMove(compiled, pipeline, {
    environment,
    namespace,
    help,
    pacer,
    createSource: (own = help, writing = store.heavy) =>
      createPipelineSource(store, {
        pacer,
        signal,
        hint: options?.hint,
        help: own,
        writing,
        collation: environment.collation,
      }),
  });
}

interface Running {
  readonly pacer: Pacer;
  readonly signal: AbortSignal | undefined;
  /** For the first read only: that of the pipeline's own collection. */
  readonly hint: Value | undefined;
  readonly help: HeavyHelp;
  /** Who works on big documents that are written. */
  readonly writing: HeavyHelp["work"];
  /** Of the pipeline: that of the index by which `$merge` finds what it writes. */
  readonly collation: Collation | undefined;
}

function createPipelineSource(store: Store, running: Running): PipelineSource {
  let { hint } = running;
  return {
    async *read(namespace, request) {
      const { filter, sort, skip = 0, limit, fields, keeper, environment } = request;
      const wanted = limit === undefined ? undefined : skip + limit;
      const heavy = running.help;
      const query = compileQuery(
        { filter, sort, hint, limit: wanted, heavy, isStage: true },
        environment,
      );
      hint = undefined;
      // What documents carry beside their fields must not get lost.
      const carries = (environment.metadata?.size ?? 0) > 0;
      const { database, collection: name } = namespace;
      // Stages may read by a name that no collection can have; a search needs an index by any means.
      const collection =
        query.text === undefined
          ? store.catalog.find(database, name)
          : findCollection(contextOf(store, namespace), query);
      if (collection === undefined) return;
      const { pacer } = running;
      yield* readDocs(store.environment, collection, query, {
        skip,
        limit,
        pacer,
        fields: carries ? undefined : fields,
        keeper: carries ? undefined : keeper,
      });
    },
    hasIndexOn: (namespace, field) => hasIndexOn(contextOf(store, namespace), field),
    target(namespace) {
      const heavy = { ...store.heavy, run: running.writing.run };
      return createTarget(contextOf({ ...store, heavy }, namespace), running);
    },
    collectionStats: (namespace, options) =>
      Promise.resolve(collectionStats(contextOf(store, namespace), options)),
    indexStats: (namespace) => Promise.resolve(indexStats(contextOf(store, namespace))),
  };
}

function contextOf(store: Store, { database, collection }: Namespace): CollectionContext {
  return { store, database, name: collection };
}

function createTarget(
  context: CollectionContext,
  { signal, collation }: Pick<Running, "signal" | "collation">,
): PipelineTarget {
  return {
    hasUniqueIndex: (fields) => Promise.resolve(hasUniqueIndex(context, fields, collation)),
    async insert(document) {
      await insertOne(context, document);
    },
    async update(filter, update, { upsert, upsertDocument, variables }) {
      const { matchedCount } = await updateOneWith(context, filter, update, {
        upsert,
        upsertDocument,
        variables: variables ?? new Map<string, Value | undefined>(),
      });
      return matchedCount;
    },
    async replace(filter, replacement, { upsert }) {
      const { matchedCount } = await replaceOne(context, filter, replacement, { upsert });
      return matchedCount;
    },
    replaceContents: (documents) => replaceContents(context, documents, signal),
  };
}

function hasUniqueIndex(
  context: CollectionContext,
  fields: readonly string[],
  collation: Collation | undefined,
): boolean {
  if (fields.length === 1 && fields[0] === "_id") return true;
  const indexes = findCollection(context)?.indexes ?? [];
  return indexes.some(({ isReady, definition }) => {
    const { isUnique, partial, geo, text } = definition;
    const isPlain = partial === undefined && geo === undefined && text === undefined;
    if (!isReady || !isUnique || !isPlain) return false;
    if (definition.collation?.name !== collation?.name) return false;
    const paths = definition.fields.map(({ path }) => path);
    return paths.length === fields.length && fields.every((each) => paths.includes(each));
  });
}

function hasIndexOn({ store, database, name }: CollectionContext, field: string): boolean {
  const indexes = store.catalog.find(database, name)?.indexes ?? [];
  return indexes.some(({ isReady, definition }) => {
    const { fields, partial, isSparse, isHidden, collation, geo } = definition;
    const isWhole = partial === undefined && !isSparse && !isHidden;
    return (
      isReady &&
      isWhole &&
      collation === undefined &&
      geo === undefined &&
      fields[0]?.path === field
    );
  });
}

/** @throws {MongoError} 20 */
function mustBeTarget(database: string, name: string): void {
  try {
    mustBeWritable(database, name);
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    throw new MongoError(20, `error with target namespace: ${cause.message}`, { cause });
  }
}

/** Fills a new collection beside the old one and puts it in its place in one transaction. */
async function replaceContents(
  { store, database, name }: CollectionContext,
  documents: AsyncIterable<readonly Doc[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { environment, catalog, stamps } = store;
  const temporary = `tmp.agg_out.${randomUUID()}`;
  mustBeDatabaseName(database, temporary);
  mustBeTarget(database, name);
  const scratch: CollectionContext = { store, database, name: temporary };
  const present = findCollection({ store, database, name });
  await environment.write(() => {
    const made = catalog.create(database, temporary, present?.options ?? Doc.empty);
    for (const each of present?.indexes.slice(1) ?? [])
      if (each.isReady) catalog.addIndex(made, each.definition.spec, true);
  });
  try {
    for await (const batch of documents) {
      const storable = batch.map((each) => toStorable(each, stamps));
      const { failures } = await insertAll(scratch, storable, { ordered: true, signal });
      const [first] = failures;
      if (first !== undefined) throw new MongoError(first.code, first.message);
    }
    await environment.write(() => {
      const filled = catalog.find(database, temporary);
      const replaced = catalog.find(database, name);
      if (filled !== undefined) catalog.rename(filled, name);
      if (replaced !== undefined) store.feed.note(replaced, { kind: "drop" });
    });
  } catch (cause) {
    await environment.write(() => {
      const filled = catalog.find(database, temporary);
      if (filled !== undefined) catalog.drop(filled);
    });
    throw cause;
  } finally {
    void store.collectGarbage().catch(() => undefined);
  }
}
