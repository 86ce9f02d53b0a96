/** Projections of `find` and `$project`, parsed. */
import { Doc } from "../../bson/doc.ts";
import { typeOf, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printField } from "../../bson/print.ts";
import type { QueryEnvironment } from "../environment.ts";
import { dollarNames, splitFieldPath } from "../expression/field-path.ts";
import { isTruthy } from "../truth.ts";
import {
  compileCompute,
  type Parent,
  parseOperator,
  type Parsing,
  type ProjectionKind,
} from "./operator.ts";
import { createFailures } from "./failures.ts";
import type { Slice } from "./slice.ts";
import { addBranch, addLeaf, createNode, type ProjectionNode, seal } from "./tree.ts";

export interface ParsedProjection {
  readonly kind: ProjectionKind;
  readonly tree: ProjectionNode;
  readonly slices: readonly Slice[];
  /** Path of the array that positional `$` is for. */
  readonly positional: readonly string[] | undefined;
  /** The first constant expression that can only fail. */
  readonly failure: MongoError | undefined;
}

/**
 * Parses a projection.
 *
 * @param mode `find` knows `$slice`, `$elemMatch` and positional `$` besides expressions
 * @param canBePositional whether there is a filter that positional `$` can refer to
 * @throws {MongoError} 31253 and 31254 for inclusion mixed with exclusion, 31249 and 31250 for paths that meet, and others
 */
export function parseProjection(
  spec: Doc,
  environment: QueryEnvironment,
  mode: "find" | "aggregate",
  canBePositional: boolean,
): ParsedProjection {
  const parsing: Parsing = {
    environment,
    isFind: mode === "find",
    canBePositional,
    tree: createNode(),
    slices: [],
    kind: undefined,
    id: undefined,
    positional: undefined,
    hasElemMatch: false,
    hasMeta: false,
    failures: createFailures(),
  };
  const root: Parent = { node: parsing.tree, path: [] };
  for (const [name, value] of spec.entries()) parseElement(name, value, root, parsing);
  const kind = parsing.kind ?? defaultKind(parsing);
  seal(parsing.tree, kind === "inclusion");
  placeId(kind, parsing);
  const { tree, slices, positional, failures } = parsing;
  return { kind, tree, slices, positional, failure: failures.first() };
}

/** What a projection is that says neither: only `_id`, `$slice`, `$elemMatch` or `$meta` are in it. */
function defaultKind(parsing: Parsing): ProjectionKind {
  if (parsing.id === true) return "inclusion";
  if (!parsing.isFind) return parsing.hasMeta ? "inclusion" : "exclusion";
  return parsing.hasElemMatch && parsing.slices.length === 0 ? "inclusion" : "exclusion";
}

/** `_id` is in an inclusion unless it was excluded or computed, and in an exclusion unless it was excluded. */
function placeId(kind: ProjectionKind, { tree, id }: Parsing): void {
  if (id === false) {
    if (kind === "exclusion") tree.plain.add("_id");
    else tree.plain.delete("_id");
  } else if (kind === "inclusion" && !tree.computed.has("_id") && !tree.children.has("_id"))
    tree.plain.add("_id");
}

function parseElement(name: string, value: Value, parent: Parent, parsing: Parsing): void {
  const isPositional = name.endsWith(".$");
  if (value instanceof Doc) {
    parseObject(name, value, parent, parsing);
    return;
  }
  const type = typeOf(value);
  const isSwitch = type === 1 || type === 8 || type === 16 || type === 18 || type === 19;
  if (!isSwitch) parseLiteral(name, value, isPositional, parent, parsing);
  else if (isTruthy(value)) parseInclusion(name, isPositional, parent, parsing);
  else parseExclusion(name, isPositional, parent, parsing);
}

function isWholeId(parts: readonly string[], parent: Parent): boolean {
  return parts.length === 1 && parts[0] === "_id" && parent.path.length === 0;
}

function parseInclusion(
  name: string,
  isPositional: boolean,
  parent: Parent,
  parsing: Parsing,
): void {
  const parts = isPositional ? readPositional(name, parsing) : splitPath(name);
  if (isPositional) parsing.positional = [...parent.path, ...parts];
  if (!isPositional && isWholeId(parts, parent)) setId(true, parsing);
  else {
    addLeaf(parent.node, parts, "plain");
    setKind("inclusion", name, parsing);
  }
}

