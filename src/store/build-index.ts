/**
 * Makes an index, over the documents that there are, while others read and write.
 *
 * The keys of all documents are brought into order first, and put in behind one another then: at random places each
 * would cost a page of the disk. Writers see to the keys of what they write meanwhile; see `index-build/build-state.ts`.
 * Until the index is complete nobody reads from it, and one that is not when the store opens is taken out.
 */
import { randomUUID } from "node:crypto";
import path from "node:path";
import { Doc } from "../bson/doc.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { createPacer, type Pacer } from "../kit/pacer.ts";
import { namespaceOf, type StoredCollection, type StoredIndex } from "./catalog.ts";
import { toFailure } from "./environment.ts";
import type { EntryBatch } from "./index-build/entry-merge.ts";
import { createEntrySorter, type EntrySorter } from "./index-build/entry-sorter.ts";
import { createEntryWriter, type EntryWriter } from "./index-build/entry-writer.ts";
import { compileDefinition, isSameIndex } from "./index-definition.ts";
import { eachKey } from "./index-keys.ts";
import type { Store } from "./store.ts";
import { writeRecordIdTo } from "./tables.ts";

const indexesMax = 64;

/**
 * Makes the index unless it is there; resolves when it can be used.
 *
 * @param spec as `readIndexSpec` gives it
 * @throws {MongoError} 85 and 86 when it is at odds with another, 67 beyond 64 indexes, 11000 and 171 for the documents,
 *   276 when it is dropped meanwhile
 * @throws {Fault} `ServiceUnavailable` when the store closes meanwhile, or the disk is full
 */
export async function buildIndex(
  store: Store,
  { database, name }: { readonly database: string; readonly name: string },
  spec: Doc,
): Promise<void> {
  const { environment, catalog, builds } = store;
  const started = await environment.write(() => {
    const collection = catalog.ensure(database, name);
    const wanted = compileDefinition(spec);
    const same = collection.indexes.find((each) => isSameIndex(wanted, each.definition));
    if (same !== undefined) return { collection, index: same, last: 0 };
    if (collection.indexes.length >= indexesMax)
      throw new MongoError(
        67,
        `add index fails, too many indexes for ${namespaceOf(collection)} key:${wanted.name}`,
      );
    const last = collection.count === 0 ? 0 : environment.records.last(collection.id);
    return { collection, index: catalog.addIndex(collection, spec, last === 0), last };
  });
  if (started.last === 0) {
    await builds.get(started.index);
    return;
  }
  const build = fillIndex(store, started).finally(() => builds.delete(started.index));
  builds.set(started.index, build);
  await build;
}

interface Build {
  readonly collection: StoredCollection;
  readonly index: StoredIndex;
  /** The last record that was there when it began. */
  readonly last: number;
}

async function fillIndex(store: Store, build: Build): Promise<void> {
  const { environment, builds } = store;
  const { collection, index } = build;
  const pacer = createPacer(store.closing);
  const sorter = createEntrySorter({
    directory: path.join(environment.path, "builds"),
    pacer,
    bytesMax: () => store.buildBytesMax / Math.max(1, builds.size),
  });
  try {
    await readEntries(store, build, sorter, pacer);
    await writeEntries(store, build, sorter);
  } catch (cause) {
    await environment.write(() => {
      if (isWanted(build)) store.catalog.dropIndex(collection, index);
    });
    void store.collectGarbage().catch(() => undefined);
    if (cause instanceof MongoError) throw toBuildFailure(collection, cause);
    throw isOfDisk(cause) ? toFailure(environment.path, cause) : cause;
  } finally {
    await sorter.close();
  }
}

function isOfDisk(cause: unknown): boolean {
  return cause instanceof Error && "syscall" in cause;
}

function isWanted({ collection, index }: Build): boolean {
  return !collection.isDropped && collection.indexes.includes(index);
}

function mustBeWanted(build: Build): void {
  if (!isWanted(build)) throw new MongoError(276, "operation was interrupted");
}

/** Takes the keys of all documents, in a state that each had since the build began. */
async function readEntries(
  { environment }: Store,
  build: Build,
  sorter: EntrySorter,
  pacer: Pacer,
): Promise<void> {
  const { collection, index, last } = build;
  const { isDirect } = index.definition;
  let next = 1;
  for (let isDone = false; !isDone;) {
    isDone = environment.records.scan(collection.id, next, false, (record, bytes) => {
      next = record + 1;
      eachKey(index, Doc.fromBytes(bytes), record, (key) => {
        if (isDirect) writeRecordIdTo(key, record);
        sorter.push(key);
      });
      return record < last && !sorter.isDue && !pacer.due();
    });
    isDone ||= next > last;
    // oxlint-disable-next-line no-await-in-loop
    await (sorter.isDue ? sorter.settle() : pacer.rest());
    mustBeWanted(build);
  }
}

async function writeEntries(store: Store, build: Build, sorter: EntrySorter): Promise<void> {
  const writer = createEntryWriter(store.environment, build.collection, build.index);
  const next = await sorter.merge();
  let batch = await next();
  while (!batch.isLast)
    // The next batch is made while this one is on its way to the disk.
    // oxlint-disable-next-line no-await-in-loop
    [batch] = await Promise.all([next(), writeBatch(store, build, writer, batch)]);
  await writeBatch(store, build, writer, batch);
}

async function writeBatch(
  store: Store,
  build: Build,
  writer: EntryWriter,
  batch: EntryBatch,
): Promise<void> {
  let at = 0;
  for (let isDone = false; !isDone;) {
    const from = at;
    // oxlint-disable-next-line no-await-in-loop
    const slice = await store.environment.write(() => {
      mustBeWanted(build);
      const stop = writer.putSlice(batch, from);
      const isAll = batch.isLast && stop === batch.length;
      // Given and not thrown: the puts are undone by dropping the index.
      const failure = isAll || writer.isFull ? writer.findDouble() : undefined;
      if (isAll && failure === undefined) finish(store, build.index);
      return { stop, failure };
    });
    if (slice.failure !== undefined) throw slice.failure;
    at = slice.stop;
    isDone = at === batch.length;
  }
}

/** Within a job. */
function finish({ environment }: Store, index: StoredIndex): void {
  const { build } = index;
  environment.touch();
  environment.onUndo(() => {
    index.isReady = false;
    index.build = build;
  });
  index.isReady = true;
  index.build = undefined;
  index.changed();
}

/** The server names the build and the collection by their ids. */
function toBuildFailure(collection: StoredCollection, cause: MongoError): MongoError {
  const uuid = Buffer.from(collection.uuid.bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  return new MongoError(
    cause.code,
    `Index build failed: ${randomUUID()}: Collection ${namespaceOf(collection)} ( ${uuid} ) :: caused by :: ${cause.message}`,
    { cause },
  );
}
