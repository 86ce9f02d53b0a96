/** A projection's paths as a tree: what is plainly in or out, what is computed, and what lies deeper. */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";

/** A new value, from the whole document (as it was before the projection); undefined leaves the field out. */
export type Compute = (root: Doc) => Value | undefined;

export interface ProjectionNode {
  /** Fields that an inclusion keeps, or an exclusion takes away. */
  readonly plain: Set<string>;
  /** Fields that an inclusion keeps, and an exclusion leaves alone: `$slice`, and `_id` itself. */
  readonly kept: Set<string>;
  readonly computed: Map<string, Compute>;
  readonly children: Map<string, ProjectionNode>;
  /** Names in `computed` and `children`, as first mentioned: the order of what the document does not have yet. */
  readonly order: string[];
  /** Whether anything at or below this node is computed. */
  hasComputed: boolean;
}

export type ProjectionLeaf = "plain" | "kept" | Compute;

export function createNode(): ProjectionNode {
  return {
    plain: new Set(),
    kept: new Set(),
    computed: new Map(),
    children: new Map(),
    order: [],
    hasComputed: false,
  };
}

/**
 * Adds a leaf below `parent`.
 *
 * @throws {MongoError} 31249 and 31250 when the path meets another one
 */
export function addLeaf(
  parent: ProjectionNode,
  parts: readonly string[],
  leaf: ProjectionLeaf,
): void {
  const node = descend(parent, parts, parts.length - 1);
  const name = parts.at(-1) as string;
  if (isLeaf(node, name) || node.children.has(name))
    throw new MongoError(31250, `Path collision at ${parts.join(".")}`);
  if (leaf === "plain" || leaf === "kept") {
    node[leaf].add(name);
    return;
  }
  node.computed.set(name, leaf);
  node.order.push(name);
}

/** The node at `parts`, made where it is not there. @throws {MongoError} 31249 and 31250 */
export function addBranch(parent: ProjectionNode, parts: readonly string[]): ProjectionNode {
  const node = descend(parent, parts, parts.length - 1);
  if (isLeaf(node, parts.at(-1) as string))
    throw new MongoError(31250, `Path collision at ${parts.join(".")}`);
  return descend(parent, parts, parts.length);
}

function descend(parent: ProjectionNode, parts: readonly string[], depth: number): ProjectionNode {
  let node = parent;
  for (let index = 0; index < depth; index += 1) {
    const part = parts[index] as string;
    let child = node.children.get(part);
    if (child === undefined) {
      if (isLeaf(node, part))
        throw new MongoError(
          31249,
          `Path collision at ${parts.join(".")} remaining portion ${parts.slice(1).join(".")}`,
        );
      child = createNode();
      node.children.set(part, child);
      node.order.push(part);
    }
    node = child;
  }
  return node;
}

function isLeaf(node: ProjectionNode, name: string): boolean {
  return node.plain.has(name) || node.kept.has(name) || node.computed.has(name);
}

/** Completes a tree: what it keeps, and where something is computed below. Called once, when all leaves are in. */
export function seal(node: ProjectionNode, isInclusion: boolean): boolean {
  if (isInclusion) for (const name of node.kept) node.plain.add(name);
  let hasComputed = node.computed.size > 0;
  for (const child of node.children.values()) if (seal(child, isInclusion)) hasComputed = true;
  node.hasComputed = hasComputed;
  return hasComputed;
}
