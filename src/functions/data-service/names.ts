/** `getDBNames()` and `getCollectionNames()`, which only the system may call. */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { Scope } from "../../config/scope.ts";
import { Fault } from "../../kit/fault.ts";
import type { DataAccess } from "../../rules/open-namespace.ts";
import type { DataSource } from "../../sources/source.ts";

export async function listDatabases(
  body: Doc,
  scope: Scope,
  access: DataAccess,
): Promise<readonly Value[]> {
  const source = mustOpen(body, scope, access, "getDBNames");
  const names = await source.listDatabases();
  return names.filter((name) => !access.isRefused(name));
}

export async function listCollections(
  body: Doc,
  scope: Scope,
  access: DataAccess,
): Promise<readonly Value[]> {
  const source = mustOpen(body, scope, access, "getCollectionNames");
  const database = body.get("database");
  if (typeof database !== "string" || access.isRefused(database)) return [];
  const found = await source.listCollections(database);
  return found.map((each) => each.get("name") ?? null);
}

function mustOpen(body: Doc, scope: Scope, access: DataAccess, method: string): DataSource {
  const { app, user } = scope;
  if (user.type !== "system")
    throw new Fault("NoMatchingRuleFound", `${method} may only be called by a system function`);
  const service = body.get("service");
  const link = typeof service === "string" ? app.dataSources.get(service) : undefined;
  const source = link === undefined ? undefined : access.stores.get(link.store);
  if (source === undefined || link?.permission === "noAccess")
    throw new Fault(
      "ServiceNotFound",
      `service not found: '${typeof service === "string" ? service : ""}'`,
    );
  return source;
}
