/** What rules come down to for a user, kept as long as the user is: requests that ask nothing else need not ask again. */
import type { AppConfig } from "../config/app-config.ts";
import type { Scope } from "../config/scope.ts";
import type { User } from "../config/user.ts";
import type { RequestEnvironment } from "./expressions.ts";
import { createAccess, type NamespaceAccess } from "./namespace-access.ts";
import type { NamespaceRules } from "./namespace-rules.ts";
import type { Namespace } from "./open-namespace.ts";

interface Known {
  readonly config: AppConfig;
  readonly access: NamespaceAccess;
}

const accesses = new WeakMap<User, Map<string, Known>>();
/** Namespaces of one user; a client could name any number. */
const namespacesMax = 100;

/** The access of a request; one that was made before where it does not depend on the request. */
export function accessOf(
  rules: NamespaceRules,
  config: AppConfig,
  namespace: Namespace,
  environment: RequestEnvironment,
): NamespaceAccess {
  const place = { config, ...namespace };
  if (!rules.isOfUser) return createAccess(rules, place, environment);
  const { scope } = environment;
  let known = accesses.get(scope.user);
  if (known === undefined) {
    known = new Map();
    accesses.set(scope.user, known);
  }
  const { dataSource, database, collection } = namespace;
  const key = `${dataSource}\0${database}.${collection}`;
  const found = known.get(key);
  if (found?.config === config) return found.access;
  const access = createAccess(rules, place, { ...environment, scope: withoutRequest(scope) });
  if (known.size >= namespacesMax) known.clear();
  known.set(key, { config, access });
  return access;
}

const never = new AbortController().signal;

/** A request must not be kept by what outlives it. */
function withoutRequest({ app, config, user }: Scope): Scope {
  return { app, config, user, caller: user, request: undefined, signal: never };
}
