/** What every call on an embedded collection works with. */
import { compileExpression } from "../../query/expression.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import { Doc } from "../../bson/doc.ts";
import { toDateTime, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { StoredCollection } from "../../store/catalog.ts";
import { mustBeNamespace } from "../../store/names.ts";
import type { Store } from "../../store/store.ts";
import type { CallOptions } from "../source.ts";

export interface CollectionContext {
  readonly store: Store;
  readonly database: string;
  readonly name: string;
}

/** @throws {MongoError} 73 for a name that no collection can have */
export function findCollection({
  store,
  database,
  name,
}: CollectionContext): StoredCollection | undefined {
  const collection = store.catalog.find(database, name);
  if (collection === undefined) mustBeNamespace(database, name);
  return collection;
}

/**
 * The environment of one call.
 *
 * @throws {MongoError} 238 for a collation, which the embedded store does not have yet
 */
export function createEnvironment(
  { store }: CollectionContext,
  options: CallOptions | undefined,
): QueryEnvironment {
  const environment: QueryEnvironment = {
    now: toDateTime(store.now()),
    random: Math.random,
    variables: new Map<string, Value | undefined>(),
    allowsCode: false,
  };
  mustHaveSimpleCollation(options?.collation);
  for (const [name, spec] of options?.let?.entries() ?? [])
    environment.variables.set(name, compileExpression(spec, environment).evaluate(Doc.empty));
  return environment;
}

function mustHaveSimpleCollation(collation: Doc | undefined): void {
  if (collation === undefined || collation.size === 0) return;
  if (collation.get("locale") === "simple") return;
  throw new MongoError(238, "collation is not supported by the embedded store");
}
