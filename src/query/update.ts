/**
 * Updates, compiled: document in, document out.
 *
 * To add an operator: a line in `operators` of `update/parse.ts`, and rows in `update.test.ts`.
 *
 * @module
 */
import type { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import { failedToParse } from "../kit/mongo-error.ts";
import { compileArrayFilters } from "./array-filter.ts";
import type { QueryEnvironment } from "./environment.ts";
import { listOperators, parseOperators } from "./update/parse.ts";
import { compileUpdatePipeline } from "./update/pipeline.ts";
import type { Run } from "./update/place.ts";
import { removePaths } from "./update/rename.ts";
import { toStored } from "./update/storable.ts";
import { mustHaveFewParts } from "./parts.ts";
import { finishTransform } from "./update/transform.ts";
import { applyTree } from "./update/tree.ts";

export interface UpdateContext {
  /** Index of the array element that the filter matched: what positional `$` stands for. */
  readonly position?: number | undefined;
  /** Whether the document is about to be inserted: `$setOnInsert` acts, and `_id` may be given. */
  readonly isInsert: boolean;
}

export interface Update {
  /**
   * The updated document; the very same one when there was nothing to do.
   *
   * @throws {MongoError} what the operators give for values they do not take: 2, 14, 28, 66 …
   */
  apply(doc: Doc, context: UpdateContext): Doc;
  /** Whether `apply` wants `position`. */
  readonly needsPosition: boolean;
}

/**
 * Compiles an update: a document of operators, or a pipeline. A replacement is not one: see `replacement.ts`.
 *
 * @throws {MongoError} 9 for an unknown operator, 40 for paths in conflict, 56 for empty names, and what the operators
 *   give for their operands
 */
export function compileUpdate(
  update: Doc | readonly Value[],
  options: { readonly arrayFilters?: readonly Doc[] },
  environment: QueryEnvironment,
): Update {
  const filters = options.arrayFilters ?? [];
  if (isArray(update)) {
    if (filters.length > 0)
      throw failedToParse("arrayFilters may not be specified for pipeline-style updates");
    mustHaveFewParts(update, "update");
    const transform = compileUpdatePipeline(update, environment);
    return {
      needsPosition: false,
      apply: (doc, { isInsert }) => finishTransform(doc, transform(doc), { isInsert }),
    };
  }
  // Operators and their paths.
  mustHaveFewParts(update, "update", 2);
  const { tree, needsPosition } = parseOperators(
    update,
    compileArrayFilters(filters, environment),
    environment,
  );
  return {
    needsPosition,
    apply(doc, { position, isInsert }): Doc {
      const run: Run = {
        root: doc,
        matched: position === undefined ? undefined : String(position),
        isInsert,
        now: environment.now,
        changed: false,
        bytesPut: 0,
        renamed: [],
      };
      const applied = applyTree(tree, run);
      const after = run.renamed.length === 0 ? applied : removePaths(applied, run.renamed);
      return after === doc ? doc : toStored(after, isInsert);
    },
  };
}

/** Whether an update is one of operators (or empty), not a replacement. */
export function isOperatorUpdate(update: Doc): boolean {
  const [first] = update.keys();
  return first?.startsWith("$") === true;
}

/**
 * Names of all update operators: for the documentation's table.
 *
 * @public used by `tools/`
 */
export function listUpdateOperators(): readonly string[] {
  return listOperators();
}
