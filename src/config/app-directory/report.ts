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
  /** Whether more would not be shown: what is only good for a message need not be found out. */
  isFull(kind: "problems" | "warnings"): boolean;
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
  const lineOf = createLineFinder();
  return {
    problems,
    warnings,
    wrong(where, expected, found) {
      const message = `expected ${expected}, found ${found}`;
      if (hasRoom(problems)) problems.push({ ...placeOf(where, lineOf), message, expected, found });
    },
    broken(file, text, offset, expected, found) {
      const message = `no valid JSON: expected ${expected}, found ${found}`;
      if (hasRoom(problems))
        problems.push({ file, path: "", ...lineOf(text, offset), message, expected, found });
    },
    isFull: (kind) => (kind === "problems" ? problems : warnings).length > problemsMax,
    warn(where, message) {
      if (hasRoom(warnings)) warnings.push({ ...placeOf(where, lineOf), message });
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
  isFull: () => true,
};

function hasRoom(list: Problem[]): boolean {
  if (list.length === problemsMax)
    list.push({ file: "", path: "", message: `more than ${problemsMax}; the rest is left out` });
  return list.length < problemsMax;
}

type Place = Pick<Problem, "line" | "column">;

function placeOf(
  { file, path }: Where,
  lineOf: ReturnType<typeof createLineFinder>,
): Pick<Problem, "file" | "path"> & Place {
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

/** Places in a text; where its lines begin is found out once. */
function createLineFinder(): (text: string, offset: number) => Required<Place> {
  let text = "";
  let begins: number[] = [0];
  return (wanted, offset) => {
    if (wanted !== text) {
      text = wanted;
      begins = [0];
      for (let feed = text.indexOf("\n"); feed >= 0; feed = text.indexOf("\n", feed + 1))
        begins.push(feed + 1);
    }
    let low = 0;
    let high = begins.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((begins[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    const mark = low === 0 && text.charCodeAt(0) === 0xfeff ? 1 : 0;
    return { line: low + 1, column: Math.max(offset - (begins[low] as number) - mark, 0) + 1 };
  };
}

/** The place of a part's field. */
export function at({ file, path }: Origin, ...steps: JsonPath): Where {
  return { file, path: [...path, ...steps] };
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
