/**
 * The one door to data: from the names in a request to a `Collection` that does only what its user may do.
 *
 * Actions, functions and the client API all come through here, once per operation.
 */
import { randomBytes } from "node:crypto";
import { createObjectIdFactory } from "../bson/object-id.ts";
import { isArray, type Value } from "../bson/value.ts";
import type { App } from "../config/app.ts";
import type { AppConfig } from "../config/app-config.ts";
import type { IsRefused } from "../config/internal-database.ts";
import type { CallFunction, Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import type { BulkGuards, Guard } from "../sources/guard.ts";
import type { OnceCall, OnceCollection } from "../sources/once.ts";
import type { CodeWork, Collection, CollectionOptions, DataSource } from "../sources/source.ts";
import { mustAllow, type Verb } from "./access.ts";
import { withoutCode } from "./code-free.ts";
import { enforce } from "./enforced-collection.ts";
import type { ReadSecret } from "./expressions.ts";
import { accessOf } from "./known-access.ts";
import type { NamespaceAccess } from "./namespace-access.ts";
import { type NamespaceRules, rulesOf } from "./namespace-rules.ts";
import { findTouched } from "./pipeline-namespaces.ts";
import { reach } from "./reach.ts";
import { noRule } from "./read-plan.ts";
import { hasSchema } from "./schema.ts";

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
  /** For values of the app that stand for secrets, in rules. */
  readonly readSecret?: ReadSecret;
  /** Who runs the code in queries of an app's system users; absent: nobody, on any source. */
  readonly codeWorkOf?: (app: App) => CodeWork;
}

/** @throws {Fault} `ServiceNotFound` for a data source that is none, `NoMatchingRuleFound` for what the user may not do */
export function openNamespace(
  scope: Scope,
  namespace: Namespace,
  use: Use,
  access: DataAccess,
): Collection {
  const { database, collection } = namespace;
  const store = mustStore(scope, namespace, use, access);
  return openUnderRules(
    { scope, namespace, use, access, store },
    store.collection(database, collection, codeOptions(scope, access)),
    (guard) => store.guarded(database, collection, guard),
  );
}

/** The same for a write that is to happen once. `isReplay` tells, after the write, whether it had happened before. */
export function openNamespaceOnce(
  scope: Scope,
  namespace: Namespace,
  use: Use,
  access: DataAccess & { readonly once: OnceCall },
): { readonly collection: Collection; readonly isReplay: () => boolean } {
  const { database, collection } = namespace;
  const store = mustStore(scope, namespace, use, access);
  const opened: OnceCollection[] = [];
  const open = (guard?: Guard): Collection => {
    const made = store.once(database, collection, access.once, guard);
    opened.push(made);
    return made.collection;
  };
  return {
    collection: openUnderRules({ scope, namespace, use, access, store }, open(), (guard) =>
      // No bulk write happens once, of which the collection itself tells.
      "check" in guard ? open(guard) : open(),
    ),
    isReplay: () => opened.some((each) => each.isReplay()),
  };
}

function codeOptions({ app, user }: Scope, { codeWorkOf }: DataAccess): CollectionOptions {
  return user.type === "system" && codeWorkOf !== undefined ? { code: codeWorkOf(app) } : {};
}

interface Opening {
  readonly scope: Scope;
  readonly namespace: Namespace;
  readonly use: Use;
  readonly access: DataAccess;
  readonly store: DataSource;
}

function openUnderRules(
  opening: Opening,
  raw: Collection,
  guarded: (guard: Guard | BulkGuards) => Collection,
): Collection {
  const { scope, namespace, use, access, store } = opening;
  const { config, user } = scope;
  if (user.type === "system" && access.codeWorkOf !== undefined) return raw;
  const own = withoutCode(raw, store);
  if (user.type === "system") return own;
  // Atlas: until a directory was pushed there are no rules, and the permission of the data source is all that counts.
  if (config === undefined) return own;
  const rules = mustHaveRules(config, namespace);
  const writes = use.verb !== "find" && use.verb !== "aggregate";
  const isChecked = hasSchema(config, namespace);
  const isOpen =
    rules.isOpen && !(writes && isChecked) && (use.verb !== "aggregate" || reachesNothing(use));
  if (isOpen) return own;
  const environment = {
    scope,
    callFunction: access.callFunction,
    readSecret: access.readSecret,
  };
  const open = (target: Namespace): NamespaceAccess =>
    accessOf(mustHaveRules(config, target), config, target, environment);
  return enforce({
    access: accessOf(rules, config, namespace, environment),
    environment,
    raw: own,
    guarded,
    hasSchema: isChecked,
    newId,
    reach: async (pipeline) => reach(opening, pipeline, open),
  });
}

/** Most pipelines stay in their own collection. */
function reachesNothing(use: Extract<Use, { verb: "aggregate" }>): boolean {
  return isArray(use.pipeline) && findTouched(use.pipeline, "").length === 0;
}

const newId = createObjectIdFactory({ now: Date.now, random: (count) => randomBytes(count) });

function mustHaveRules(config: AppConfig, namespace: Namespace): NamespaceRules {
  const { dataSource, database, collection } = namespace;
  const rules = rulesOf(config, dataSource, database, collection);
  if (rules === undefined) throw noRule(namespace);
  return rules;
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
