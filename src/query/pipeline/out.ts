/** `$out`: the pipeline's documents take the place of a collection's. */
import { Doc } from "../../bson/doc.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { CompileStage, Namespace } from "./stage.ts";
import { mustBeTarget, type Refusals } from "./write-target.ts";

export const compileOut: CompileStage = (spec, { namespace }, name) => {
  const writes = readOut(spec, namespace.database);
  return {
    name,
    writes,
    async *run(input, { source }) {
      await source.target(writes).replaceContents(input);
      yield* [];
    },
  };
};

function readOut(spec: Value, database: string): Namespace {
  const target = readTarget(spec, database);
  mustBeTarget(target, refusals);
  return target;
}

const refusals: Refusals = {
  invalid: (namespace) => new MongoError(73, `Invalid $out target namespace, ${namespace}`),
  special: (collection) => new MongoError(17385, `Can't $out to special collection: ${collection}`),
  internal: (database) => new MongoError(31321, `Can't $out to internal database: ${database}`),
};

/** @throws {MongoError} 13111, 16990 and 16994 */
export function readTarget(spec: Value, database: string): Namespace {
  if (typeof spec === "string") return { database, collection: spec };
  if (!(spec instanceof Doc))
    throw new MongoError(
      16990,
      `$out only supports a string or object argument, but found ${typeName(spec)}`,
    );
  const db = spec.get("db");
  const coll = spec.get("coll");
  if (spec.size !== 2 || db === undefined || coll === undefined)
    throw new MongoError(
      16994,
      "If an object is passed to $out it must have exactly 2 fields: 'db' and 'coll'",
    );
  return { database: mustBeName("db", db), collection: mustBeName("coll", coll) };
}

function mustBeName(key: string, value: Value): string {
  if (typeof value === "string") return value;
  throw new MongoError(13111, `wrong type for field (${key}) ${typeName(value)} != string`);
}
