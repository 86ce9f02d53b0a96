/** `$addFields` and `$set` of pipelines, parsed. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printBson } from "../../bson/print.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpressionFor } from "../expression.ts";
import { splitFieldPath } from "../expression/field-path.ts";
import { createFailures } from "./failures.ts";
import { addLeaf, createNode, type ProjectionNode, seal } from "./tree.ts";

export interface ParsedAddFields {
  readonly tree: ProjectionNode;
  /** The first constant expression that can only fail. */
  readonly failure: MongoError | undefined;
}

/** @throws {MongoError} 40176 for paths in conflict, 40180 to 40183 for objects that can not be, and others */
export function parseAddFields(spec: Doc, environment: QueryEnvironment): ParsedAddFields {
  const fields = listFields(spec);
  const tree = createNode();
  const failures = createFailures();
  for (const { path, value } of fields) {
    const expression = compileExpressionFor(value, environment, { keepsFailure: true });
    failures.note(expression.failure, path.length);
    addLeaf(tree, path, (root) => expression.evaluate(root));
  }
  seal(tree, false);
  return { tree, failure: failures.first() };
}

interface Field {
  readonly path: readonly string[];
  readonly value: Value;
}

/** All paths that are set, checked one against the other before any expression is looked at. */
function listFields(spec: Doc): readonly Field[] {
  const fields: Field[] = [];
  const paths = new Set<string>();
  const branches = new Set<string>();
  const visit = (path: string, value: Value, parent: Doc): void => {
    const parts = splitFieldPath(path);
    if (value instanceof Doc && !isExpression(value, path, parent)) {
      for (const [name, inner] of value.entries()) {
        if (name.includes("."))
          throw new MongoError(
            40183,
            `cannot use dotted field name '${name}' in a sub object: ${printBson(parent)}`,
          );
        visit(`${path}.${name}`, inner, value);
      }
      return;
    }
    refuseConflict(path, paths, branches, spec);
    fields.push({ path: parts, value });
  };
  for (const [name, value] of spec.entries()) visit(name, value, spec);
  return fields;
}

/** An object whose only field is an operator; any other is a document of fields to set. */
function isExpression(object: Doc, path: string, parent: Doc): boolean {
  if (object.size === 0)
    throw new MongoError(
      40180,
      `an empty object is not a valid value. Found empty object at path ${path}`,
    );
  if (!object.keys().some((key) => key.startsWith("$"))) return false;
  if (object.size > 1)
    throw new MongoError(
      40181,
      `an expression specification must contain exactly one field, the name of the expression. Found ${object.size} fields in ${printBson(object)}, while parsing object ${printBson(parent)}`,
    );
  return true;
}

function refuseConflict(path: string, paths: Set<string>, branches: Set<string>, spec: Doc): void {
  const prefixes = prefixesOf(path);
  if (!branches.has(path) && ![path, ...prefixes].some((each) => paths.has(each))) {
    paths.add(path);
    for (const prefix of prefixes) branches.add(prefix);
    return;
  }
  const [other] = [...paths]
    .filter((each) => each === path || isBelow(each, path) || isBelow(path, each))
    .toSorted();
  throw new MongoError(
    40176,
    `specification contains two conflicting paths. Cannot specify both '${path}' and '${other}': ${printBson(spec)}`,
  );
}

/** `a` and `a.b` of `a.b.c`. */
function prefixesOf(path: string): string[] {
  const prefixes: string[] = [];
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1))
    prefixes.push(path.slice(0, dot));
  return prefixes;
}

function isBelow(path: string, other: string): boolean {
  return path.startsWith(`${other}.`);
}
