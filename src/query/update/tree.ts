/**
 * An update's operators as a tree of paths, and its application to a document.
 *
 * Documents are immutable: a level that changes is rebuilt, everything else is shared.
 */
import { compareText } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import type { ElementFilter } from "../array-filter.ts";
import { printField } from "../../bson/print.ts";
import { mergeNodes } from "./merge.ts";
import { compareParts } from "./path.ts";
import { elementName, type Place, type Run, pathOf, stepInto } from "./place.ts";
import { checkDepth, checkTopLevelNames, heightOf } from "./storable.ts";
import { leastSize, spendSize } from "./size.ts";
import { createTarget, type Target } from "./target.ts";

/** One operator at the end of its path. */
export interface Leaf {
  readonly kind: "leaf";
  /** Skipped unless the update inserts. */
  readonly isInsertOnly?: boolean;
  /** Levels within what the operator puts there, if that is known without looking at the document. */
  readonly height?: number;
  /** Puts a value where there is none; `undefined` leaves it so. Throws where nothing can be. */
  create(place: Place, run: Run): Value | undefined;
  /** The value's successor: itself for nothing done, `undefined` to remove it. */
  change(value: Value, place: Place, run: Run): Value | undefined;
}

/** Fields by name; on an array, elements by index. */
export interface FieldsNode {
  readonly kind: "fields";
  readonly children: Map<string, UpdateNode>;
  /** What positional `$` at this level leads to. */
  positional: UpdateNode | undefined;
  /** Names in the order of application; made when first needed. */
  order: readonly string[] | undefined;
}

/** Elements of an array by filter: `""` stands for all, other names for an array filter. */
export interface ElementsNode {
  readonly kind: "elements";
  readonly children: Map<string, UpdateNode>;
  readonly filters: ReadonlyMap<string, ElementFilter>;
}

export type UpdateNode = Leaf | FieldsNode | ElementsNode;

export function createFieldsNode(): FieldsNode {
  return { kind: "fields", children: new Map(), positional: undefined, order: undefined };
}

/**
 * Applies the whole tree; the same document when nothing was done.
 *
 * @throws {MongoError} what the operators give for values they do not take
 */
export function applyTree(tree: FieldsNode, run: Run): Doc {
  const after = applyFields(tree, run.root, undefined, run);
  if (!run.changed) return run.root;
  // NaN plus 1, say: a change, though not to be seen. A new object tells the caller.
  if (after === run.root) return Doc.fromParts(run.root.keys(), [...run.root.values()]);
  return after as Doc;
}

function applyNode(
  node: UpdateNode,
  value: Value | undefined,
  place: Place,
  run: Run,
): Value | undefined {
  switch (node.kind) {
    case "leaf":
      return applyLeaf(node, value, place, run);
    case "fields":
      return applyFields(node, value, place, run);
    case "elements":
      return applyElements(node, value, place, run);
  }
}

function applyLeaf(
  leaf: Leaf,
  value: Value | undefined,
  place: Place,
  run: Run,
): Value | undefined {
  if (leaf.isInsertOnly === true && !run.isInsert) return value;
  if (value === undefined) {
    const created = leaf.create(place, run);
    if (created === undefined) return undefined;
    run.changed = true;
    checkDepth(place.depth, leaf.height ?? heightOf(created));
    spendSize(run, leastSize(created));
    return created;
  }
  const changedBefore = run.changed;
  run.changed = false;
  const after = leaf.change(value, place, run);
  const isChange = run.changed || after !== value;
  run.changed = isChange || changedBefore;
  if (!isChange) return value;
  checkMutable(place, run);
  // What was there before is not too deep: only what comes in is looked at.
  if (after !== undefined) {
    checkDepth(place.depth, leaf.height ?? heightOf(after));
    spendSize(run, leastSize(after));
  }
  return after;
}

/** `_id` and what is in it stay as they are, unless an upsert has yet to give it. */
function checkMutable(place: Place, run: Run): void {
  if (rootName(place) !== "_id" || !run.root.has("_id")) return;
  throw new MongoError(
    66,
    `Performing an update on the path '${pathOf(place)}' would modify the immutable field '_id'`,
  );
}

function rootName(place: Place): string {
  let each = place;
  while (each.parent !== undefined) each = each.parent;
  return each.name;
}

