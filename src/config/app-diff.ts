/** What differs between two app directories, file by file. */
import { isUtf8 } from "node:buffer";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { sameJson } from "./app-directory/json-node.ts";
import { parseJson } from "./app-directory/parse-json.ts";

export interface FileChange {
  readonly file: string;
  readonly kind: "added" | "deleted" | "modified";
  /** Unified, with `--- ` and `+++ ` lines; `/dev/null` stands for no file. */
  readonly patch: string;
}

export interface DiffOptions {
  /**
   * `counts` (the default): JSON files are alike when only white space differs. `ignored`: also when fields are in
   * another order and numbers are written otherwise, as after a way through the original's tool.
   */
  readonly fieldOrder?: "counts" | "ignored";
}

/**
 * Lines taken away and put in before a file is shown as replaced. Finding them costs the square of their number, and the
 * server waits: this many take some 50 ms.
 */
const editsMax = 1000;
/** Lines of a new or deleted file that are shown. */
const linesMax = 10_000;
const linesOfContext = 3;

/** In the order of the files' names. */
export function diffApps(
  before: ReadonlyMap<string, Uint8Array>,
  after: ReadonlyMap<string, Uint8Array>,
  options: DiffOptions = {},
): readonly FileChange[] {
  const files = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return files.flatMap((file) => {
    const left = before.get(file);
    const right = after.get(file);
    if (left === undefined && right === undefined) return [];
    if (left === undefined) return [change("added", file, left, right)];
    if (right === undefined) return [change("deleted", file, left, right)];
    return isAlike(file, left, right, options) ? [] : [change("modified", file, left, right)];
  });
}

/** A text per file, as a draft's diff is shown. */
export function printDiff(changes: readonly FileChange[]): readonly string[] {
  return changes.map(({ patch }) => patch);
}

/**
 * Gives `after` with the bytes of `before` in every file that says the same.
 *
 * What comes back from a tool that sorts fields and writes numbers anew thus keeps the order that it went with.
 */
export function keepTexts(
  before: ReadonlyMap<string, Uint8Array>,
  after: ReadonlyMap<string, Uint8Array>,
): Map<string, Uint8Array> {
  return new Map(
    [...after].map(([file, bytes]) => {
      const former = before.get(file);
      const isKept =
        former !== undefined && isAlike(file, former, bytes, { fieldOrder: "ignored" });
      return [file, isKept ? former : bytes];
    }),
  );
}

/** Whether a file says the same in both; only JSON files can without being equal byte for byte. */
export function isAlike(
  file: string,
  left: Uint8Array,
  right: Uint8Array,
  options: DiffOptions,
): boolean {
  if (Buffer.compare(left, right) === 0) return true;
  if (!file.endsWith(".json")) return false;
  const [former, wanted] = [left, right].map((bytes) =>
    parseJson(Buffer.from(bytes).toString("utf8")),
  );
  if (former?.root === undefined || wanted?.root === undefined) return false;
  return sameJson(former.root, wanted.root, { fieldOrder: options.fieldOrder ?? "counts" });
}

function change(
  kind: FileChange["kind"],
  file: string,
  left: Uint8Array | undefined,
  right: Uint8Array | undefined,
): FileChange {
  const from = left === undefined ? "/dev/null" : file;
  const to = right === undefined ? "/dev/null" : file;
  const before = textOf(left);
  const after = textOf(right);
  if (before === undefined || after === undefined)
    return { file, kind, patch: `--- ${from}\n+++ ${to}\nBinary files differ\n` };
  if (left === undefined || right === undefined)
    return { file, kind, patch: wholeFile(from, to, before, after) };
  const patch = createTwoFilesPatch(from, to, before, after, undefined, undefined, {
    context: linesOfContext,
    maxEditLength: editsMax,
    headerOptions: FILE_HEADERS_ONLY,
  });
  return { file, kind, patch: patch ?? replaced(from, to, before, after) };
}

/** No file is an empty text; undefined for what is no text. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return "";
  return isUtf8(bytes) && !bytes.includes(0) ? Buffer.from(bytes).toString("utf8") : undefined;
}

/** A file that is new, or was deleted: every line is. */
function wholeFile(from: string, to: string, before: string, after: string): string {
  const [text, sign] = before === "" ? [after, "+"] : [before, "-"];
  const count = countLines(text);
  if (count > linesMax) return replaced(from, to, before, after);
  const range = count === 0 ? "0,0" : `1,${count}`;
  const ranges = sign === "+" ? `-0,0 +${range}` : `-${range} +0,0`;
  const lines = text.split("\n").slice(0, count);
  const end = text === "" || text.endsWith("\n") ? "" : "\\ No newline at end of file\n";
  const body =
    count === 0 ? "" : `@@ ${ranges} @@\n${lines.map((line) => `${sign}${line}\n`).join("")}${end}`;
  return `--- ${from}\n+++ ${to}\n${body}`;
}

function replaced(from: string, to: string, before: string, after: string): string {
  return `--- ${from}\n+++ ${to}\nToo many lines differ (${countLines(before)} before, ${countLines(after)} after)\n`;
}

function countLines(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
