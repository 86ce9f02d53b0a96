/** Joins two parts of an update that turn out to be for the same element. */
import { MongoError } from "../../kit/mongo-error.ts";
import type { ElementsNode, FieldsNode, UpdateNode } from "./tree.ts";

/**
 * The two nodes as one.
 *
 * @param path where they meet, for the message
 * @throws {MongoError} 40 when both want the same value, or one what the other has parts of
 */
export function mergeNodes(left: UpdateNode, right: UpdateNode, path: string): UpdateNode {
  if (left.kind === "fields" && right.kind === "fields") return mergeFields(left, right, path);
  if (left.kind === "elements" && right.kind === "elements")
    return mergeElements(left, right, path);
  throw new MongoError(40, `Update created a conflict at '${path}'`);
}

function mergeFields(left: FieldsNode, right: FieldsNode, path: string): FieldsNode {
  const positional =
    left.positional !== undefined && right.positional !== undefined
      ? mergeNodes(left.positional, right.positional, `${path}.$`)
      : (left.positional ?? right.positional);
  return {
    kind: "fields",
    children: mergeChildren(left.children, right.children, path),
    positional,
    order: undefined,
  };
}

function mergeElements(left: ElementsNode, right: ElementsNode, path: string): ElementsNode {
  return {
    kind: "elements",
    children: mergeChildren(left.children, right.children, path),
    filters: left.filters,
  };
}

function mergeChildren(
  left: ReadonlyMap<string, UpdateNode>,
  right: ReadonlyMap<string, UpdateNode>,
  path: string,
): Map<string, UpdateNode> {
  const merged = new Map(left);
  for (const [name, node] of right) {
    const other = left.get(name);
    merged.set(name, other === undefined ? node : mergeNodes(other, node, `${path}.${name}`));
  }
  return merged;
}
