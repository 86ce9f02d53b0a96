/**
 * Projections, compiled: document in, document out.
 *
 * What `find` and `$project` know is in `projection/parse.ts`, what `$addFields` does in `projection/add-fields.ts`.
 *
 * @module
 */
import { mustHaveFewParts } from "./parts.ts";
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { QueryEnvironment } from "./environment.ts";
import type { Match } from "./match.ts";
import { reportFailure } from "./optimization-failure.ts";
import { parseAddFields } from "./projection/add-fields.ts";
import { exclude, include } from "./projection/apply.ts";
import { type ParsedProjection, parseProjection } from "./projection/parse.ts";
import { cutToPosition, hole } from "./projection/positional.ts";
import { applySlices, createSliceTree } from "./projection/slice.ts";
import { addLeaf, createNode, seal } from "./projection/tree.ts";

export interface Projection {
  /** @throws {MongoError} what the expressions give, and 51246 and 51247 for positional `$` */
  apply(doc: Doc): Doc;
  readonly kind: "inclusion" | "exclusion" | "identity";
  /** The first constant expression that can only fail, where the caller asked to throw it itself. */
  readonly failure?: MongoError;
}

export interface ProjectionOptions {
  /** Returns the failure of a constant expression instead of throwing it in the words of a pipeline. */
  readonly keepsFailure?: boolean;
}

/**
 * Compiles the projection of a `find` or the specification of a `$project`.
 *
 * @param filterMatch the filter of the `find`: positional `$` shows the element that it matched
 * @throws {MongoError} 31253 and 31254 for inclusion mixed with exclusion, 31249 and 31250 for paths that meet, and what
 *   expressions give
 */
export function compileProjection(
  spec: Doc,
  environment: QueryEnvironment,
  mode: "find" | "aggregate",
  filterMatch?: Match,
  options: ProjectionOptions = {},
): Projection {
  mustHaveFewParts(spec, "projection");
  if (mode === "aggregate")
    return compileStage("$project", options, environment, () => {
      if (spec.size === 0)
        throw new MongoError(51272, "projection specification must have at least one field");
      return toStage(parseProjection(spec, environment, mode, false));
    });
  if (spec.size === 0) return { kind: "identity", apply: (doc) => doc };
  const parsed = parseProjection(spec, environment, mode, filterMatch !== undefined);
  if (parsed.failure !== undefined) throw parsed.failure;
  return toFindProjection(parsed, filterMatch);
}

/**
 * Compiles `$addFields`, or `$set` by its other name.
 *
 * @param name of the stage, for messages
 * @throws {MongoError} 40176 for paths in conflict, and what expressions give
 */
export function compileAddFields(
  spec: Doc,
  environment: QueryEnvironment,
  name = "$addFields",
  options: ProjectionOptions = {},
): Projection {
  return compileStage(name, options, environment, () => {
    const { tree, failure } = parseAddFields(spec, environment);
    return {
      kind: "exclusion",
      apply: (doc) => exclude(tree, doc, { root: doc, keepsSlots: true }),
      ...(failure === undefined ? {} : { failure }),
    };
  });
}

/** Sets fields to values: one for each path, undefined takes the field away. */
export type Assign = (doc: Doc, values: readonly (Value | undefined)[]) => Doc;

/** Compiles what `$addFields` does, for values that are at hand. @param paths none of which leads through another one */
export function compileAssignments(paths: readonly (readonly string[])[]): Assign {
  const tree = createNode();
  let current: readonly (Value | undefined)[] = [];
  for (const [index, path] of paths.entries()) addLeaf(tree, path, () => current[index]);
  seal(tree, false);
  return (doc, values) => {
    current = values;
    return exclude(tree, doc, { root: doc, keepsSlots: true });
  };
}

/** Compiles `$unset`. @throws {MongoError} 31249 and 31250 for paths that meet */
export function compileUnset(paths: readonly string[], environment: QueryEnvironment): Projection {
  return compileStage("$unset", {}, environment, () => {
    const spec = Doc.fromParts(
      paths,
      paths.map(() => false),
    );
    return toStage(parseProjection(spec, environment, "aggregate", false));
  });
}

function compileStage(
  name: string,
  options: ProjectionOptions,
  environment: QueryEnvironment,
  compile: () => Projection,
): Projection {
  const projection = prefixed(`Invalid ${name} :: caused by :: `, compile);
  if (projection.failure === undefined || options.keepsFailure === true) return projection;
  reportFailure(projection.failure, environment);
  return projection;
}

function prefixed<T>(prefix: string, compile: () => T): T {
  try {
    return compile();
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    throw new MongoError(cause.code, prefix + cause.message, { cause });
  }
}

function toStage({ kind, tree, failure }: ParsedProjection): Projection {
  return {
    kind,
    apply: (doc) =>
      kind === "inclusion"
        ? include(tree, doc, { root: doc, keepsSlots: true })
        : exclude(tree, doc, { root: doc, keepsSlots: true }),
    ...(failure === undefined ? {} : { failure }),
  };
}

function toFindProjection(parsed: ParsedProjection, filterMatch: Match | undefined): Projection {
  const { kind, tree, slices, positional } = parsed;
  const project = kind === "inclusion" ? include : exclude;
  if (slices.length === 0 && positional === undefined)
    return { kind, apply: (doc) => project(tree, doc, { root: doc }) };
  const sliceTree = createSliceTree(slices);
  return {
    kind,
    apply(doc): Doc {
      const projected =
        positional === undefined
          ? project(tree, doc, { root: doc })
          : cutToPosition(
              project(tree, doc, { root: doc, hole }),
              positional,
              filterMatch?.position(doc),
            );
      return slices.length === 0 ? projected : applySlices(projected, sliceTree);
    },
  };
}
