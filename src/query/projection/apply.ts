/** Projections at work on documents. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { copyFields } from "./bytes.ts";
import { rememberSlots, rememberSource, slotsOf } from "./slots.ts";
import type { ProjectionNode } from "./tree.ts";

export interface Scope {
  /** What expressions read: the document before anything was done to it. */
  readonly root: Doc;
  /** Stands for array elements of which nothing is left, so that the others keep their indices. */
  readonly hole?: Value;
  /** Whether the places of fields that go are to be remembered, for later stages of a pipeline. */
  readonly keepsSlots?: boolean;
}

type ApplyNode = (node: ProjectionNode, doc: Doc, scope: Scope) => Doc;

/** Keeps the fields that the tree names, in the document's order; computed ones come behind. */
export function include(node: ProjectionNode, doc: Doc, scope: Scope): Doc {
  const bytes = doc.viewBytes;
  if (isFlat(node) && bytes !== undefined)
    return copyFields(bytes, doc.viewStart, node.plain, true);
  const kept = doc.keys().filter((name) => node.plain.has(name) || node.children.has(name));
  const names = node.hasComputed
    ? [...kept, ...node.order.filter((name) => node.computed.has(name) || !doc.has(name))]
    : kept;
  const keepsSlots = node.hasComputed && scope.keepsSlots === true;
  return build(names, (name) => valueWithin(node, name, doc, scope, include), keepsSlots);
}

/** Keeps all fields but those that the tree names; computed ones take the place of what is there, or was. */
export function exclude(node: ProjectionNode, doc: Doc, scope: Scope): Doc {
  const bytes = doc.viewBytes;
  if (isFlat(node) && bytes !== undefined) return excludeFlat(node, doc, bytes, scope);
  const keepsSlots = scope.keepsSlots === true;
  const slots = keepsSlots ? slotsOf(doc) : doc.keys();
  const names = node.hasComputed ? withNew(slots, node) : slots;
  const valueOf = (name: string): Value | undefined =>
    node.plain.has(name) ? undefined : valueWithin(node, name, doc, scope, exclude);
  const made = madeAsWritten(node, doc, valueOf);
  if (made === undefined) return build(names, valueOf, keepsSlots);
  return build(names, (name) => (made.has(name) ? made.get(name) : valueOf(name)), keepsSlots);
}

/**
 * What is computed, one after the other as it is written, so that the first to fail is the server's; undefined where
 * that is the order of the fields, too.
 */
function madeAsWritten(
  node: ProjectionNode,
  doc: Doc,
  valueOf: (name: string) => Value | undefined,
): ReadonlyMap<string, Value | undefined> | undefined {
  if (!node.hasComputed || node.order.length < 2) return undefined;
  if (!node.order.some((name) => doc.has(name))) return undefined;
  const names = node.order.filter((name) => isComputed(node, name));
  return new Map(names.map((name) => [name, valueOf(name)]));
}

function build(
  names: readonly string[],
  valueOf: (name: string) => Value | undefined,
  keepsSlots: boolean,
): Doc {
  const keys: string[] = [];
  const values: Value[] = [];
  for (const name of names) {
    const value = valueOf(name);
    if (value === undefined) continue;
    keys.push(name);
    values.push(value);
  }
  const result = Doc.fromParts(keys, values);
  if (keepsSlots && keys.length < names.length) rememberSlots(result, names);
  return result;
}

function valueWithin(
  node: ProjectionNode,
  name: string,
  doc: Doc,
  scope: Scope,
  apply: ApplyNode,
): Value | undefined {
  const compute = node.computed.get(name);
  if (compute !== undefined) return compute(scope.root);
  const value = doc.get(name);
  const child = node.children.get(name);
  if (child === undefined) return value;
  if (value === undefined) return child.hasComputed ? apply(child, Doc.empty, scope) : undefined;
  return applyBelow(child, value, scope, apply, apply === exclude);
}

function excludeFlat(node: ProjectionNode, doc: Doc, bytes: Buffer, scope: Scope): Doc {
  const result = copyFields(bytes, doc.viewStart, node.plain, false);
  if (scope.keepsSlots === true) rememberSource(result, doc);
  return result;
}

/** The document's names, then those that are computed and that it does not have. */
function withNew(names: readonly string[], node: ProjectionNode): readonly string[] {
  const there = new Set(names);
  const added = node.order.filter((name) => !there.has(name) && isComputed(node, name));
  return added.length === 0 ? names : [...names, ...added];
}

function isComputed(node: ProjectionNode, name: string): boolean {
  return node.computed.has(name) || node.children.get(name)?.hasComputed === true;
}

function isFlat(node: ProjectionNode): boolean {
  return node.children.size === 0 && node.computed.size === 0;
}

/** A value with paths below it: through documents and arrays of any depth. @param keepsScalars as an exclusion does */
function applyBelow(
  node: ProjectionNode,
  value: Value,
  scope: Scope,
  apply: ApplyNode,
  keepsScalars: boolean,
): Value | undefined {
  if (value instanceof Doc) return apply(node, value, scope);
  if (isArray(value)) {
    const items: Value[] = [];
    for (const each of value) {
      const item = applyBelow(node, each, scope, apply, keepsScalars);
      if (item !== undefined) items.push(item);
      else if (scope.hole !== undefined) items.push(scope.hole);
    }
    return items;
  }
  // Something computed below a scalar takes its place.
  if (node.hasComputed) return apply(node, Doc.empty, scope);
  return keepsScalars ? value : undefined;
}
