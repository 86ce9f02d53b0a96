/**
 * The one door to data: from the names in a request to a `Collection` that does only what its user may do.
 *
 * Actions, functions and the client API all come through here, once per operation.
 */
import { isArray, type Value } from "../bson/value.ts";
import type { IsRefused } from "../config/internal-database.ts";
import type { CallFunction, Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import type { OnceCall } from "../sources/once.ts";
import type { Collection, DataSource } from "../sources/source.ts";
import { mustAllow, type Verb } from "./access.ts";
import { findTouched } from "./pipeline-namespaces.ts";

export interface Namespace {
  /** The name of a data source of the app. */
  readonly dataSource: string;
  readonly database: string;
  readonly collection: string;
}

/** What is going to be done; a pipeline may reach into other namespaces. */
export type Use =
  | { readonly verb: Exclude<Verb, "aggregate"> }
  | { readonly verb: "aggregate"; readonly pipeline: Value | undefined };

/** Made once, by `server.ts`. */
export interface DataAccess {
  /** By the name of the store that a data source leads to. */
  readonly stores: ReadonlyMap<string, DataSource>;
  readonly isRefused: IsRefused;
  /** For `%function` in rules. */
  readonly callFunction: CallFunction;
}

/** @throws {Fault} `ServiceNotFound` for a data source that is none, `NoMatchingRuleFound` for what the user may not do */
export function openNamespace(
  scope: Scope,
  namespace: Namespace,
  use: Use,
  access: DataAccess,
): Collection {
  return mustStore(scope, namespace, use, access).collection(
    namespace.database,
    namespace.collection,
  );
}

/** The same for a write that is to happen once. `isReplay` tells, after the write, whether it had happened before. */
export function openNamespaceOnce(
  scope: Scope,
  namespace: Namespace,
  use: Use,
  access: DataAccess & { readonly once: OnceCall },
): { readonly collection: Collection; readonly isReplay: () => boolean } {
  const store = mustStore(scope, namespace, use, access);
  return store.once(namespace.database, namespace.collection, access.once);
}

function mustStore(
  { app, user, caller }: Scope,
  { dataSource, database, collection }: Namespace,
  use: Use,
  { stores, isRefused }: DataAccess,
): DataSource {
  const link = app.dataSources.get(dataSource);
  const store = link === undefined ? undefined : stores.get(link.store);
  if (link === undefined || store === undefined)
    throw new Fault("ServiceNotFound", `service not found: '${dataSource}'`);
  const given = [link.permission, user.permission, caller.permission];
  const allow = (verb: Verb, name: { database: string; name: string }): void => {
    mustAllow(verb, name, ...given);
    if (isRefused(name.database))
      throw new Fault(
        "NoMatchingRuleFound",
        `no rule exists for namespace '${name.database}.${name.name}'`,
      );
  };
  allow(use.verb, { database, name: collection });
  // A pipeline reaches no further than a call of its own would.
  if (use.verb === "aggregate" && isArray(use.pipeline))
    for (const touched of findTouched(use.pipeline, database))
      allow(touched.writes ? "insert" : "find", {
        database: touched.database,
        name: touched.collection,
      });
  return store;
}
