/** Transactions of the server, over the driver's sessions. */
import type { ClientSession } from "mongodb";
import { pause } from "../../kit/pause.ts";
import type { CallOptions, Collection, DataSource, Transaction } from "../source.ts";
import { type Environment, openCollection } from "./collection.ts";
import { abortReason } from "./failure.ts";
import { createGuardedVerbs, type GuardedVerbs } from "./guarded.ts";
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
  const bound: Link = { ...link, call: async (call) => link.call({ ...call, session }) };
  return {
    link: bound,
    collection: (database, name) => openCollection(bound, environment, database, name),
    guarded(database, name, guard) {
      const collection = openCollection(bound, environment, database, name);
      return { ...collection, ...createGuardedVerbs(collection, guard, environment.newId) };
    },
    commit: async () => commit(link, session),
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
          async (transaction) => work(transaction.guarded(database, name, guard)),
          options?.signal === undefined ? {} : { signal: options.signal },
        );
      return { ...openCollection(link, environment, database, name), ...createVerbs(run) };
    },
  };
}

type RunGuarded = <R>(
  options: CallOptions | undefined,
  work: (collection: Collection) => Promise<R>,
) => Promise<R>;

/** Each call is a transaction of its own. */
function createVerbs(run: RunGuarded): GuardedVerbs {
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

/** Whether the same work may succeed a moment later: nothing of it has happened. */
export function isTransient(error: unknown): boolean {
  return hasLabel(causeOf(error), "TransientTransactionError");
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

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

function hasLabel(error: unknown, label: string): boolean {
  const labels = (error as { readonly errorLabels?: readonly string[] } | undefined)?.errorLabels;
  return labels?.includes(label) === true;
}
