/** Operators in projections: expressions, and what only `find` knows. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printBson } from "../../bson/print.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpressionFor } from "../expression.ts";
import type { Failures } from "./failures.ts";
import { compileElemMatch } from "./elem-match.ts";
import { readSlice, type Slice } from "./slice.ts";
import { addLeaf, type Compute, type ProjectionNode } from "./tree.ts";

export type ProjectionKind = "inclusion" | "exclusion";

/** The state of one parse. */
export interface Parsing {
  readonly environment: QueryEnvironment;
  readonly isFind: boolean;
  readonly canBePositional: boolean;
  readonly tree: ProjectionNode;
  readonly slices: Slice[];
  kind: ProjectionKind | undefined;
  /** What was said of `_id` as a whole. */
  id: boolean | undefined;
  positional: readonly string[] | undefined;
  hasElemMatch: boolean;
  hasMeta: boolean;
  readonly failures: Failures;
}

/** The document that an element stands in: its node, and the path to it. */
export interface Parent {
  readonly node: ProjectionNode;
  readonly path: readonly string[];
}

/** Compiles an expression; a constant failure is kept for the caller of the parse. */
export function compileCompute(spec: Value, depth: number, parsing: Parsing): Compute {
  const expression = compileExpressionFor(spec, parsing.environment, { keepsFailure: true });
  parsing.failures.note(expression.failure, depth);
  return (root) => expression.evaluate(root);
}

/** Parses `{ $operator: … }` at a path. @throws {MongoError} 31252 in an exclusion, 31325 for an unknown operator … */
export function parseOperator(
  operator: string,
  parts: readonly string[],
  spec: Doc,
  parent: Parent,
  parsing: Parsing,
): void {
  const operand = spec.valueAt(0);
  switch (operator) {
    case "$slice":
      if (parsing.isFind) {
        parseSlice(parts, spec, parent, parsing);
        return;
      }
      break;
    case "$elemMatch":
      parseElemMatch(parts, operand, parent, parsing);
      return;
    case "$meta":
      // Fits into either kind.
      parsing.hasMeta = true;
      addLeaf(parent.node, parts, compileCompute(spec, parent.path.length + parts.length, parsing));
      return;
    default:
  }
  parseExpression(parts, spec, parent, parsing);
}

function parseExpression(
  parts: readonly string[],
  spec: Doc,
  parent: Parent,
  parsing: Parsing,
): void {
  const name = spec.keys()[0] as string;
  let compute: Compute;
  try {
    compute = compileCompute(spec, parent.path.length + parts.length, parsing);
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    // An operator that is unknown right here has a code and wording of its own.
    if (cause.message === `Unrecognized expression '${name}'`)
      throw new MongoError(31325, `Unknown expression ${name}`, { cause });
    throw parsing.kind === "exclusion" ? notInExclusion() : cause;
  }
  if (parsing.kind === "exclusion") throw notInExclusion();
  parsing.kind = "inclusion";
  addLeaf(parent.node, parts, compute);
}

function notInExclusion(): MongoError {
  return new MongoError(31252, "Cannot use expression other than $meta in exclusion projection");
}

function parseElemMatch(
  parts: readonly string[],
  operand: Value,
  parent: Parent,
  parsing: Parsing,
): void {
  if (!parsing.isFind) throw new MongoError(168, "Cannot use $elemMatch in this context");
  if (parsing.positional !== undefined)
    throw new MongoError(31255, "Cannot specify positional operator and $elemMatch.");
  if (operand instanceof Doc && parts.length + parent.path.length > 1)
    throw new MongoError(31275, "Cannot use $elemMatch projection on a nested field.");
  const compute = compileElemMatch(parts[0] as string, operand, parsing.environment);
  parsing.hasElemMatch = true;
  addLeaf(parent.node, parts, compute);
}

function parseSlice(parts: readonly string[], spec: Doc, parent: Parent, parsing: Parsing): void {
  let reason: MongoError;
  try {
    const slice = readSlice(spec.valueAt(0));
    addLeaf(parent.node, parts, "kept");
    parsing.slices.push({ path: [...parent.path, ...parts], ...slice });
    return;
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    reason = cause;
  }
  try {
    parseExpression(parts, spec, parent, parsing);
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    throw new MongoError(
      cause.code,
      `Invalid $slice syntax. The given syntax ${printBson(spec)} did not match the find() syntax because :: ${reason.codeName}: ${reason.message} :: The given syntax did not match the expression $slice syntax. :: caused by :: ${cause.message}`,
      { cause },
    );
  }
}
