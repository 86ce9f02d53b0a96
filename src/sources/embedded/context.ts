/** What every call on an embedded collection works with. */
import { type Collation, readCollation } from "../../query/collation.ts";
import { setCommandVariables } from "../../query/command-variables.ts";
import { createAbsentRunner } from "../../query/code.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import { PlanFailure } from "../../query/plan-failure.ts";
import { toDateTime, type Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type { StoredCollection } from "../../store/catalog.ts";
import type { HeavyHelp } from "../../store/heavy-query.ts";
import type { HeavyWork } from "../../store/heavy-work.ts";
import { mustBeNamespace } from "../../store/names.ts";
import type { CompiledQuery } from "../../store/query.ts";
import type { Store } from "../../store/store.ts";
import type { BulkGuards } from "../guard.ts";
import type { CallOptions, CodeWork } from "../source.ts";
import type { JobGuard } from "./guarded.ts";

export interface CollectionContext {
  readonly store: Store;
  readonly database: string;
  readonly name: string;
  /** Who runs code of the caller's; absent: it may send none. */
  readonly code?: CodeWork;
  /**
   * Only where a write is to happen once: called within its job, with the verb's result, to write the record of it.
   * All of the write is done in that one job then.
   */
  readonly seal?: (result: unknown) => void;
  /** Only of a write under rules: asked within its job, which is the only one then, too. */
  readonly guard?: JobGuard;
  /** Only of a bulk write under rules. */
  readonly guards?: BulkGuards;
}

/** Documents that one job may write at the most; it holds up everybody else. */
const documentsOfJobMax = { once: 10_000, bulk: 1000 } as const;

/** @throws {Fault} `InvalidParameter` when a write that is one job is too big for one */
export function mustFitJob({ seal, guards }: CollectionContext, count: number): void {
  if (seal !== undefined)
    mustBeAtMost(count, documentsOfJobMax.once, "request with an Idempotency-Key");
  if (guards !== undefined)
    mustBeAtMost(count, documentsOfJobMax.bulk, "bulk write under rules with conditions");
}

function mustBeAtMost(count: number, most: number, kind: string): void {
  if (count <= most) return;
  throw new Fault(
    "InvalidParameter",
    `a ${kind} writes at most ${most} documents on the embedded store`,
  );
}

/**
 * @param query what is asked of it, for a `$text`, which needs an index
 * @throws {MongoError} 73 for a name that no collection can have, 27 where there is no collection and so no index
 */
export function findCollection(
  { store, database, name }: CollectionContext,
  query?: Pick<CompiledQuery, "text">,
): StoredCollection | undefined {
  const collection = store.catalog.find(database, name);
  if (collection !== undefined) return collection;
  mustBeNamespace(database, name);
  if (query?.text !== undefined)
    throw new PlanFailure(
      27,
      `text index required for $text query (no such collection '${database}.${name}')`,
    );
  return undefined;
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
    ...(context.code !== undefined && { code: createAbsentRunner() }),
  };
  if (options?.let !== undefined) setCommandVariables(options.let, environment);
  return environment;
}

/** How documents are looked for: what a guard looks for knows nothing of the call's own collation. */
export function environmentOfSearch(
  context: CollectionContext,
  options: CallOptions | undefined,
  environment: QueryEnvironment,
): QueryEnvironment {
  if (context.guard === undefined || options?.collation === undefined) return environment;
  const { collation: _, ...rest } = options;
  return createEnvironment(context, rest);
}

/** For `compileQuery`: who tests big documents, and what code decides. */
export function heavyHelp(
  { store, code }: CollectionContext,
  options: CallOptions | undefined,
  environment: QueryEnvironment,
): { readonly heavy: HeavyHelp } {
  const { signal } = options ?? {};
  if (code === undefined) return { heavy: { work: store.heavy, signal } };
  // Whether there is code in it is known only once it is compiled.
  const run: HeavyWork["run"] = async (...given) =>
    (environment.code?.isUsed === true ? code : store.heavy).run(...given);
  return { heavy: { work: { run }, signal } };
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
