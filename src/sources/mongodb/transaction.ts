/** Transactions of the server, over the driver's sessions. */
import type { ClientSession } from "mongodb";
import { MongoError } from "../../kit/mongo-error.ts";
import { pause } from "../../kit/pause.ts";
import type { BulkGuards, Guard } from "../guard.ts";
import type { CallOptions, Collection, DataSource, Transaction } from "../source.ts";
import { type Environment, openCollection } from "./collection.ts";
import { abortReason, hasLabel, isTransient } from "./failure.ts";
import { createGuardedVerbs, type GuardedVerbs } from "./guarded.ts";
import { runGuardedBulk } from "./guarded-bulk.ts";
import type { Link } from "./link.ts";

/** How long one piece of work is tried again, as the driver's own `withTransaction` has it. */
const workMsMax = 120_000;
const commitsMax = 200;
const retryMsMin = 5;
const retryMsMax = 100;

const never = new AbortController().signal;

export interface BoundTransaction extends Transaction {
  /** Commands through it belong to the transaction. */
  readonly link: Link;
}

export function startTransaction(link: Link, environment: Environment): BoundTransaction {
  const session = link.startSession();
  session.startTransaction({
    readConcern: { level: "snapshot" },
    writeConcern: { w: "majority" },
    readPreference: "primary",
  });
  let isOver = false;
  const bound: Link = {
    ...link,
    async call(call) {
      // Without its transaction, the session would write at once.
      if (isOver) throw noTransaction();
      return link.call({ ...call, session });
    },
  };
  /** What a guard refuses has been written: whoever began the transaction must not be able to keep it. */
  async function endOnFailure<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (cause) {
      isOver = true;
      await session.abortTransaction().catch(() => {});
      throw cause;
    }
  }
  const open = (database: string, name: string, guard?: Guard): Collection => {
    const collection = openCollection(bound, environment, database, name);
    if (guard === undefined) return collection;
    return { ...collection, ...createGuardedVerbs(collection, guard, environment.newId) };
  };
  return {
    link: bound,
    collection: open,
    guarded: (database, name, guard) => ({
      ...open(database, name),
      ...createVerbs(guard, async (_, work) =>
        endOnFailure(async () => work((own) => open(database, name, own))),
      ),
    }),
    async commit() {
      if (isOver) throw noTransaction();
      await commit(link, session);
    },
    // The driver aborts there what is not committed.
    abort: async () => session.endSession(),
  };
}

export function createTransactions(
  link: Link,
  environment: Environment,
): Pick<DataSource, "startTransaction" | "withTransaction" | "guarded"> {
  const transactions: Pick<DataSource, "startTransaction" | "withTransaction"> = {
    startTransaction: () => Promise.resolve(startTransaction(link, environment)),
    async withTransaction(work, options) {
      const endsAt = performance.now() + workMsMax;
      const { signal = never } = options ?? {};
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await runInTransaction(link, environment, work);
        } catch (error) {
          if (!isTransient(error) || performance.now() > endsAt) throw error;
        }
        await waitToRetry(attempt, signal);
      }
    },
  };
  return {
    ...transactions,
    guarded(database, name, guard) {
      const run: RunGuarded = async (options, work) =>
        transactions.withTransaction(
          async (transaction) =>
            work((own) =>
              own === undefined
                ? transaction.collection(database, name)
                : transaction.guarded(database, name, own),
            ),
          options?.signal === undefined ? {} : { signal: options.signal },
        );
      // Each call is a transaction of its own.
      return { ...openCollection(link, environment, database, name), ...createVerbs(guard, run) };
    },
  };
}

/** The server's word for a transaction that has ended. */
function noTransaction(): MongoError {
  return new MongoError(251, "the transaction has been aborted");
}

/** @param work is given a way to the collection within the transaction, with a guard before it */
type RunGuarded = <R>(
  options: CallOptions | undefined,
  work: (open: (guard: Guard | undefined) => Collection) => Promise<R>,
) => Promise<R>;

/** @param guard one for the next write, or those of the operations of a bulk write */
function createVerbs(
  guard: Guard | BulkGuards,
  runOpen: RunGuarded,
): Partial<GuardedVerbs & Pick<Collection, "bulkWrite">> {
  if (!("check" in guard))
    return {
      bulkWrite: async (operations, options) =>
        runOpen(options, async (open) => runGuardedBulk(open, operations, guard, options)),
    };
  const run = async <R>(
    options: CallOptions | undefined,
    work: (collection: Collection) => Promise<R>,
  ): Promise<R> => runOpen(options, async (open) => work(open(guard)));
  return {
    updateOne: async (filter, update, options) =>
      run(options, async (to) => to.updateOne(filter, update, options)),
    updateMany: async (filter, update, options) =>
      run(options, async (to) => to.updateMany(filter, update, options)),
    replaceOne: async (filter, replacement, options) =>
      run(options, async (to) => to.replaceOne(filter, replacement, options)),
    deleteOne: async (filter, options) => run(options, async (to) => to.deleteOne(filter, options)),
    deleteMany: async (filter, options) =>
      run(options, async (to) => to.deleteMany(filter, options)),
    findOneAndUpdate: async (filter, update, options) =>
      run(options, async (to) => to.findOneAndUpdate(filter, update, options)),
    findOneAndReplace: async (filter, replacement, options) =>
      run(options, async (to) => to.findOneAndReplace(filter, replacement, options)),
    findOneAndDelete: async (filter, options) =>
      run(options, async (to) => to.findOneAndDelete(filter, options)),
  };
}

/** Does the work once and commits it. */
export async function runInTransaction<R>(
  link: Link,
  environment: Environment,
  work: (transaction: BoundTransaction) => Promise<R>,
): Promise<R> {
  const transaction = startTransaction(link, environment);
  try {
    const result = await work(transaction);
    await transaction.commit();
    return result;
  } finally {
    await transaction.abort();
  }
}

/** @throws the signal's reason when it aborts */
export async function waitToRetry(attempt: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(retryMsMin * 2 ** Math.min(attempt, 10), retryMsMax);
  await pause(longest * Math.random(), signal);
  if (signal.aborted) throw abortReason(signal);
}

/** Asks until the server has said whether it is committed: a lost answer says neither. */
async function commit(link: Link, session: ClientSession): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      const isUnknown = hasLabel(error, "UnknownTransactionCommitResult");
      if (!isUnknown || attempt >= commitsMax) throw link.toFailure(error);
      await pause(retryMsMax * Math.random(), never);
    }
  }
}
