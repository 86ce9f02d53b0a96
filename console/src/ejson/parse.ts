/**
 * Text to EJSON: JSON, and what people type who know MongoDB's shell: names without quotes, single quotes, commas at the
 * end, comments, regular expressions, and constructors such as `ObjectId("…")`.
 */
import { constructed } from "./constructors.ts";
import { EjsonNumber, EjsonObject, type Ejson } from "./value.ts";

/** Where and why a text is no EJSON. */
export class EjsonError extends Error {
  override readonly name = "EjsonError";
  /** In characters from the text's beginning. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
}

const depthMax = 200;
const number = /-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const word = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const space = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const regex = /\/((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([a-z]*)/y;
/** @throws {EjsonError} */
export function parseEjson(text: string): Ejson {
  const cursor: Cursor = { text, at: 0, depth: 0 };
  const value = readValue(cursor);
  skip(cursor);
  if (cursor.at < text.length) fail(cursor, "nothing more was expected here");
  return value;
}

/** @throws {EjsonError} also where it is a value that is no document */
export function parseEjsonDocument(text: string): EjsonObject {
  const value = parseEjson(text);
  if (value instanceof EjsonObject) return value;
  throw new EjsonError("a document is expected: { … }", 0);
}

function fail(cursor: Cursor, message: string, at = cursor.at): never {
  throw new EjsonError(message, at);
}

function skip(cursor: Cursor): void {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code > 0x2f && code < 0x80) return;
  take(cursor, space);
}

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found !== null) cursor.at = pattern.lastIndex;
  return found;
}

function readValue(cursor: Cursor): Ejson {
  skip(cursor);
  const char = cursor.text[cursor.at];
  switch (char) {
    case undefined:
      return fail(cursor, "a value is missing at the end");
    case "{":
      return nested(cursor, readObject);
    case "[":
      return nested(cursor, (each) => readList(each, "]"));
    case '"':
    case "'":
      return readString(cursor);
    case "/":
      return readRegex(cursor);
    default: {
      const digits = take(cursor, number);
      return digits === null ? readWord(cursor) : new EjsonNumber(toJsonNumber(digits[0]));
    }
  }
}

function nested<T>(cursor: Cursor, read: (cursor: Cursor) => T): T {
  cursor.depth += 1;
  if (cursor.depth > depthMax) fail(cursor, `more than ${depthMax} levels`);
  cursor.at += 1;
  const value = read(cursor);
  cursor.depth -= 1;
  return value;
}

function readObject(cursor: Cursor): EjsonObject {
  const names: string[] = [];
  const values: Ejson[] = [];
  for (;;) {
    skip(cursor);
    if (takeChar(cursor, "}")) return new EjsonObject(names, values);
    names.push(readName(cursor));
    skip(cursor);
    if (!takeChar(cursor, ":")) fail(cursor, "':' is missing behind the name");
    values.push(readValue(cursor));
    skip(cursor);
    if (!takeChar(cursor, ",") && cursor.text[cursor.at] !== "}")
      fail(cursor, "',' or '}' is missing");
  }
}

function readList(cursor: Cursor, end: "]" | ")"): readonly Ejson[] {
  const values: Ejson[] = [];
  for (;;) {
    skip(cursor);
    if (takeChar(cursor, end)) return values;
    values.push(readValue(cursor));
    skip(cursor);
    if (!takeChar(cursor, ",") && cursor.text[cursor.at] !== end)
      fail(cursor, `',' or '${end}' is missing`);
  }
}

function takeChar(cursor: Cursor, char: string): boolean {
  if (cursor.text[cursor.at] !== char) return false;
  cursor.at += 1;
  return true;
}

function readName(cursor: Cursor): string {
  const char = cursor.text[cursor.at];
  if (char === '"' || char === "'") return readString(cursor);
  const found = take(cursor, word) ?? take(cursor, number);
  return found?.[0] ?? fail(cursor, "the name of a field is expected");
}

const backslash = 0x5c;
const lineFeed = 0x0a;

/** By hand: a regular expression would run out of stack on texts of many megabytes. */
function readString(cursor: Cursor): string {
  const { text, at } = cursor;
  const quote = text.charCodeAt(at);
  let end = at + 1;
  let isEscaped = false;
  for (let code = text.charCodeAt(end); code !== quote; code = text.charCodeAt(end)) {
    if (code === lineFeed || end >= text.length)
      return fail(cursor, "the text has no end on its line");
    if (code === backslash) {
      isEscaped = true;
      end += 1;
    }
    end += 1;
  }
  cursor.at = end + 1;
  const inner = text.slice(at + 1, end);
  if (!isEscaped) return inner;
  try {
    return JSON.parse(`"${quote === 0x27 ? toDoubleQuoted(inner) : inner}"`) as string;
  } catch {
    return fail(cursor, "the text has a backslash that means nothing", at);
  }
}

/** What is within single quotes, as it would be within double ones. */
function toDoubleQuoted(inner: string): string {
  return inner.replaceAll(/\\.|"/gs, (found) => {
    if (found === '"') return String.raw`\"`;
    return found === String.raw`\'` ? "'" : found;
  });
}

function readRegex(cursor: Cursor): Ejson {
  const found = take(cursor, regex);
  if (found === null) return fail(cursor, "a regular expression is expected: /…/");
  return constructed("RegExp", [found[1] ?? "", found[2] ?? ""]) ?? null;
}

/** `.5` and `5.` are numbers of JavaScript, not of JSON. */
function toJsonNumber(text: string): string {
  return text
    .replace(/^(-?)\./, "$10.")
    .replace(/\.(?!\d)/, ".0")
    .replace(/^(-?)0+(?=\d)/, "$1");
}

const words: ReadonlyMap<string, Ejson> = new Map<string, Ejson>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["undefined", new EjsonObject(["$undefined"], [true])],
  ["NaN", new EjsonObject(["$numberDouble"], ["NaN"])],
  ["Infinity", new EjsonObject(["$numberDouble"], ["Infinity"])],
]);

function readWord(cursor: Cursor): Ejson {
  const { at } = cursor;
  const minus = takeChar(cursor, "-");
  const [name] = take(cursor, word) ?? fail(cursor, "a value is expected");
  if (minus)
    return name === "Infinity"
      ? new EjsonObject(["$numberDouble"], ["-Infinity"])
      : fail(cursor, "a number is expected", at);
  const known = words.get(name);
  if (known !== undefined) return known;
  if (name === "new") {
    skip(cursor);
    return readWord(cursor);
  }
  skip(cursor);
  if (!takeChar(cursor, "(")) return fail(cursor, `'${name}' is no value; a text has quotes`, at);
  const inner = readList(cursor, ")");
  return constructed(name, inner) ?? fail(cursor, `${name}(…) is not known, or not like this`, at);
}
