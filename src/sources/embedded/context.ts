/** What every call on an embedded collection works with. */
import { type Collation, readCollation } from "../../query/collation.ts";
import { compileExpression } from "../../query/expression.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import { Doc } from "../../bson/doc.ts";
import { toDateTime, type Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type { StoredCollection } from "../../store/catalog.ts";
import type { HeavyHelp } from "../../store/heavy-query.ts";
import { mustBeNamespace } from "../../store/names.ts";
import type { Store } from "../../store/store.ts";
import type { CallOptions } from "../source.ts";
import type { JobGuard } from "./guarded.ts";

export interface CollectionContext {
  readonly store: Store;
  readonly database: string;
  readonly name: string;
  /**
   * Only where a write is to happen once: called within its job, with the verb's result, to write the record of it.
   * All of the write is done in that one job then.
   */
  readonly seal?: (result: unknown) => void;
  /** Only of a write under rules: asked within its job, which is the only one then, too. */
  readonly guard?: JobGuard;
}

/** Documents that one job may write at the most; it holds up everybody else. */
const sealedDocumentsMax = 10_000;

/** @throws {Fault} `InvalidParameter` when a write that is to happen once is too big for one job */
export function mustFitJob({ seal, guard }: CollectionContext, count: number): void {
  if ((seal === undefined && guard === undefined) || count <= sealedDocumentsMax) return;
  const kind = seal === undefined ? "under rules with conditions" : "with an Idempotency-Key";
  throw new Fault(
    "InvalidParameter",
    `a request ${kind} writes at most ${sealedDocumentsMax} documents on the embedded store`,
  );
}

/** What is called at the end of the one job of a call; undefined where there may be several. */
export function sealOf<R>(
  { seal, guard }: CollectionContext,
  toResult: (done: R) => unknown,
): ((done: R) => void) | undefined {
  if (seal === undefined) return guard && ((): void => {});
  return (done) => {
    seal(toResult(done));
  };
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
 * @throws {MongoError} what a bad collation gives, and the expressions of `let`
 */
export function createEnvironment(
  context: CollectionContext,
  options: CallOptions | undefined,
): QueryEnvironment {
  const { store } = context;
  const collation = collationOf(context, options);
  const environment: QueryEnvironment = {
    ...(collation !== undefined && { collation }),
    now: toDateTime(store.now()),
    random: Math.random,
    variables: new Map<string, Value | undefined>(),
    metadata: new Set(),
    allowsCode: false,
  };
  for (const [name, spec] of options?.let?.entries() ?? [])
    environment.variables.set(name, compileExpression(spec, environment).evaluate(Doc.empty));
  return environment;
}

/** For `compileQuery`: who tests big documents. */
export function heavyHelp(
  { store }: CollectionContext,
  options: CallOptions | undefined,
): { readonly heavy: HeavyHelp } {
  return { heavy: { work: store.heavy, signal: options?.signal } };
}

/** The call's own collation, else that of the collection. */
function collationOf(
  { store, database, name }: CollectionContext,
  options: CallOptions | undefined,
): Collation | undefined {
  const own = options?.collation;
  if (own !== undefined && own.size > 0) return readCollation(own);
  return store.catalog.find(database, name)?.collation;
}
