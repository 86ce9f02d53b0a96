/** Which names databases and collections may have: MongoDB's rules, in its words. */
import { MongoError } from "../kit/mongo-error.ts";

const databaseBytesMax = 63;
const namespaceBytesMax = 255;
const databaseCharactersRefused = /[/\\. "]/;

/** Collections below `system.` that may be written. */
const systemWritable: ReadonlySet<string> = new Set(["system.js", "system.users", "system.roles"]);
const systemReadOnly: ReadonlySet<string> = new Set(["system.profile", "system.views"]);

function invalidNamespace(message: string): MongoError {
  return new MongoError(73, message);
}

/** @throws {MongoError} 73 `InvalidNamespace` */
export function mustBeDatabaseName(database: string, collection = ""): void {
  if (database.includes("\0"))
    throw invalidNamespace("namespaces cannot have embedded null characters");
  const isRefused =
    database === "" ||
    databaseCharactersRefused.test(database) ||
    Buffer.byteLength(database) > databaseBytesMax;
  if (isRefused) throw invalidNamespace(`Invalid namespace specified '${database}.${collection}'`);
  if (database.includes("$"))
    throw invalidNamespace(`Invalid namespace: ${database}.${collection}`);
}

/** @throws {MongoError} 73 `InvalidNamespace` for a name that can not even be read from */
export function mustBeNamespace(database: string, collection: string): void {
  mustBeDatabaseName(database, collection);
  if (collection === "") throw invalidNamespace(`Invalid namespace specified '${database}.'`);
  if (collection.includes("\0"))
    throw invalidNamespace("namespaces cannot have embedded null characters");
  if (collection.startsWith("."))
    throw invalidNamespace(`Collection names cannot start with '.': ${collection}`);
  if (collection.includes("$")) throw invalidNamespace(`Invalid collection name: ${collection}`);
}

/** @throws {MongoError} 73 `InvalidNamespace` for a name that no collection can be made under */
export function mustBeWritable(database: string, collection: string): void {
  mustBeNamespace(database, collection);
  const namespace = `${database}.${collection}`;
  if (systemReadOnly.has(collection)) throw invalidNamespace(`cannot write to ${namespace}`);
  if (collection.startsWith("system.") && !systemWritable.has(collection))
    throw invalidNamespace(`Invalid system namespace: ${namespace}`);
  if (Buffer.byteLength(namespace) > namespaceBytesMax)
    throw invalidNamespace(
      `Fully qualified namespace is too long. Namespace: ${namespace} Max: ${namespaceBytesMax}`,
    );
}
