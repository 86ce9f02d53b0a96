/** Indexes and collections: made, listed, dropped. */
import { Doc } from "../../bson/doc.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import { readCollation } from "../../query/collation.ts";
import { buildIndex } from "../../store/build-index.ts";
import { namespaceOf, type StoredCollection } from "../../store/catalog.ts";
import { mustBeIdCollation, mustBeIdKey, readIndexSpec } from "../../store/index-definition.ts";
import { mustBeWritable } from "../../store/names.ts";
import type { Store } from "../../store/store.ts";
import { type CollectionContext, findCollection } from "./context.ts";

export async function createIndex(
  { store, database, name }: CollectionContext,
  keys: Doc,
  options: Doc = Doc.empty,
): Promise<string> {
  mustBeWritable(database, name);
  mustBeIdKey(keys);
  const collation = store.catalog.find(database, name)?.collation;
  // The definition outlives the request that it came with: it gets bytes of its own.
  const spec = Doc.fromBytes(Buffer.from(readIndexSpec(keys, options, collation).toBytes()));
  mustBeIdCollation(spec, collation);
  await buildIndex(store, { database, name }, spec);
  return spec.get("name") as string;
}

/** @param name `*` for all but that of `_id` @throws {MongoError} 26, 27, 72 */
export async function dropIndex(context: CollectionContext, name: string): Promise<void> {
  const { store } = context;
  await store.environment.write(() => {
    const collection = findCollection(context);
    if (collection === undefined)
      throw new MongoError(26, `ns not found ${context.database}.${context.name}`);
    const [idIndex, ...others] = collection.indexes;
    if (name === idIndex?.definition.name) throw new MongoError(72, "cannot drop _id index");
    const dropped = name === "*" ? others : others.filter((each) => each.definition.name === name);
    if (dropped.length === 0 && name !== "*")
      throw new MongoError(27, `index not found with name [${name}]`);
    for (const each of dropped) store.catalog.dropIndex(collection, each);
  });
  sweep(store);
}

/** @throws {MongoError} 26 where there is no such collection */
export function listIndexes(context: CollectionContext): readonly Doc[] {
  const collection = findCollection(context);
  if (collection === undefined)
    throw new MongoError(26, `ns does not exist: ${context.database}.${context.name}`);
  return collection.indexes.filter((each) => each.isReady).map((each) => each.definition.spec);
}

/** @returns whether there was one */
export async function dropCollection(context: CollectionContext): Promise<boolean> {
  const { store } = context;
  const isDropped = await store.environment.write(() => {
    const collection = findCollection(context);
    if (collection !== undefined) drop(store, collection);
    return collection !== undefined;
  });
  sweep(store);
  return isDropped;
}

export async function dropDatabase(store: Store, database: string): Promise<void> {
  await store.environment.write(() => {
    for (const each of store.catalog.collections(database)) drop(store, each);
  });
  sweep(store);
}

/** Within a job. */
function drop({ catalog, feed }: Store, collection: StoredCollection): void {
  catalog.drop(collection);
  feed.note(collection, { kind: "drop" });
}

function sweep(store: Store): void {
  // Runs on beside the requests; what a stop leaves undone is gone on with when the store is opened again.
  void store.collectGarbage().catch(() => undefined);
}

/** Options of `create` that mean nothing here and change nothing that a client would see. */
const harmlessOptions: ReadonlySet<string> = new Set([
  "autoIndexId",
  "storageEngine",
  "comment",
  "writeConcern",
  "indexOptionDefaults",
]);
const unsupportedOptions: ReadonlySet<string> = new Set([
  "capped",
  "size",
  "max",
  "timeseries",
  "viewOn",
  "pipeline",
  "validator",
  "validationLevel",
  "validationAction",
  "clusteredIndex",
  "expireAfterSeconds",
  "changeStreamPreAndPostImages",
  "encryptedFields",
  "idIndex",
]);

/**
 * Makes an empty collection.
 *
 * @throws {MongoError} 48 where there is one, 73 for its name, 40415 for an unknown option, 238 for one that the embedded store does not have
 */
export async function createCollection(
  store: Store,
  database: string,
  name: string,
  options: Doc = Doc.empty,
): Promise<void> {
  mustBeWritable(database, name);
  for (const [option, value] of options.entries()) mustBeOption(option, value);
  const own = Doc.fromBytes(Buffer.from(withWholeCollation(options).toBytes()));
  await store.environment.write(() => {
    const present = store.catalog.find(database, name);
    if (present !== undefined)
      throw new MongoError(48, `Collection ${namespaceOf(present)} already exists.`);
    store.catalog.create(database, name, own);
  });
}

/** A collation is kept with all its options, the simple one not at all. */
function withWholeCollation(options: Doc): Doc {
  const given = options.get("collation");
  if (given === undefined) return options;
  if (!(given instanceof Doc))
    throw typeMismatch(
      `BSON field 'create.collation' is the wrong type '${typeName(given)}', expected type 'object'`,
    );
  const collation = readCollation(given, "create.collation");
  return collation === undefined
    ? options.without("collation")
    : options.with("collation", collation.spec);
}

function mustBeOption(option: string, value: Value): void {
  if (option === "collation" || harmlessOptions.has(option) || value === false) return;
  // Atlas: capped and time series collections, views and validators are the cluster's; rules and schemas are the app's.
  if (unsupportedOptions.has(option))
    throw new MongoError(238, `option '${option}' is not supported by the embedded store`);
  throw new MongoError(40415, `BSON field 'create.${option}' is an unknown field.`);
}

/** As the server's `listCollections`, in the order of their making. */
export function listCollections(store: Store, database: string): readonly Doc[] {
  return store.catalog.collections(database).map((each) =>
    Doc.of({
      name: each.name,
      type: "collection",
      options: each.options,
      info: Doc.of({ readOnly: false, uuid: each.uuid }),
      idIndex: each.indexes[0]?.definition.spec ?? null,
    }),
  );
}
