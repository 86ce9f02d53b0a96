/** Visits every node of a tree with its path; nesting is bounded by the reader. */
import type { JsonNode, JsonPath } from "./json-node.ts";

export function walkJson(
  node: JsonNode,
  path: JsonPath,
  visit: (node: JsonNode, path: JsonPath) => void,
): void {
  visit(node, path);
  if (node.kind === "list")
    for (const [index, item] of node.items.entries()) walkJson(item, [...path, index], visit);
  else if (node.kind === "object")
    for (const [name, value] of node.fields) walkJson(value, [...path, name], visit);
}
