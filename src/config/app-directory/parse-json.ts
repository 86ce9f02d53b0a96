/** JSON text to a tree that keeps order, digits and places, and says where and why it can not be read. */
import type { JsonNode } from "./json-node.ts";

export interface JsonFailure {
  /** In UTF-16 units. */
  readonly offset: number;
  readonly expected: string;
  readonly found: string;
}

export interface JsonReading {
  readonly root?: JsonNode;
  readonly failure?: JsonFailure;
  /** Keys that came a second time in their object; the last one counts, as in the original. */
  readonly repeated: readonly JsonRepetition[];
}

export interface JsonRepetition {
  readonly offset: number;
  readonly key: string;
}

/** As deep as an EJSON document may be. */
const depthMax = 200;
const repetitionsMax = 20;
/** Values in one file. A directory is read whole, with a message about each fault: it must fit into memory. */
const valuesMax = 200_000;

interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
  values: number;
  failure: JsonFailure | undefined;
  readonly repeated: JsonRepetition[];
}

/** @param text a byte order mark before the value is allowed */
export function parseJson(text: string): JsonReading {
  const cursor: Cursor = { text, at: 0, depth: 0, values: 0, failure: undefined, repeated: [] };
  if (text.charCodeAt(0) === 0xfeff) cursor.at = 1;
  const root = readValue(cursor);
  skipSpace(cursor);
  if (root !== undefined && cursor.at < text.length) fail(cursor, "the end of the file");
  const { failure, repeated } = cursor;
  if (failure !== undefined) return { failure, repeated };
  return root === undefined ? { repeated } : { root, repeated };
}

/** Remembers the first thing that is wrong; the readers then give up, one by one. */
function fail(cursor: Cursor, expected: string, found = describeNext(cursor)): undefined {
  cursor.failure ??= { offset: cursor.at, expected, found };
  return undefined;
}

function describeNext({ text, at }: Cursor): string {
  if (at >= text.length) return "the end of the file";
  const code = text.codePointAt(at) as number;
  if (text.startsWith("//", at) || text.startsWith("/*", at)) return "a comment";
  if (code < 0x20 || code === 0x7f) return `the character U+${hex(code)}`;
  return `'${String.fromCodePoint(code)}'`;
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, "0");
}

function skipSpace(cursor: Cursor): void {
  const { text } = cursor;
  let code = text.charCodeAt(cursor.at);
  while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
    cursor.at += 1;
    code = text.charCodeAt(cursor.at);
  }
}

function next(cursor: Cursor): string | undefined {
  skipSpace(cursor);
  return cursor.text[cursor.at];
}

const words: ReadonlyMap<string, "null" | boolean> = new Map<string, "null" | boolean>([
  ["null", "null"],
  ["true", true],
  ["false", false],
]);

function readValue(cursor: Cursor): JsonNode | undefined {
  const first = next(cursor);
  const { text, at: start } = cursor;
  cursor.values += 1;
  if (cursor.values > valuesMax) return fail(cursor, `at most ${valuesMax} values`, "one more");
  if (first === "{") return readNested(cursor, readObject);
  if (first === "[") return readNested(cursor, readList);
  if (first === '"') {
    const value = readText(cursor);
    return value === undefined ? undefined : { kind: "text", value, text, start, end: cursor.at };
  }
  if (first !== undefined && /[-0-9]/.test(first)) return readNumber(cursor);
  const [word = ""] = /^[a-z]{0,5}/.exec(text.slice(start, start + 5)) ?? [];
  const value = words.get(word);
  if (value === undefined) return fail(cursor, "a value");
  cursor.at += word.length;
  const place = { text, start, end: cursor.at };
  return value === "null" ? { kind: "null", ...place } : { kind: "boolean", value, ...place };
}

function readNested(
  cursor: Cursor,
  read: (cursor: Cursor) => JsonNode | undefined,
): JsonNode | undefined {
  cursor.depth += 1;
  if (cursor.depth > depthMax)
    return fail(cursor, `at most ${depthMax} levels of nesting`, "one more level");
  const node = read(cursor);
  cursor.depth -= 1;
  return node;
}

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;

function readNumber(cursor: Cursor): JsonNode | undefined {
  const { text, at: start } = cursor;
  numberPattern.lastIndex = start;
  const digits = numberPattern.exec(text)?.[0];
  if (digits === undefined) {
    cursor.at += 1;
    return fail(cursor, "a digit");
  }
  cursor.at += digits.length;
  if (/[0-9.eE+-]/.test(text[cursor.at] ?? "")) return fail(cursor, "the end of the number");
  return { kind: "number", digits, text, start, end: cursor.at };
}

function readText(cursor: Cursor): string | undefined {
  const { text, at: start } = cursor;
  let hasEscape = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      cursor.at = at + 1;
      // The engine's own reader unescapes fastest; what comes here is well formed.
      return hasEscape
        ? (JSON.parse(text.slice(start, at + 1)) as string)
        : text.slice(start + 1, at);
    }
    if (code < 0x20) {
      cursor.at = at;
      return fail(cursor, "the end of the text, or an escape such as \\n");
    }
    if (code !== 0x5c) continue;
    hasEscape = true;
    const length = escapeLength(text, at);
    if (length === 0) {
      cursor.at = at + 1;
      return fail(cursor, 'an escape: one of " \\ / b f n r t, or u and four hex digits');
    }
    at += length - 1;
  }
  cursor.at = text.length;
  return fail(cursor, "the '\"' that ends the text");
}

function escapeLength(text: string, at: number): number {
  const letter = text[at + 1] ?? "";
  if (letter === "u") return /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6)) ? 6 : 0;
  return letter !== "" && '"\\/bfnrt'.includes(letter) ? 2 : 0;
}

function readList(cursor: Cursor): JsonNode | undefined {
  const { text, at: start } = cursor;
  const items: JsonNode[] = [];
  cursor.at += 1;
  if (next(cursor) === "]") cursor.at += 1;
  else
    for (;;) {
      const item = readValue(cursor);
      if (item === undefined) return undefined;
      items.push(item);
      const after = next(cursor);
      if (after !== "," && after !== "]") return fail(cursor, "',' or ']'");
      cursor.at += 1;
      if (after === "]") break;
    }
  return { kind: "list", items, text, start, end: cursor.at };
}

function readObject(cursor: Cursor): JsonNode | undefined {
  const { text, at: start } = cursor;
  const fields = new Map<string, JsonNode>();
  cursor.at += 1;
  if (next(cursor) === "}") cursor.at += 1;
  else
    for (;;) {
      if (!readField(cursor, fields)) return undefined;
      const after = next(cursor);
      if (after !== "," && after !== "}") return fail(cursor, "',' or '}'");
      cursor.at += 1;
      if (after === "}") break;
    }
  return { kind: "object", fields, text, start, end: cursor.at };
}

function readField(cursor: Cursor, fields: Map<string, JsonNode>): boolean {
  if (next(cursor) !== '"') {
    fail(cursor, "a field name in double quotes");
    return false;
  }
  const offset = cursor.at;
  const key = readText(cursor);
  if (key === undefined) return false;
  if (next(cursor) !== ":") {
    fail(cursor, "':'");
    return false;
  }
  cursor.at += 1;
  const value = readValue(cursor);
  if (value === undefined) return false;
  if (fields.has(key) && cursor.repeated.length < repetitionsMax)
    cursor.repeated.push({ offset, key });
  fields.set(key, value);
  return true;
}