/** `place` is undefined for the document itself. */
function applyFields(
  node: FieldsNode,
  value: Value | undefined,
  place: Place | undefined,
  run: Run,
): Value | undefined {
  const target = createTarget(value, place, run);
  for (const [name, child] of childrenInOrder(node, place, run))
    applyChild(name, child, target, run);
  return target.finish();
}

function childrenInOrder(
  node: FieldsNode,
  place: Place | undefined,
  run: Run,
): Iterable<readonly [string, UpdateNode]> {
  node.order ??= [...node.children.keys()].toSorted(compareParts);
  const children = node.order.map((name) => [name, node.children.get(name) as UpdateNode] as const);
  return node.positional === undefined
    ? children
    : withPositional(children, node.positional, place, run);
}

/** The positional child takes the place of the name it stands for, joined with what is there. */
function withPositional(
  children: readonly (readonly [string, UpdateNode])[],
  positional: UpdateNode,
  place: Place | undefined,
  run: Run,
): Iterable<readonly [string, UpdateNode]> {
  const matched = run.matched;
  if (matched === undefined)
    throw badValue("The positional operator did not find the match needed from the query.");
  const others = children.filter(([name]) => name !== matched);
  const same = children.find(([name]) => name === matched);
  const path = stepInto(place, matched, true);
  const merged = same === undefined ? positional : mergeNodes(positional, same[1], pathOf(path));
  return [...others, [matched, merged] as const].toSorted(([left], [right]) =>
    // The matched name goes by plain text, as on the server.
    left === matched || right === matched ? compareText(left, right) : compareParts(left, right),
  );
}

function applyChild(name: string, child: UpdateNode, target: Target, run: Run): void {
  const before = target.get(name);
  const place = target.placeOf(name, before === undefined);
  const after = applyNode(child, before, place, run);
  if (after === before) return;
  if (after === undefined) {
    target.remove(name);
    return;
  }
  const isThere = target.isThere();
  target.set(name, after);
  if (!run.isInsert && place.depth === 1 && name.startsWith("$")) {
    const isWhole = before === undefined || child.kind === "leaf";
    if (isWhole) checkTopLevelNames(target.now() as Doc);
  }
  if (before === undefined && isThere) checkNotGrown(place, target);
}

/** A new part within an `_id` that was there. */
function checkNotGrown(place: Place, target: Target): void {
  const parent = place.parent;
  if (parent === undefined || rootName(parent) !== "_id") return;
  throw new MongoError(
    66,
    `Updating the path '${pathOf(parent)}' to ${printField(elementName(parent), target.now() ?? null)} would modify the immutable field '_id'`,
  );
}

function applyElements(
  node: ElementsNode,
  value: Value | undefined,
  place: Place,
  run: Run,
): Value | undefined {
  if (value === undefined)
    throw badValue(
      `The path '${pathOf(place)}' must exist in the document in order to apply array updates.`,
    );
  if (!isArray(value))
    throw badValue(
      `Cannot apply array updates to non-array element ${printField(elementName(place), value)}`,
    );
  // All filters look at the array as it was, before any element changes.
  const nodes = value.map((element) => nodesFor(node, element));
  let items: Value[] | undefined;
  for (let index = 0; index < value.length; index += 1) {
    const at = stepInto(place, String(index), true);
    const merged = mergeAll(nodes[index] ?? [], at);
    if (merged === undefined) continue;
    const before = value[index] as Value;
    const after = applyNode(merged, before, at, run);
    if (after === before) continue;
    items ??= [...value];
    items[index] = after ?? null;
  }
  return items ?? value;
}

function nodesFor(node: ElementsNode, element: Value): UpdateNode[] {
  const nodes: UpdateNode[] = [];
  for (const [name, child] of node.children)
    if (name === "" || node.filters.get(name)?.(element) === true) nodes.push(child);
  return nodes;
}

function mergeAll(nodes: readonly UpdateNode[], place: Place): UpdateNode | undefined {
  let merged = nodes[0];
  for (let index = 1; index < nodes.length; index += 1)
    merged = mergeNodes(merged as UpdateNode, nodes[index] as UpdateNode, pathOf(place));
  return merged;
}
