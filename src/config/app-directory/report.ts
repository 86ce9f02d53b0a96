/** Collects what is wrong, all of it at once, with its place in the file. */
import type { Origin } from "../app-config.ts";
import type { Problem } from "../app-problem.ts";
import { childOf, type JsonFile, type JsonNode, type JsonPath, printPath } from "./json-node.ts";
import { printCompact } from "./print-json.ts";

export interface Where {
  /** A path alone where the file could not be read as JSON. */
  readonly file: JsonFile | string;
  readonly path: JsonPath;
}

export interface Reporter {
  wrong(where: Where, expected: string, found: string): void;
  /** @param offset in UTF-16 units, where the text of the file can not be read as JSON */
  broken(file: string, text: string, offset: number, expected: string, found: string): void;
  warn(where: Where, message: string): void;
  /** @param offset like that of `broken` */
  warnAt(file: string, text: string, offset: number, message: string): void;
}

export interface Report extends Reporter {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** More of one kind are not worth reading, and a hostile directory could make millions. */
const problemsMax = 1000;

export function createReport(): Report {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  return {
    problems,
    warnings,
    wrong(where, expected, found) {
      const message = `expected ${expected}, found ${found}`;
      if (hasRoom(problems)) problems.push({ ...placeOf(where), message, expected, found });
    },
    broken(file, text, offset, expected, found) {
      const message = `no valid JSON: expected ${expected}, found ${found}`;
      if (hasRoom(problems))
        problems.push({ file, path: "", ...lineOf(text, offset), message, expected, found });
    },
    warn(where, message) {
      if (hasRoom(warnings)) warnings.push({ ...placeOf(where), message });
    },
    warnAt(file, text, offset, message) {
      if (hasRoom(warnings)) warnings.push({ file, path: "", ...lineOf(text, offset), message });
    },
  };
}

/** For reading once more what has been reported already. */
export const silent: Reporter = {
  wrong: () => {},
  broken: () => {},
  warn: () => {},
  warnAt: () => {},
};

function hasRoom(list: Problem[]): boolean {
  if (list.length === problemsMax)
    list.push({ file: "", path: "", message: `more than ${problemsMax}; the rest is left out` });
  return list.length < problemsMax;
}

function placeOf({ file, path }: Where): Pick<Problem, "file" | "path" | "line" | "column"> {
  if (typeof file === "string") return { file, path: printPath(path) };
  let node = file.root;
  for (const step of path) {
    const child = childOf(node, step);
    // What is missing has no place: that of what should hold it is the nearest.
    if (child === undefined) break;
    node = child;
  }
  const line = node.text === file.text ? lineOf(file.text, node.start) : {};
  return { file: file.path, path: printPath(path), ...line };
}

function lineOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let begin = 0;
  let feed = text.indexOf("\n");
  while (feed >= 0 && feed < offset) {
    line += 1;
    begin = feed + 1;
    feed = text.indexOf("\n", begin);
  }
  const bom = begin === 0 && text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return { line, column: Math.max(offset - begin - bom, 0) + 1 };
}

/** The place of a part's field. */
export function at(origin: Origin, ...steps: JsonPath): Where {
  return { file: origin.file, path: [...pathTo(origin.file.root, origin.node), ...steps] };
}

/** The way from a file's root to one of its nodes, found by their offsets. */
function pathTo(root: JsonNode, node: JsonNode): JsonPath {
  const path: (string | number)[] = [];
  let outer: JsonNode | undefined = root;
  while (outer !== undefined && outer !== node) {
    const inner: readonly [string | number, JsonNode] | undefined = holderOf(outer, node);
    if (inner === undefined) return path;
    path.push(inner[0]);
    outer = inner[1];
  }
  return path;
}

function holderOf(
  outer: JsonNode,
  node: JsonNode,
): readonly [string | number, JsonNode] | undefined {
  const children: Iterable<[string | number, JsonNode]> =
    outer.kind === "list"
      ? outer.items.entries()
      : outer.kind === "object"
        ? outer.fields.entries()
        : [];
  for (const child of children)
    if (child[1].start <= node.start && node.end <= child[1].end) return child;
  return undefined;
}

const foundMax = 60;

/** What stands somewhere, in few words. */
export function show(node: JsonNode | undefined): string {
  if (node === undefined) return "nothing";
  switch (node.kind) {
    case "list":
      return node.items.length === 0 ? "an empty list" : "a list";
    case "object":
      return node.fields.size === 0 ? "an empty object" : "an object";
    default: {
      const text = printCompact(node);
      return text.length > foundMax ? `${text.slice(0, foundMax)}…` : text;
    }
  }
}
