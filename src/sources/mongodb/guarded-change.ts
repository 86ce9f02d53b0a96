/** What becomes of a document where the server can not be asked: an upsert, or a change by a collation. */
import { Doc } from "../../bson/doc.ts";
import { DateTime, isArray, type Value } from "../../bson/value.ts";
import { readCollation } from "../../query/collation.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import { compileExpression } from "../../query/expression.ts";
import { compileMatch } from "../../query/match.ts";
import { compileReplacement } from "../../query/replacement.ts";
import { compileUpdate } from "../../query/update.ts";
import type { UpsertChange } from "../../query/upsert.ts";
import type { CallOptions, UpdateOptions } from "../source.ts";

export type UpdateSpec = Doc | readonly Value[];
export type Write = { readonly update: UpdateSpec } | { readonly replacement: Doc };

export function toChange(
  write: Write,
  { arrayFilters }: UpdateOptions,
  environment: QueryEnvironment,
): UpsertChange {
  if ("replacement" in write) return { kind: "replacement", replacement: write.replacement };
  const update = compileUpdate(
    write.update,
    { ...(arrayFilters && { arrayFilters }) },
    environment,
  );
  return { kind: "update", update };
}

export function needsOwnCollation({ collation }: UpdateOptions): boolean {
  return collation !== undefined && collation.size > 0;
}

export function compileChange(
  filter: Doc,
  write: Write,
  options: UpdateOptions,
): (before: Doc) => Doc {
  const environment = createEnvironment(options);
  const change = toChange(write, options, environment);
  if (change.kind === "replacement") return compileReplacement(change.replacement, environment);
  const { update } = change;
  const match = compileMatch(filter, environment);
  return (before) =>
    update.apply(before, {
      isInsert: false,
      position: update.needsPosition ? match.position(before) : undefined,
    });
}

export function createEnvironment(options: CallOptions): QueryEnvironment {
  const collation = options.collation && readCollation(options.collation);
  const environment: QueryEnvironment = {
    ...(collation !== undefined && { collation }),
    now: new DateTime(Date.now()),
    random: Math.random,
    variables: new Map<string, Value | undefined>(),
    metadata: new Set(),
  };
  for (const [name, spec] of options.let?.entries() ?? [])
    environment.variables.set(name, compileExpression(spec, environment).evaluate(Doc.empty));
  return environment;
}

/** Whether `$` stands for an element that the filter found. */
export function needsPosition(update: UpdateSpec): boolean {
  if (isArray(update)) return false;
  return update
    .values()
    .some(
      (fields) => fields instanceof Doc && fields.keys().some((path) => /\.\$(?:\.|$)/.test(path)),
    );
}
