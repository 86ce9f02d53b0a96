/** One call of an action: from the request's body to its result, with everything that may refuse it on the way. */
import { mustAllow } from "../auth/access.ts";
import type { User } from "../auth/user.ts";
import type { Doc } from "../bson/doc.ts";
import { isArray } from "../bson/value.ts";
import type { App } from "../config/app.ts";
import type { IsRefused } from "../config/internal-database.ts";
import { Fault } from "../kit/fault.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { OnceCall } from "../sources/once.ts";
import type { DataSource } from "../sources/source.ts";
import type { Action, ActionContext, ActionResult } from "./action.ts";
import { mustText } from "./fields.ts";
import { findTouched } from "./pipeline-namespaces.ts";

export interface ActionCall {
  readonly action: Action;
  readonly body: Doc;
  readonly app: App;
  readonly user: User;
  /** By the name of the store that a data source leads to. */
  readonly stores: ReadonlyMap<string, DataSource>;
  readonly isRefused: IsRefused;
  /** Of a write that is to happen once. */
  readonly once?: OnceCall | undefined;
}

/**
 * Runs an action. Reads may go on while the result is consumed.
 *
 * @throws {Fault} for the call's fields, an unknown data source, or what the user may not do
 * @throws {MongoError} what the data source says
 */
export async function runAction(call: ActionCall, context: ActionContext): Promise<ActionResult> {
  const { action, body, app, user, stores } = call;
  const dataSource = mustText(body, "dataSource");
  const database = mustText(body, "database");
  const name = mustText(body, "collection");
  const link = app.dataSources.get(dataSource);
  const store = link === undefined ? undefined : stores.get(link.store);
  if (link === undefined || store === undefined)
    throw new Fault("ServiceNotFound", `service not found: '${dataSource}'`);
  mustAllow(action.verb, { database, name }, link.permission, user.permission);
  mustBeOpen({ database, name }, call.isRefused);
  if (action.verb === "aggregate") mustReach(call, database, [link.permission, user.permission]);
  if (call.once === undefined) return action.run(body, store.collection(database, name), context);
  const { collection, isReplay } = store.once(database, name, call.once);
  const result = await action.run(body, collection, context);
  return { ...result, isReplay: isReplay() };
}

function mustBeOpen(
  { database, name }: { readonly database: string; readonly name: string },
  isRefused: IsRefused,
): void {
  if (isRefused(database))
    throw new Fault("NoMatchingRuleFound", `no rule exists for namespace '${database}.${name}'`);
}

/** A pipeline reaches no further than a call of its own would. */
function mustReach(
  { body, isRefused }: ActionCall,
  database: string,
  given: readonly Parameters<typeof mustAllow>[2][],
): void {
  const pipeline = body.get("pipeline");
  if (!isArray(pipeline)) return;
  for (const touched of findTouched(pipeline, database)) {
    const namespace = { database: touched.database, name: touched.collection };
    mustBeOpen(namespace, isRefused);
    if (touched.writes) mustAllow("insert", namespace, ...given);
  }
}

const maxTimeExpired = 50;

/**
 * Words a failure of an action as the original did: `Failed to find documents: FunctionError: …`.
 *
 * @returns the cause itself when it is neither a fault of the call's fields nor MongoDB's
 */
export function wordFailure(action: Action, cause: unknown): unknown {
  const { failure, verb } = action;
  if (cause instanceof MongoError) {
    const { code, codeName, message } = cause;
    // Nobody but the server's own deadline bounds the time of a call.
    if (code === maxTimeExpired)
      return new Fault("ExecutionTimeLimitExceeded", "execution time limit exceeded", { cause });
    return new Fault("MongoDBError", `${failure}: FunctionError: (${codeName}) ${message}`, {
      cause,
    });
  }
  if (!(cause instanceof Fault)) return cause;
  if (cause.code === "MissingParameter")
    return new Fault("MissingParameter", `${failure}: ${cause.message}`, { cause });
  if (cause.code === "InvalidParameter")
    return new Fault(
      "InvalidParameter",
      `${failure}: FunctionError: mongodb ${verb}: ${cause.message}`,
      {
        cause,
      },
    );
  return cause;
}