function setId(isIncluded: boolean, parsing: Parsing): void {
  addLeaf(parsing.tree, ["_id"], "kept");
  parsing.id = isIncluded;
}

function readPositional(name: string, parsing: Parsing): readonly string[] {
  if (!parsing.isFind)
    throw new MongoError(31324, "Cannot use positional projection in aggregation projection");
  if (parsing.positional !== undefined)
    throw new MongoError(31276, "Cannot specify more than one positional projection per query.");
  if (parsing.hasElemMatch)
    throw new MongoError(31256, "Cannot specify positional operator and $elemMatch.");
  if (!parsing.canBePositional)
    throw new MongoError(51050, "Projections with a positional operator require a matcher");
  return splitPath(name.slice(0, -2));
}

function splitPath(name: string): readonly string[] {
  refuseInnerPositional(name);
  return splitFieldPath(name);
}

function refuseInnerPositional(name: string): void {
  if (!name.includes(".$") || !name.split(".").slice(1).includes("$")) return;
  throw new MongoError(
    31394,
    "As of 4.4, it's illegal to specify positional operator in the middle of a path." +
      "Positional projection may only be used at the end, for example: a.b.$. If the query " +
      "previously used a form like a.b.$.d, remove the parts following the '$' and the results " +
      "will be equivalent.",
  );
}

function parseExclusion(
  name: string,
  isPositional: boolean,
  parent: Parent,
  parsing: Parsing,
): void {
  if (isPositional)
    throw parsing.isFind
      ? new MongoError(31395, "positional projection cannot be used with exclusion")
      : new MongoError(31324, "Cannot use positional projection in aggregation projection");
  const parts = splitPath(name);
  if (isWholeId(parts, parent)) {
    setId(false, parsing);
    return;
  }
  addLeaf(parent.node, parts, "plain");
  setKind("exclusion", name, parsing);
}

function setKind(kind: ProjectionKind, name: string, parsing: Parsing): void {
  if (parsing.kind !== undefined && parsing.kind !== kind)
    throw kind === "inclusion"
      ? new MongoError(31253, `Cannot do inclusion on field ${name} in exclusion projection`)
      : new MongoError(31254, `Cannot do exclusion on field ${name} in inclusion projection`);
  parsing.kind = kind;
}

function parseLiteral(
  name: string,
  value: Value,
  isPositional: boolean,
  parent: Parent,
  parsing: Parsing,
): void {
  if (isPositional)
    throw parsing.isFind
      ? new MongoError(31308, "positional projection cannot be used with a literal")
      : new MongoError(31324, "Cannot use positional projection in aggregation projection");
  refuseInnerPositional(name);
  const parts = splitFieldPath(name);
  addLeaf(parent.node, parts, compileCompute(value, parent.path.length + parts.length, parsing));
  if (parsing.kind === "exclusion")
    throw new MongoError(
      31310,
      `Cannot use an expression ${printField(name, value)} in an exclusion projection`,
    );
  parsing.kind = "inclusion";
}

function parseObject(name: string, object: Doc, parent: Parent, parsing: Parsing): void {
  const [first] = object.keys();
  if (name.endsWith(".$"))
    throw parsing.isFind
      ? new MongoError(
          31271,
          "positional projection cannot be used with an expression or sub object",
        )
      : new MongoError(31324, "Cannot use positional projection in aggregation projection");
  refuseInnerPositional(name);
  if (first === undefined)
    throw new MongoError(
      51270,
      "An empty sub-projection is not a valid value. Found empty object at path",
    );
  const parts = splitPath(name);
  if (object.size === 1 && first.startsWith("$") && !dollarNames.has(first)) {
    parseOperator(first, parts, object, parent, parsing);
    return;
  }
  const inner: Parent = {
    node: addBranch(parent.node, parts),
    path: [...parent.path, ...parts],
  };
  for (const [key, value] of object.entries()) parseElement(key, value, inner, parsing);
}
