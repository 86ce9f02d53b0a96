/**
 * Values as a `mongod` prints them within the messages of its errors: shell-like, long ones shortened.
 *
 * Not meant to be read back.
 */
import type { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";

/** Text longer than `textMax` is cut to `textKept`, binary data longer than `bytesMax` to `bytesKept`. */
const textMax = 159;
const textKept = 150;
const bytesMax = 80;
const bytesKept = 70;
/** The server stops printing there, too. */
const depthMax = 250;

/** `name: value`, as in `{ a: 1 }` without the braces. */
export function describeField(name: string, value: Value): string {
  return `${name}: ${describeValue(value)}`;
}

/** `{ a: 1, b: [ 2 ] }`. */
export function describeDoc(doc: Doc, depth = 0): string {
  if (doc.size === 0) return "{}";
  if (depth > depthMax) return "{ ... }";
  const fields: string[] = [];
  for (const [key, value] of doc.entries())
    fields.push(`${key}: ${describeValue(value, depth + 1)}`);
  return `{ ${fields.join(", ")} }`;
}

export function describeValue(value: Value, depth = 0): string {
  switch (typeof value) {
    case "string":
      return describeText(value);
    case "object":
      if (value === null) return "null";
      return isArray(value) ? describeArray(value, depth) : describeObject(value, depth);
    default:
      return String(value);
  }
}

function describeText(text: string): string {
  return text.length > textMax ? `"${text.slice(0, textKept)}..."` : `"${text}"`;
}

function describeArray(array: readonly Value[], depth: number): string {
  if (array.length === 0) return "[]";
  if (depth > depthMax) return "[ ... ]";
  return `[ ${array.map((each) => describeValue(each, depth + 1)).join(", ")} ]`;
}

type ObjectValue = Exclude<Value, string | number | boolean | bigint | null | readonly Value[]>;

function describeObject(value: ObjectValue, depth: number): string {
  switch (value.bsonType) {
    case 1:
      return describeDouble(value.value);
    case 3:
      return describeDoc(value, depth);
    case 5:
      return describeBinary(value);
    case 7:
      return `ObjectId('${value.toHex()}')`;
    case 9:
      return `new Date(${value.ms})`;
    case 11:
      return `/${value.pattern}/${value.options}`;
    case 17:
      return `Timestamp(${value.t}, ${value.i})`;
    case 19:
      return value.toString();
    default:
      return describeRare(value, depth);
  }
}

function describeRare(
  value: Exclude<ObjectValue, { bsonType: 1 | 3 | 5 | 7 | 9 | 11 | 17 | 19 }>,
  depth: number,
): string {
  switch (value.bsonType) {
    case 6:
      return "undefined";
    case 12:
      return `DBRef('${value.namespace}',${value.id.toHex()})`;
    case 13:
      return value.code;
    case 14:
      return describeText(value.text);
    case 15:
      return `CodeWScope( ${value.code}, ${describeDoc(value.scope, depth + 1)})`;
    case -1:
      return "MinKey";
    case 127:
      return "MaxKey";
  }
}

/** C's `%.16g`, with `.0` behind what shows no decimal point. */
export function describeDouble(value: number): string {
  if (Number.isNaN(value)) return "nan.0";
  if (!Number.isFinite(value)) return value > 0 ? "inf.0" : "-inf.0";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa, power] = value.toExponential(15).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const digits = Math.abs(exponent).toString().padStart(2, "0");
    const shortened = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    const text = `${shortened}e${exponent < 0 ? "-" : "+"}${digits}`;
    return text.includes(".") ? text : `${text}.0`;
  }
  const fixed = value.toFixed(Math.max(15 - exponent, 0));
  if (!fixed.includes(".")) return `${fixed}.0`;
  const shortened = fixed.replace(/0+$/, "");
  return shortened.endsWith(".") ? `${shortened}0` : shortened;
}

function describeBinary(value: Extract<ObjectValue, { bsonType: 5 }>): string {
  const hex = Buffer.from(
    value.bytes.buffer,
    value.bytes.byteOffset,
    Math.min(value.bytes.length, bytesMax + 1),
  ).toString("hex");
  if (value.subType === 4 && value.bytes.length === 16) {
    const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
    return `UUID("${groups.join("-")}-${hex.slice(20)}")`;
  }
  const shown = value.bytes.length > bytesMax ? `${hex.slice(0, bytesKept * 2)}...` : hex;
  return `BinData(${value.subType}, ${shown})`;
}
