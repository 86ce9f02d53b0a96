/** A tree of JSON back to text: as the original's tools write it, and what was not changed as it stood. */
import type { JsonNode } from "./json-node.ts";

/** How the original's tool indents. */
const usualIndent = "    ";

/**
 * Prints a file with a line feed at its end.
 *
 * @param former the text that is replaced: parts of the tree that come from it are copied as they stand, and
 *   new parts are indented alike
 */
export function printFile(root: JsonNode, former?: string): string {
  const indent = former === undefined ? usualIndent : indentOf(former);
  const end = former === undefined || endsWithLineFeed(former) ? "\n" : "";
  return `${print(root, { former, indent, level: 0 })}${end}`;
}

function endsWithLineFeed(text: string): boolean {
  return text.slice(text.trimEnd().length).includes("\n");
}

/** On one line, without spaces. */
export function printCompact(node: JsonNode): string {
  switch (node.kind) {
    case "list":
      return `[${node.items.map(printCompact).join(",")}]`;
    case "object":
      return `{${[...node.fields]
        .map(([name, value]) => `${JSON.stringify(name)}:${printCompact(value)}`)
        .join(",")}}`;
    default:
      return printScalar(node);
  }
}

interface Style {
  readonly former: string | undefined;
  readonly indent: string;
  readonly level: number;
}

function print(node: JsonNode, style: Style): string {
  if (style.former !== undefined && node.text === style.former)
    return style.former.slice(node.start, node.end);
  const inner = { ...style, level: style.level + 1 };
  switch (node.kind) {
    case "list":
      return block(
        "[",
        "]",
        node.items.map((item) => print(item, inner)),
        style,
      );
    case "object": {
      const lines = [...node.fields].map(
        ([name, value]) => `${JSON.stringify(name)}: ${print(value, inner)}`,
      );
      return block("{", "}", lines, style);
    }
    default:
      return printScalar(node);
  }
}

function block(open: string, close: string, lines: readonly string[], style: Style): string {
  if (lines.length === 0) return `${open}${close}`;
  const outer = `\n${style.indent.repeat(style.level)}`;
  const inner = `${outer}${style.indent}`;
  return `${open}${inner}${lines.join(`,${inner}`)}${outer}${close}`;
}

function printScalar(node: JsonNode): string {
  switch (node.kind) {
    case "null":
      return "null";
    case "boolean":
      return String(node.value);
    case "number":
      return node.digits;
    case "text":
      return JSON.stringify(node.value);
    default:
      throw new TypeError(`a ${node.kind} is no scalar`);
  }
}

/** The first indentation in a text. */
function indentOf(text: string): string {
  return /\n([ \t]{1,16})\S/.exec(text)?.[1] ?? usualIndent;
}
