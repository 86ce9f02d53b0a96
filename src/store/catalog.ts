/**
 * Which databases, collections and indexes there are.
 *
 * In memory while the store is open; every change is written in the transaction that it belongs to.
 * Rows: `collection/<id>` its names and indexes, `count/<id>` its size, `garbage/<kind>/<id>` what is still to be cleared
 * away after a drop, `ids` the last id given out, `format` the version of all this.
 */
import { randomUUID } from "node:crypto";
import { compare } from "../bson/compare.ts";
import { Doc } from "../bson/doc.ts";
import { Binary, isArray, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { type Collation, collationOfOptions } from "../query/collation.ts";
import type { Environment } from "./environment.ts";
import { type BuildState, createBuildState } from "./index-build/build-state.ts";
import { compileDefinition, idIndexSpec, type IndexDefinition } from "./index-definition.ts";
import { mustBeWritable } from "./names.ts";
import { mustBeReadable, noteFormat } from "./format.ts";

export interface StoredIndex {
  readonly id: number;
  readonly definition: IndexDefinition;
  /** Per field: whether some document has an array there. Only ever set. */
  readonly multikey: boolean[];
  /** Whether some key was too long and is stored cut: order among long keys is lost. Only ever set. */
  isCut: boolean;
  /** False while it is being built: kept up to date, not read from. */
  isReady: boolean;
  /** Set while it is being built. */
  build?: BuildState | undefined;
  /** How often a query used it since the store was opened. */
  uses: number;
  /** Has the flags above written with the next commit. */
  changed(): void;
}

export interface StoredCollection {
  readonly id: number;
  readonly database: string;
  readonly name: string;
  readonly options: Doc;
  /** That of calls which name none, and of indexes made without one; undefined for the simple one. */
  readonly collation: Collation | undefined;
  readonly uuid: Binary;
  /** The first is that of `_id`. */
  indexes: readonly StoredIndex[];
  /** Documents and their bytes, uncommitted changes included. */
  count: number;
  bytes: number;
  /** Documents as of the last commit: what readers see. */
  committedCount: number;
  /** The id of the last record; 0 before the first is known or made. */
  lastRecord: number;
  isDropped: boolean;
}

export type GarbageKind = "records" | "entries";

export interface Garbage {
  readonly kind: GarbageKind;
  readonly id: number;
}

export interface Catalog {
  find(database: string, name: string): StoredCollection | undefined;
  /** In alphabetical order. */
  databases(): readonly string[];
  /** In the order of their making. */
  collections(database: string): readonly StoredCollection[];
  /** Within a job: the collection, made where there is none. @throws {MongoError} 73, 13297 */
  ensure(database: string, name: string): StoredCollection;
  /** Within a job. @throws {MongoError} 73, 13297; the caller has checked that there is none of that name */
  create(database: string, name: string, options: Doc): StoredCollection;
  /** Within a job: takes it out of the catalog; its bytes become garbage. */
  drop(collection: StoredCollection): void;
  /** Within a job: puts `from` in the place of the collection of that name, if there is one. */
  rename(from: StoredCollection, name: string): StoredCollection;
  /** Within a job. */
  addIndex(collection: StoredCollection, spec: Doc, isReady: boolean): StoredIndex;
  /** Within a job. */
  dropIndex(collection: StoredCollection, index: StoredIndex): void;
  /** Within a job: has the count written with the commit. */
  countChanged(collection: StoredCollection): void;
  garbage(): readonly Garbage[];
  /** Within a job: all of it is cleared away. */
  collected(garbage: Garbage): void;
}

export function openCatalog(environment: Environment): Catalog {
  const databases = new Map<string, Map<string, StoredCollection>>();
  const dirtyRows = new Set<StoredCollection>();
  const dirtyCounts = new Set<StoredCollection>();
  mustBeReadable(environment);
  let lastId = readLastId(environment);
  for (const key of environment.rowKeys("collection/")) register(readCollection(key));

  environment.onCommit(writeDirty, settleCounts);

  function register(collection: StoredCollection): void {
    const collections = databases.get(collection.database) ?? new Map<string, StoredCollection>();
    collections.set(collection.name, collection);
    databases.set(collection.database, collections);
  }

  function unregister(collection: StoredCollection): void {
    const collections = databases.get(collection.database);
    if (collections?.get(collection.name) !== collection) return;
    collections.delete(collection.name);
    if (collections.size === 0) databases.delete(collection.database);
  }

  function readCollection(key: string): StoredCollection {
    const row = Doc.fromBytes(environment.row(key) as Buffer);
    const id = row.get("id") as number;
    const sizes = environment.row(`count/${id}`);
    const size = sizes === undefined ? Doc.empty : Doc.fromBytes(sizes);
    const count = Number(size.get("count") ?? 0);
    const collection: StoredCollection = {
      id,
      database: row.get("database") as string,
      name: row.get("name") as string,
      options: row.get("options") as Doc,
      collation: collationOfOptions(row.get("options") as Doc),
      uuid: row.get("uuid") as Binary,
      indexes: [],
      count,
      bytes: Number(size.get("bytes") ?? 0),
      committedCount: count,
      lastRecord: 0,
      isDropped: false,
    };
    const indexes = row.get("indexes") as readonly Doc[];
    collection.indexes = indexes.map((each) =>
      toIndex(collection, {
        id: each.get("id") as number,
        spec: each.get("spec") as Doc,
        multikey: each.get("multikey") as readonly boolean[],
        isCut: each.get("cut") === true,
        isReady: each.get("ready") === true,
      }),
    );
    return collection;
  }

  function toIndex(collection: StoredCollection, row: IndexRow): StoredIndex {
    return {
      id: row.id,
      definition: compileDefinition(row.spec),
      multikey: [...row.multikey],
      isCut: row.isCut,
      isReady: row.isReady,
      build: row.isReady ? undefined : createBuildState(),
      uses: 0,
      changed: () => dirtyRows.add(collection),
    };
  }

  function writeDirty(): void {
    for (const each of dirtyRows)
      if (!each.isDropped) environment.putRow(`collection/${each.id}`, toRow(each).toBytes());
    for (const each of dirtyCounts)
      if (!each.isDropped) environment.putRow(`count/${each.id}`, toSizes(each).toBytes());
  }

  function settleCounts(): void {
    dirtyRows.clear();
    for (const each of dirtyCounts) each.committedCount = each.count;
    dirtyCounts.clear();
  }

  function newId(): number {
    // Never given out twice, whether or not this transaction is committed.
    lastId += 1;
    environment.putRow("ids", Doc.of({ last: lastId }).toBytes());
    if (lastId === 1) noteFormat(environment);
    return lastId;
  }

  /** Adds to the catalog; both go back when the transaction is undone. */
  function appear(collection: StoredCollection): void {
    register(collection);
    dirtyRows.add(collection);
    dirtyCounts.add(collection);
    environment.onUndo(() => {
      unregister(collection);
      collection.isDropped = true;
      dirtyRows.delete(collection);
      dirtyCounts.delete(collection);
    });
  }

  function disappear(collection: StoredCollection): void {
    unregister(collection);
    collection.isDropped = true;
    environment.removeRow(`collection/${collection.id}`);
    environment.removeRow(`count/${collection.id}`);
    environment.onUndo(() => {
      collection.isDropped = false;
      register(collection);
    });
  }

  function putGarbage(kind: GarbageKind, id: number): void {
    environment.putRow(`garbage/${kind}/${id}`, Doc.of({ id }).toBytes());
  }

  function setIndexes(collection: StoredCollection, indexes: readonly StoredIndex[]): void {
    const before = collection.indexes;
    collection.indexes = indexes;
    dirtyRows.add(collection);
    environment.onUndo(() => {
      collection.indexes = before;
    });
  }

  function mustBeNewDatabase(database: string): void {
    if (databases.has(database)) return;
    const folded = database.toLowerCase();
    const other = [...databases.keys()].find((each) => each.toLowerCase() === folded);
    if (other === undefined) return;
    throw new MongoError(
      13297,
      `db already exists with different case already have: [${other}] trying to create [${database}]`,
    );
  }

  const catalog: Catalog = {
    find: (database, name) => databases.get(database)?.get(name),
    databases: () => [...databases.keys()].toSorted(),
    collections: (database) => [...(databases.get(database)?.values() ?? [])],
    ensure: (database, name) =>
      catalog.find(database, name) ?? catalog.create(database, name, Doc.empty),
    create(database, name, options) {
      mustBeWritable(database, name);
      mustBeNewDatabase(database);
      environment.touch();
      const collection: StoredCollection = {
        id: newId(),
        database,
        name,
        options,
        collation: collationOfOptions(options),
        uuid: new Binary(4, Buffer.from(randomUUID().replaceAll("-", ""), "hex")),
        indexes: [],
        count: 0,
        bytes: 0,
        committedCount: 0,
        lastRecord: 0,
        isDropped: false,
      };
      appear(collection);
      catalog.addIndex(collection, idIndexSpec(collection.collation), true);
      return collection;
    },
    drop(collection) {
      environment.touch();
      disappear(collection);
      putGarbage("records", collection.id);
      for (const each of collection.indexes) putGarbage("entries", each.id);
    },
    rename(from, name) {
      mustBeWritable(from.database, name);
      environment.touch();
      const target = catalog.find(from.database, name);
      if (target !== undefined) catalog.drop(target);
      const renamed: StoredCollection = { ...from, name };
      renamed.indexes = from.indexes.map((index) => ({
        ...index,
        changed: () => dirtyRows.add(renamed),
      }));
      disappear(from);
      appear(renamed);
      return renamed;
    },
    addIndex(collection, spec, isReady) {
      environment.touch();
      const fields = (spec.get("key") as Doc).size;
      const row = {
        id: newId(),
        spec,
        multikey: Array.from({ length: fields }, () => false),
        isCut: false,
        isReady,
      };
      const index = toIndex(collection, row);
      setIndexes(collection, [...collection.indexes, index]);
      return index;
    },
    dropIndex(collection, index) {
      environment.touch();
      setIndexes(
        collection,
        collection.indexes.filter((each) => each !== index),
      );
      putGarbage("entries", index.id);
    },
    countChanged: (collection) => dirtyCounts.add(collection),
    garbage: () =>
      environment.rowKeys("garbage/").map((key) => {
        const [, kind, id] = key.split("/");
        return { kind: kind as GarbageKind, id: Number(id) };
      }),
    collected(garbage) {
      environment.touch();
      environment.removeRow(`garbage/${garbage.kind}/${garbage.id}`);
    },
  };
  return catalog;
}

interface IndexRow {
  readonly id: number;
  readonly spec: Doc;
  readonly multikey: readonly boolean[];
  readonly isCut: boolean;
  readonly isReady: boolean;
}

function readLastId(environment: Environment): number {
  const row = environment.row("ids");
  return row === undefined ? 0 : (Doc.fromBytes(row).get("last") as number);
}

function toRow(collection: StoredCollection): Doc {
  const { id, database, name, options, uuid } = collection;
  const indexes: Value[] = collection.indexes.map((each) =>
    Doc.of({
      id: each.id,
      spec: each.definition.spec,
      multikey: each.multikey,
      cut: each.isCut,
      ready: each.isReady,
    }),
  );
  return Doc.of({ id, database, name, options, uuid, indexes });
}

function toSizes({ count, bytes }: StoredCollection): Doc {
  return Doc.of({ count: BigInt(count), bytes: BigInt(bytes) });
}

export function namespaceOf({ database, name }: StoredCollection): string {
  return `${database}.${name}`;
}

/** The index whose `listIndexes` name or key pattern this is. */
export function findIndex(collection: StoredCollection, hint: Value): StoredIndex | undefined {
  if (typeof hint === "string")
    return collection.indexes.find((each) => each.definition.name === hint);
  if (!(hint instanceof Doc) || isArray(hint)) return undefined;
  return collection.indexes.find((each) => compare(each.definition.keyPattern, hint) === 0);
}
