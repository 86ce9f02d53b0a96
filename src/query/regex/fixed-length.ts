/** How many characters a pattern takes, where that is fixed: what a lookbehind needs to know. */
import type { RegexNode } from "./node.ts";

/** The length of each alternative of a lookbehind; undefined when one has none that is fixed. */
export function fixedLengths(node: RegexNode): readonly number[] | undefined {
  const options = node.kind === "alternatives" ? node.options : [node];
  const lengths: number[] = [];
  for (const option of options) {
    const length = fixedLength(option);
    if (length === undefined) return undefined;
    lengths.push(length);
  }
  return lengths;
}

function fixedLength(node: RegexNode): number | undefined {
  switch (node.kind) {
    case "set":
      return 1;
    case "assert":
    case "look":
    case "keep":
    case "accept":
    case "fail":
      return 0;
    case "sequence":
      return sum(node.items);
    case "group":
    case "atomic":
      return fixedLength(node.item);
    case "alternatives":
      return common(node.options);
    case "conditional":
      return common([node.yes, node.no]);
    case "repeat": {
      const length = fixedLength(node.item);
      return length === undefined || node.min !== node.max ? undefined : length * node.min;
    }
    case "reference":
    case "call":
      return undefined;
  }
}

function sum(items: readonly RegexNode[]): number | undefined {
  let total = 0;
  for (const item of items) {
    const length = fixedLength(item);
    if (length === undefined) return undefined;
    total += length;
  }
  return total;
}

function common(options: readonly RegexNode[]): number | undefined {
  const [first, ...others] = options.map(fixedLength);
  return others.every((each) => each === first) ? first : undefined;
}
