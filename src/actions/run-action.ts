/** One call of an action: from the request's body to its result, with everything that may refuse it on the way. */
import type { Doc } from "../bson/doc.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import { MongoError } from "../kit/mongo-error.ts";
import {
  type DataAccess,
  openNamespace,
  openNamespaceOnce,
  type Use,
} from "../rules/open-namespace.ts";
import type { OnceCall } from "../sources/once.ts";
import type { Action, ActionContext, ActionResult } from "./action.ts";
import { mustText } from "./fields.ts";

export interface ActionCall {
  readonly action: Action;
  readonly body: Doc;
  readonly scope: Scope;
  readonly access: DataAccess;
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
  const { action, body, scope, access, once } = call;
  const namespace = {
    dataSource: mustText(body, "dataSource"),
    database: mustText(body, "database"),
    collection: mustText(body, "collection"),
  };
  const use = useOf(action, body);
  if (once === undefined)
    return action.run(body, openNamespace(scope, namespace, use, access), context);
  const opened = openNamespaceOnce(scope, namespace, use, { ...access, once });
  const result = await action.run(body, opened.collection, context);
  return { ...result, isReplay: opened.isReplay() };
}

function useOf({ verb }: Action, body: Doc): Use {
  return verb === "aggregate" ? { verb, pipeline: body.get("pipeline") } : { verb };
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
