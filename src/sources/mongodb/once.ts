/** Writes that happen once: write and record in a transaction of the server. */
import { Fault } from "../../kit/fault.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Guard } from "../guard.ts";
import {
  createOnceCollection,
  type OnceCall,
  type OnceCollection,
  readRecord,
  recordCollection,
  recordDatabase,
  recordFilter,
  recordIndex,
  type RunOnce,
  toRecord,
} from "../once.ts";
import { type Environment, openCollection } from "./collection.ts";
import { isTransient } from "./failure.ts";
import type { Link } from "./link.ts";
import { runInTransaction, waitToRetry } from "./transaction.ts";

/** Until somebody else's transaction on the same documents, or an election, is over. */
const attemptsMax = 200;

const never = new AbortController().signal;

export interface OnceSource {
  once(database: string, name: string, call: OnceCall, guard?: Guard): OnceCollection;
}

export function createOnceSource(link: Link, environment: Environment): OnceSource {
  const records = openCollection(link, environment, recordDatabase, recordCollection);
  let preparing: Promise<unknown> | undefined;

  /** The index that takes old records away; also the collection, which a transaction makes only on newer servers. */
  async function prepare(): Promise<void> {
    preparing ??= records.createIndex(recordIndex.keys, recordIndex.options);
    try {
      await preparing;
    } catch (error) {
      preparing = undefined;
      throw error;
    }
  }

  return {
    once(database, name, call, guard): OnceCollection {
      let isReplay = false;
      const run: RunOnce = async (codec, write, signal) => {
        await prepare();
        for (let attempt = 1; ; attempt += 1) {
          const record = await records.findOne(recordFilter(call));
          if (record !== null) {
            isReplay = true;
            return readRecord(record, call, codec);
          }
          try {
            return await runInTransaction(link, environment, async (transaction) => {
              const collection =
                guard === undefined
                  ? transaction.collection(database, name)
                  : transaction.guarded(database, name, guard);
              const result = await write(collection);
              const made = toRecord(call, codec.toValue(result), Date.now());
              const recording = transaction.collection(recordDatabase, recordCollection);
              await recording.insertOne(made);
              return result;
            });
          } catch (error) {
            const isPassing = isOwnDuplicate(error) || isTransient(error);
            if (attempt >= attemptsMax || !isPassing) throw wordFailure(error);
          }
          await waitToRetry(attempt, signal ?? never);
        }
      };
      const base = openCollection(link, environment, database, name);
      return { collection: createOnceCollection(base, run), isReplay: () => isReplay };
    },
  };
}

/** Another request of the same name was faster. */
function isOwnDuplicate(error: unknown): boolean {
  const namespace = ` collection: ${recordDatabase}.${recordCollection} `;
  return error instanceof MongoError && error.code === 11_000 && error.message.includes(namespace);
}

/** A server of its own, without a replica set, has no transactions. */
function wordFailure(error: unknown): unknown {
  const isSingle =
    error instanceof MongoError &&
    error.code === 20 &&
    error.message.startsWith("Transaction numbers");
  if (!isSingle) return error;
  return new Fault("BadRequest", "Idempotency-Key needs a MongoDB that is a replica set", {
    cause: error,
  });
}
