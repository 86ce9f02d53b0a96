/** Where `$out` and `$merge` may write. */
import { MongoError } from "../../kit/mongo-error.ts";
import type { Namespace } from "./stage.ts";

const internalDatabases: ReadonlySet<string> = new Set(["admin", "config", "local"]);
const databaseBytesMax = 63;

/** What a stage says of targets that it refuses. */
export interface Refusals {
  invalid(namespace: string): MongoError;
  special(collection: string): MongoError;
  internal(database: string): MongoError;
}

/**
 * Refuses what can be told by the names alone; whether a collection can be made is found out when it is.
 *
 * @throws {MongoError} 73 and those of `refusals`
 */
export function mustBeTarget({ database, collection }: Namespace, refusals: Refusals): void {
  if (`${database}.${collection}`.includes("\0"))
    throw new MongoError(73, "namespaces cannot have embedded null characters");
  if (database.includes("."))
    throw new MongoError(73, `'.' is an invalid character in the database name: ${database}`);
  if (collection.startsWith("."))
    throw new MongoError(73, `Collection names cannot start with '.': ${collection}`);
  const isValid =
    collection !== "" &&
    database !== "" &&
    !/[/\\ "]/.test(database) &&
    Buffer.byteLength(database) <= databaseBytesMax;
  if (!isValid) throw refusals.invalid(`${database}.${collection}`);
  if (collection.startsWith("system.")) throw refusals.special(collection);
  if (internalDatabases.has(database)) throw refusals.internal(database);
}
