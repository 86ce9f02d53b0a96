/** `$out`: the pipeline's documents take the place of a collection's. */
import { Doc } from "../../bson/doc.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { CompileStage, Namespace } from "./stage.ts";

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
  if (target.collection === "" || target.database === "")
    throw new MongoError(
      73,
      `Invalid $out target namespace, ${target.database}.${target.collection}`,
    );
  return target;
}

/** @throws {MongoError} 16990 and 16994 */
export function readTarget(spec: Value, database: string): Namespace {
  if (typeof spec === "string") return { database, collection: spec };
  if (!(spec instanceof Doc))
    throw new MongoError(
      16990,
      `$out only supports a string or object argument, but found ${typeName(spec)}`,
    );
  const db = spec.get("db");
  const coll = spec.get("coll");
  if (spec.size !== 2 || typeof db !== "string" || typeof coll !== "string")
    throw new MongoError(
      16994,
      "If an object is passed to $out it must have exactly 2 fields: 'db' and 'coll'",
    );
  return { database: db, collection: coll };
}
