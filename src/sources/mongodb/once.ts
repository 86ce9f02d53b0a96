/** Writes that happen once: write and record in a transaction of the server. */
import type { ClientSession } from "mongodb";
import { Fault } from "../../kit/fault.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { pause } from "../../kit/pause.ts";
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
import { abortReason } from "./failure.ts";
import type { Link } from "./link.ts";

/** Until somebody else's transaction on the same documents, or an election, is over. */
const attemptsMax = 200;
const retryMsMin = 5;
const retryMsMax = 100;

const never = new AbortController().signal;

export interface OnceSource {
  once(database: string, name: string, call: OnceCall): OnceCollection;
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
    once(database, name, call): OnceCollection {
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
            return await inTransaction(link, async (bound) => {
              const result = await write(openCollection(bound, environment, database, name));
              const made = toRecord(call, codec.toValue(result), Date.now());
              await openCollection(bound, environment, recordDatabase, recordCollection).insertOne(
                made,
              );
              return result;
            });
          } catch (error) {
            if (attempt >= attemptsMax || !isPassing(error)) throw wordFailure(error);
          }
          if (signal?.aborted === true) throw abortReason(signal);
          await pause(Math.min(retryMsMin * 2 ** attempt, retryMsMax) * Math.random(), never);
        }
      };
      const base = openCollection(link, environment, database, name);
      return { collection: createOnceCollection(base, run), isReplay: () => isReplay };
    },
  };
}

async function inTransaction<R>(link: Link, work: (bound: Link) => Promise<R>): Promise<R> {
  const session = link.startSession();
  try {
    session.startTransaction({
      readConcern: { level: "snapshot" },
      writeConcern: { w: "majority" },
    });
    const result = await work({ ...link, call: async (call) => link.call({ ...call, session }) });
    await commit(link, session);
    return result;
  } finally {
    // Aborts what is not committed.
    await session.endSession();
  }
}

/** Asks until the server has said whether it is committed: a lost answer says neither. */
async function commit(link: Link, session: ClientSession): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      const isUnknown = hasLabel(error, "UnknownTransactionCommitResult");
      if (!isUnknown || attempt >= attemptsMax) throw link.toFailure(error);
      await pause(retryMsMax * Math.random(), never);
    }
  }
}

/** Whether the same may succeed a moment later: nothing of it has happened. */
function isPassing(error: unknown): boolean {
  return isOwnDuplicate(error) || hasLabel(causeOf(error), "TransientTransactionError");
}

/** Another request of the same name was faster. */
function isOwnDuplicate(error: unknown): boolean {
  const namespace = ` collection: ${recordDatabase}.${recordCollection} `;
  return error instanceof MongoError && error.code === 11_000 && error.message.includes(namespace);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

function hasLabel(error: unknown, label: string): boolean {
  const labels = (error as { readonly errorLabels?: readonly string[] } | undefined)?.errorLabels;
  return labels?.includes(label) === true;
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
