/**
 * Values as MongoDB prints them inside its error messages. For people, not for parsing.
 *
 * The server has two styles: `{ a: 1, s: "x" }` for BSON as it came, `{a: 1, s: "x"}` for values of the aggregation engine.
 */
import type { Doc } from "./doc.ts";
import { isArray, typeName, type Value } from "./value.ts";

/** Longer texts are cut: an error message must not carry a whole document back. */
const printedMax = 2048;

type Style = "bson" | "engine";

/** `{ a: 1, b: [ 1, "x" ] }` */
export function printBson(value: Value): string {
  return cut(print(value, "bson"));
}

/** `{a: 1, b: [1, "x"]}`; a missing value prints as `MISSING`. */
export function printValue(value: Value | undefined): string {
  return value === undefined ? "MISSING" : cut(print(value, "engine"));
}

function cut(text: string): string {
  return text.length <= printedMax ? text : `${text.slice(0, printedMax)}...`;
}

function print(value: Value, style: Style): string {
  switch (typeof value) {
    case "string":
      return `"${value}"`;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    default:
      if (value === null) return "null";
      return isArray(value) ? printArray(value, style) : printObject(value, style);
  }
}

function printArray(value: readonly Value[], style: Style): string {
  if (value.length === 0) return "[]";
  const items = value.slice(0, printedMax).map((each) => print(each, style));
  return style === "bson" ? `[ ${items.join(", ")} ]` : `[${items.join(", ")}]`;
}

function printDoc(doc: Doc, style: Style): string {
  if (doc.size === 0) return "{}";
  const fields = [...doc.entries()].map(([key, value]) => `${key}: ${print(value, style)}`);
  return style === "bson" ? `{ ${fields.join(", ")} }` : `{${fields.join(", ")}}`;
}

type ObjectValue = Exclude<Value, string | number | boolean | bigint | null | readonly Value[]>;

function printObject(value: ObjectValue, style: Style): string {
  switch (value.bsonType) {
    case 3:
      return printDoc(value, style);
    case 1:
      return printDouble(value.value, style);
    case 19:
      return value.toString();
    case 7:
      return style === "bson" ? `ObjectId('${value.toHex()}')` : value.toHex();
    case 9:
      return style === "bson" ? `new Date(${value.ms})` : printDate(value.ms);
    case 17:
      return `Timestamp(${value.t}, ${value.i})`;
    case 11:
      return `/${value.pattern}/${value.options}`;
    default:
      return printRare(value, style);
  }
}

function printRare(
  value: Exclude<ObjectValue, { bsonType: 1 | 3 | 7 | 9 | 11 | 17 | 19 }>,
  style: Style,
): string {
  switch (value.bsonType) {
    case 5: {
      const hex = Buffer.from(value.bytes).toString("hex");
      if (style === "engine") return `BinData(${value.subType}, "${hex.toUpperCase()}")`;
      if (value.subType === 4 && value.bytes.length === 16)
        return `UUID("${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}")`;
      return `BinData(${value.subType}, ${hex.toUpperCase()})`;
    }
    case 13:
      return style === "bson" ? value.code : `Code("${value.code}")`;
    case 15:
      return style === "bson"
        ? `CodeWScope( ${value.code}, ${printDoc(value.scope, style)})`
        : `CodeWithScope("${value.code}", ${printDoc(value.scope, style)})`;
    case 14:
      return `"${value.text}"`;
    case 12:
      return style === "bson"
        ? `DBRef('${value.namespace}',${value.id.toHex()})`
        : `DBRef("${value.namespace}", ${value.id.toHex()})`;
    case 6:
      return "undefined";
    default:
      return typeName(value) === "minKey" ? "MinKey" : "MaxKey";
  }
}

/** As C's `%.16g`; BSON style marks whole numbers as doubles. */
function printDouble(value: number, style: Style): string {
  const text = formatDouble(value);
  return style === "bson" && !text.includes(".") ? `${text}.0` : text;
}

/** A double as C's `%.16g` prints it: `1.5`, `1e+30`, `nan`, `inf`. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", power = "0"] = value.toExponential(15).split("e");
  const exponent = Number(power);
  if (exponent < -5 || exponent >= 16) {
    const digits = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const fixed = value.toFixed(Math.min(100, Math.max(0, 15 - exponent)));
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}

function printDate(ms: number | bigint): string {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime()) ? `Date(${ms})` : date.toISOString().replace("+00", "00");
}
