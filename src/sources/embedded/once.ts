/** Writes that happen once: write and record in one job of the store. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { Store } from "../../store/store.ts";
import {
  createOnceCollection,
  type OnceCall,
  type OnceCollection,
  readRecord,
  recordCollection,
  recordDatabase,
  recordFilter,
  recordIndex,
  type ResultCodec,
  type RunOnce,
  toRecord,
} from "../once.ts";
import type { Guard } from "../guard.ts";
import type { Collection } from "../source.ts";
import type { CollectionContext } from "./context.ts";
import { findOne } from "./find.ts";
import { createJobGuard } from "./guarded.ts";
import { createIndex } from "./indexes.ts";

export interface OnceSource {
  once(database: string, name: string, call: OnceCall, guard?: Guard): OnceCollection;
}

/** @param open makes the collection that the verbs belong to */
export function createOnceSource(
  store: Store,
  open: (context: CollectionContext) => Collection,
): OnceSource {
  const records: CollectionContext = { store, database: recordDatabase, name: recordCollection };
  /** Calls that are being made, by their id: one of the same id waits, and finds the record. */
  const running = new Map<string, Promise<unknown>>();
  let preparing: Promise<unknown> | undefined;

  async function prepare(): Promise<void> {
    preparing ??= createIndex(records, recordIndex.keys, recordIndex.options);
    try {
      await preparing;
    } catch (error) {
      preparing = undefined;
      throw error;
    }
  }

  /** Within a job. */
  function insertRecord(call: OnceCall, result: Value): void {
    const record = Doc.fromBytes(toRecord(call, result, store.now()).toBytes());
    store.writer.insert(store.catalog.ensure(recordDatabase, recordCollection), record);
  }

  async function writeWithRecord<R>(
    context: CollectionContext,
    call: OnceCall,
    codec: ResultCodec<R>,
    write: (collection: Collection) => Promise<R>,
  ): Promise<R> {
    const { environment } = store;
    let isSealed = false;
    const seal = (result: unknown): void => {
      insertRecord(call, codec.toValue(result as R));
      isSealed = true;
      environment.onUndo(() => {
        isSealed = false;
      });
    };
    const result = await write(open({ ...context, seal }));
    // What matched nothing wrote nothing, so that there was no job.
    if (!isSealed)
      await environment.write(() => {
        insertRecord(call, codec.toValue(result));
      });
    return result;
  }

  return {
    once(database, name, call, guard): OnceCollection {
      const context = {
        store,
        database,
        name,
        ...(guard && { guard: createJobGuard(guard) }),
      };
      const key = Buffer.from(call.id).toString("latin1");
      let isReplay = false;
      const run: RunOnce = async (codec, write) => {
        await prepare();
        while (running.has(key)) await running.get(key);
        const work = async (): ReturnType<typeof write> => {
          const record = await findOne(records, recordFilter(call));
          if (record === null) return writeWithRecord(context, call, codec, write);
          isReplay = true;
          return readRecord(record, call, codec);
        };
        const mine = work();
        running.set(
          key,
          mine.catch(() => undefined),
        );
        try {
          return await mine;
        } finally {
          running.delete(key);
        }
      };
      return { collection: createOnceCollection(open(context), run), isReplay: () => isReplay };
    },
  };
}
