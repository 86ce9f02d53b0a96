/**
 * Values as a `mongod` prints them within the messages of its errors: shell-like, long ones shortened.
 *
 * For values as they came, `{ a: 1, b: [ "x" ] }`; what expressions have computed prints as in `print-value.ts`.
 * For people, not for parsing.
 */
import type { Doc } from "./doc.ts";
import { isArray, type Value } from "./value.ts";

/** Text longer than `textMax` is cut to `textKept`, binary data longer than `bytesMax` to `bytesKept`. */
const textMax = 159;
const textKept = 150;
const bytesMax = 80;
const bytesKept = 70;
/** The server stops printing there, too. */
const depthMax = 250;

/** What one message may print: values share parts, so that a small one can be endless when it is written out. */
export interface PrintBudget {
  valuesLeft: number;
}

export function createPrintBudget(): PrintBudget {
  return { valuesLeft: 1000 };
}

/** `{ a: 1, b: [ 2, "x" ] }` */
export function printBson(value: Value): string {
  return print(value, 0, createPrintBudget());
}

/** `name: value`, as in `{ a: 1 }` without the braces. */
export function printField(name: string, value: Value): string {
  return `${name}: ${printBson(value)}`;
}

function print(value: Value, depth: number, budget: PrintBudget): string {
  budget.valuesLeft -= 1;
  switch (typeof value) {
    case "string":
      return printText(value);
    case "object":
      if (value === null) return "null";
      return isArray(value) ? printArray(value, depth, budget) : printObject(value, depth, budget);
    default:
      return String(value);
  }
}

function printText(text: string): string {
  return text.length > textMax ? `"${text.slice(0, textKept)}..."` : `"${text}"`;
}

function printArray(array: readonly Value[], depth: number, budget: PrintBudget): string {
  if (array.length === 0) return "[]";
  if (depth > depthMax) return "[ ... ]";
  const items: string[] = [];
  for (const each of array) {
    if (budget.valuesLeft <= 0) {
      items.push("...");
      break;
    }
    items.push(print(each, depth + 1, budget));
  }
  return `[ ${items.join(", ")} ]`;
}

function printDoc(doc: Doc, depth: number, budget: PrintBudget): string {
  if (doc.size === 0) return "{}";
  if (depth > depthMax) return "{ ... }";
  const fields: string[] = [];
  for (const [key, value] of doc.entries()) {
    if (budget.valuesLeft <= 0) {
      fields.push("...");
      break;
    }
    fields.push(`${key}: ${print(value, depth + 1, budget)}`);
  }
  return `{ ${fields.join(", ")} }`;
}

type ObjectValue = Exclude<Value, string | number | boolean | bigint | null | readonly Value[]>;

function printObject(value: ObjectValue, depth: number, budget: PrintBudget): string {
  switch (value.bsonType) {
    case 1:
      return printWholeDouble(value.value);
    case 3:
      return printDoc(value, depth, budget);
    case 5:
      return printBinary(value);
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
      return printRare(value, depth, budget);
  }
}

function printRare(
  value: Exclude<ObjectValue, { bsonType: 1 | 3 | 5 | 7 | 9 | 11 | 17 | 19 }>,
  depth: number,
  budget: PrintBudget,
): string {
  switch (value.bsonType) {
    case 6:
      return "undefined";
    case 12:
      return `DBRef('${value.namespace}',${value.id.toHex()})`;
    case 13:
      return value.code;
    case 14:
      return printText(value.text);
    case 15:
      return `CodeWScope( ${value.code}, ${printDoc(value.scope, depth + 1, budget)})`;
    case -1:
      return "MinKey";
    case 127:
      return "MaxKey";
  }
}

/** With `.0` behind what shows no decimal point, so that it is seen to be a double. */
function printWholeDouble(value: number): string {
  const text = formatDouble(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** A double as C's `%.16g` prints it: `1.5`, `1e+30`, `nan`, `inf`. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa, power] = value.toExponential(15).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const digits = Math.abs(exponent).toString().padStart(2, "0");
    return `${withoutZeros(mantissa)}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  return withoutZeros(value.toFixed(Math.max(15 - exponent, 0)));
}

function withoutZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

function printBinary(value: Extract<ObjectValue, { bsonType: 5 }>): string {
  const { bytes } = value;
  const hex = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(bytes.length, bytesMax + 1),
  ).toString("hex");
  if (value.subType === 4 && bytes.length === 16) {
    const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
    return `UUID("${groups.join("-")}-${hex.slice(20)}")`;
  }
  const shown = bytes.length > bytesMax ? `${hex.slice(0, bytesKept * 2)}...` : hex;
  return `BinData(${value.subType}, ${shown.toUpperCase()})`;
}
