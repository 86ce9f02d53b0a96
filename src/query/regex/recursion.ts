/** Finds calls that would never end: of a group from within itself, before it has taken anything. */
import type { RegexNode } from "./node.ts";
import { minLength } from "./shape.ts";

/** Whether a group can call itself again and again without getting on in the text. */
export function mayLoop(root: RegexNode): boolean {
  return meetsOpenGroup(root, new Set([0]));
}

/** @param open groups that the node stands in with nothing taken since they began */
function meetsOpenGroup(node: RegexNode, open: ReadonlySet<number>): boolean {
  if (open.size === 0 && node.kind !== "group")
    return parts(node).some((each) => meetsOpenGroup(each, open));
  switch (node.kind) {
    case "call":
      return open.has(node.group);
    case "group":
      return meetsOpenGroup(node.item, new Set([...open, node.index]));
    case "sequence": {
      let rest = open;
      for (const item of node.items) {
        if (meetsOpenGroup(item, rest)) return true;
        if (minLength(item) > 0) rest = none;
      }
      return false;
    }
    default:
      return parts(node).some((each) => meetsOpenGroup(each, open));
  }
}

const none: ReadonlySet<number> = new Set();

/** The nodes within one. */
function parts(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case "sequence":
      return node.items;
    case "alternatives":
      return node.options;
    case "conditional":
      return [node.yes, node.no];
    case "repeat":
    case "group":
    case "atomic":
    case "look":
      return [node.item];
    default:
      return [];
  }
}
