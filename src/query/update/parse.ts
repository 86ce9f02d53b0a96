/** Update operators into the tree that applies them. */
import { Doc } from "../../bson/doc.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { badValue, failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { printBson, printField } from "../../bson/print.ts";
import type { ElementFilter } from "../array-filter.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileAddToSet } from "./add-to-set.ts";
import { compileBit, compileIncrement, compileMultiply } from "./arithmetic.ts";
import { arrayFilterName, isArrayFilterPart, isPositional, parseUpdatePath } from "./path.ts";
import { compilePop, compilePullAll } from "./pop.ts";
import { compilePull } from "./pull.ts";
import { compilePush } from "./push.ts";
import { compileRename } from "./rename.ts";
import { compileCurrentDate, compileExtreme, compileSet, compileUnset } from "./set.ts";
import { createFieldsNode, type FieldsNode, type Leaf, type UpdateNode } from "./tree.ts";

type CompileLeaf = (field: string, operand: Value, environment: QueryEnvironment) => Leaf;

/** To add an operator: a line here. `$rename` is apart, since it has two paths. */
const operators: ReadonlyMap<string, CompileLeaf> = new Map<string, CompileLeaf>([
  ["$addToSet", (_, operand, { collation }) => compileAddToSet(operand, collation)],
  ["$bit", (_, operand) => compileBit(operand)],
  ["$currentDate", (_, operand) => compileCurrentDate(operand)],
  ["$inc", compileIncrement],
  ["$max", (_, operand, { collation }) => compileExtreme(operand, -1, collation)],
  ["$min", (_, operand, { collation }) => compileExtreme(operand, 1, collation)],
  ["$mul", compileMultiply],
  ["$pop", compilePop],
  ["$pull", (_, operand, environment) => compilePull(operand, environment)],
  ["$pullAll", (_, operand, { collation }) => compilePullAll(operand, collation)],
  ["$push", (_, operand, { collation }) => compilePush(operand, collation)],
  ["$set", (_, operand) => compileSet(operand)],
  ["$setOnInsert", (_, operand) => compileSet(operand, true)],
  ["$unset", (): Leaf => compileUnset()],
]);

export interface ParsedUpdate {
  readonly tree: FieldsNode;
  readonly needsPosition: boolean;
}

interface Parsing {
  readonly root: FieldsNode;
  readonly filters: ReadonlyMap<string, ElementFilter>;
  readonly usedFilters: Set<string>;
  needsPosition: boolean;
}

/**
 * Reads an update of operators.
 *
 * @throws {MongoError} 9 for an unknown operator or an unused array filter, 40 for paths in conflict, and what the
 *   operators give for their operands
 */
export function parseOperators(
  update: Doc,
  filters: ReadonlyMap<string, ElementFilter>,
  environment: QueryEnvironment,
): ParsedUpdate {
  const parsing: Parsing = {
    root: createFieldsNode(),
    filters,
    usedFilters: new Set(),
    needsPosition: false,
  };
  const names = update.keys();
  for (let index = 0; index < names.length; index += 1)
    parseOperator(names[index] as string, update.valueAt(index), parsing, environment);
  for (const name of filters.keys())
    if (!parsing.usedFilters.has(name))
      throw failedToParse(
        `The array filter for identifier '${name}' was not used in the update ${printBson(update)}`,
      );
  return { tree: parsing.root, needsPosition: parsing.needsPosition };
}

function parseOperator(
  name: string,
  fields: Value,
  parsing: Parsing,
  environment: QueryEnvironment,
): void {
  const compile = operators.get(name);
  if (compile === undefined && name !== "$rename")
    throw failedToParse(
      name === "$v"
        ? "The $v update field is only recognized internally"
        : `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  if (!(fields instanceof Doc))
    throw failedToParse(
      `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${printField(name, fields)}}`,
    );
  const paths = fields.keys();
  for (let index = 0; index < paths.length; index += 1) {
    const [field, operand] = [paths[index] as string, fields.valueAt(index)];
    if (compile === undefined) parseRename(field, operand, parsing);
    else {
      const parts = parseUpdatePath(field);
      addLeaf(parts, () => compile(field, operand, environment), parsing);
    }
  }
}

/** Stands where a rename takes its value from, so that nothing else is done there. */
const placeholder: Leaf = {
  kind: "leaf",
  height: 0,
  create: () => undefined,
  change: (value) => value,
};

function parseRename(field: string, operand: Value, parsing: Parsing): void {
  const source = parseUpdatePath(field);
  addLeaf(source, () => placeholder, parsing);
  if (typeof operand !== "string")
    throw badValue(`The 'to' field for $rename must be a string: ${printField(field, operand)}`);
  const target = parseUpdatePath(operand);
  addLeaf(target, () => compileRename(source, target), parsing);
}

function addLeaf(parts: readonly string[], makeLeaf: () => Leaf, parsing: Parsing): void {
  const leaf = makeLeaf();
  let node: UpdateNode = parsing.root;
  for (let index = 0; index < parts.length - 1; index += 1) {
    const wanted = isArrayFilterPart(parts[index + 1] as string) ? "elements" : "fields";
    const child = childAt(node, parts, index, parsing);
    if (child === undefined) {
      const made: UpdateNode =
        wanted === "fields"
          ? createFieldsNode()
          : { kind: "elements", children: new Map(), filters: parsing.filters };
      setChild(node, parts, index, made);
      node = made;
    } else if (child.kind === wanted) node = child;
    else throw conflict(parts, index);
  }
  const last = parts.length - 1;
  if (childAt(node, parts, last, parsing) !== undefined) throw conflict(parts, last);
  setChild(node, parts, last, leaf);
}

function childAt(
  node: UpdateNode,
  parts: readonly string[],
  index: number,
  parsing: Parsing,
): UpdateNode | undefined {
  const part = parts[index] as string;
  if (node.kind === "elements") {
    const name = arrayFilterName(part);
    if (name !== "" && !parsing.filters.has(name))
      throw badValue(`No array filter found for identifier '${name}' in path '${parts.join(".")}'`);
    parsing.usedFilters.add(name);
    return node.children.get(name);
  }
  if (node.kind !== "fields") throw conflict(parts, index - 1);
  if (!isPositional(part)) return node.children.get(part);
  parsing.needsPosition = true;
  return node.positional;
}

function setChild(
  node: UpdateNode,
  parts: readonly string[],
  index: number,
  child: UpdateNode,
): void {
  const part = parts[index] as string;
  if (node.kind === "elements") node.children.set(arrayFilterName(part), child);
  else if (node.kind === "fields") {
    if (isPositional(part)) node.positional = child;
    else node.children.set(part, child);
  }
}

function conflict(parts: readonly string[], index: number): MongoError {
  return new MongoError(
    40,
    `Updating the path '${parts.join(".")}' would create a conflict at '${parts.slice(0, index + 1).join(".")}'`,
  );
}

/** Names of all update operators. */
export function listOperators(): readonly string[] {
  return [...operators.keys(), "$rename"];
}
