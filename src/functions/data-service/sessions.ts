/** Transactions of one call: each of the host's sessions has at most one at a time. */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { Scope } from "../../config/scope.ts";
import { Fault } from "../../kit/fault.ts";
import type { DataAccess } from "../../rules/open-namespace.ts";
import type { DataSource, Transaction } from "../../sources/source.ts";

export interface Sessions {
  /** The access within the session that an operation names; the plain one where it names none. */
  accessOf(body: Doc, access: DataAccess): DataAccess;
  /** `start`, `commit`, `abort`. @throws {MongoError} 20 where there are no transactions */
  step(body: Doc, scope: Scope, access: DataAccess): Promise<Value | undefined>;
  close(): void;
}

interface Running {
  readonly transaction: Transaction;
  /** The name of the store that it belongs to. */
  readonly store: string;
  readonly source: DataSource;
}

const runningMax = 10;

export function createSessions(): Sessions {
  const running = new Map<number, Running>();
  let isClosed = false;

  async function start(body: Doc, { app }: Scope, { stores }: DataAccess): Promise<void> {
    const id = sessionOf(body);
    if (running.has(id))
      throw new Fault("InvalidParameter", "the session has a transaction already");
    if (running.size >= runningMax)
      throw new Fault("FunctionExecutionError", `more than ${runningMax} transactions at once`);
    const service = body.get("service");
    const store = typeof service === "string" ? app.dataSources.get(service)?.store : undefined;
    const source = store === undefined ? undefined : stores.get(store);
    if (store === undefined || source === undefined)
      throw new Fault("ServiceNotFound", "service not found");
    const transaction = await source.startTransaction();
    if (isClosed) await transaction.abort();
    else running.set(id, { transaction, store, source });
  }

  async function finish(body: Doc, step: "commit" | "abort"): Promise<void> {
    const found = running.get(sessionOf(body));
    running.delete(sessionOf(body));
    if (found === undefined) return;
    try {
      if (step === "commit") await found.transaction.commit();
    } finally {
      await found.transaction.abort();
    }
  }

  return {
    accessOf(body, access) {
      if (body.get("session") === undefined) return access;
      const found = running.get(sessionOf(body));
      if (found === undefined) return access;
      const { transaction, store, source } = found;
      const within: DataSource = {
        ...source,
        collection: (database, name) => transaction.collection(database, name),
        guarded: (database, name, guard) => transaction.guarded(database, name, guard),
      };
      return { ...access, stores: new Map([...access.stores, [store, within]]) };
    },
    async step(body, scope, access) {
      const step = body.get("step");
      if (step === "start") await start(body, scope, access);
      else if (step === "commit" || step === "abort") await finish(body, step);
      return undefined;
    },
    close() {
      isClosed = true;
      for (const { transaction } of running.values()) transaction.abort().catch(() => {});
      running.clear();
    },
  };
}

function sessionOf(body: Doc): number {
  return Number(body.get("session"));
}
