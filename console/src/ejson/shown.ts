/** What a value is and how it reads on one line: text, whatever it holds. */
import { EjsonNumber, EjsonObject, type Ejson, isEjsonArray, textOf } from "./value.ts";

export interface Shown {
  /** As MongoDB's manual calls it. */
  readonly type: string;
  readonly text: string;
  readonly color: string;
}

function shown(type: string, text: string, color: string): Shown {
  return { type, text, color };
}

const textIn = (value: Ejson | undefined): string =>
  value instanceof EjsonNumber ? value.text : textOf(value);

function member(value: Ejson, name: string): string {
  return value instanceof EjsonObject ? textIn(value.get(name)) : "";
}

const wrappers: ReadonlyMap<string, (inner: Ejson) => Shown> = new Map<
  string,
  (inner: Ejson) => Shown
>([
  ["$oid", (inner) => shown("ObjectId", textIn(inner), "grape")],
  ["$numberInt", (inner) => shown("Int32", textIn(inner), "orange")],
  ["$numberLong", (inner) => shown("Int64", textIn(inner), "orange")],
  ["$numberDouble", (inner) => shown("Double", textIn(inner), "orange")],
  ["$numberDecimal", (inner) => shown("Decimal128", textIn(inner), "orange")],
  ["$date", (inner) => shown("Date", dateText(inner), "teal")],
  ["$binary", shownBinary],
  ["$uuid", (inner) => shown("UUID", textIn(inner), "grape")],
  [
    "$timestamp",
    (inner) => shown("Timestamp", `${member(inner, "t")}, ${member(inner, "i")}`, "teal"),
  ],
  [
    "$regularExpression",
    (inner) => shown("Regex", `/${member(inner, "pattern")}/${member(inner, "options")}`, "red"),
  ],
  ["$symbol", (inner) => shown("Symbol", textIn(inner), "blue")],
  ["$minKey", () => shown("MinKey", "MinKey", "gray")],
  ["$maxKey", () => shown("MaxKey", "MaxKey", "gray")],
  ["$undefined", () => shown("Undefined", "undefined", "gray")],
  [
    "$dbPointer",
    (inner) => {
      const id = inner instanceof EjsonObject ? (inner.get("$id") ?? null) : null;
      return shown("DBPointer", `${member(inner, "$ref")} ${member(id, "$oid")}`, "grape");
    },
  ],
]);

function dateText(inner: Ejson): string {
  const ms =
    inner instanceof EjsonObject ? Number(textIn(inner.values[0])) : Date.parse(textIn(inner));
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}

const uuidSubType = "04";

function shownBinary(inner: Ejson): Shown {
  const base64 = member(inner, "base64");
  const subType = member(inner, "subType");
  if (subType === uuidSubType && base64.length === 24)
    return shown("UUID", uuidText(base64), "grape");
  const bytes = Math.floor((base64.replaceAll("=", "").length * 3) / 4);
  return shown(
    "Binary",
    `${base64.slice(0, 60)}${base64.length > 60 ? "…" : ""} (${bytes} bytes, subtype ${subType})`,
    "gray",
  );
}

function uuidText(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A value that is no document and no array; undefined for those. */
export function toShown(value: Ejson): Shown | undefined {
  if (value === null) return shown("Null", "null", "gray");
  if (typeof value === "string") return shown("String", value, "blue");
  if (typeof value === "boolean") return shown("Boolean", String(value), "cyan");
  if (value instanceof EjsonNumber) return shown("Number", value.text, "orange");
  if (isEjsonArray(value)) return undefined;
  const [name] = value.names;
  const [inner] = value.values;
  if (name === undefined || inner === undefined) return undefined;
  if (name === "$code") {
    const type = value.size === 2 ? "CodeWithScope" : "Code";
    return shown(type, textIn(inner), "red");
  }
  return value.size === 1 ? wrappers.get(name)?.(inner) : undefined;
}

export function typeOfShown(value: Ejson): string {
  return toShown(value)?.type ?? (isEjsonArray(value) ? "Array" : "Object");
}

const lineCharsMax = 400;
const previewed = 4;

/** One line for a cell of a table or the head of a branch. */
export function toLine(value: Ejson | undefined): string {
  if (value === undefined) return "";
  const plain = toShown(value);
  if (plain !== undefined) return plain.text.slice(0, lineCharsMax);
  if (isEjsonArray(value)) return value.length === 0 ? "[ ]" : `[ ${value.length} ]`;
  const names = (value as EjsonObject).names.slice(0, previewed).map((name) => name.slice(0, 24));
  const more = (value as EjsonObject).size > previewed ? ", …" : "";
  return names.length === 0 ? "{ }" : `{ ${names.join(", ")}${more} }`;
}
