/** Evaluated values as the server prints them in messages, e.g. `{a: 1, b: ["x"]}`; values as they came: `print.ts`. */
import { createPrintBudget, printBson, type PrintBudget } from "./print.ts";
import type { Doc } from "./doc.ts";
import { isArray, type Value } from "./value.ts";

export function printValue(value: Value | undefined): string {
  return value === undefined ? "MISSING" : print(value, createPrintBudget());
}

function print(value: Value, budget: PrintBudget): string {
  budget.valuesLeft -= 1;
  switch (typeof value) {
    case "string":
      return `"${value}"`;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      if (value === null) return "null";
      return isArray(value) ? printArray(value, budget) : printObject(value, budget);
  }
}

function printArray(array: readonly Value[], budget: PrintBudget): string {
  const items: string[] = [];
  for (const each of array) {
    if (budget.valuesLeft <= 0) {
      items.push("...");
      break;
    }
    items.push(print(each, budget));
  }
  return `[${items.join(", ")}]`;
}

function printDoc(doc: Doc, budget: PrintBudget): string {
  const fields: string[] = [];
  for (const [key, value] of doc.entries()) {
    if (budget.valuesLeft <= 0) {
      fields.push("...");
      break;
    }
    fields.push(`${key}: ${print(value, budget)}`);
  }
  return `{${fields.join(", ")}}`;
}

/** With six digits, as C's `%g`. */
export function printDouble(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits, power] = value.toExponential(5).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(Number(value.toPrecision(6)));
  const size = Math.abs(exponent).toString().padStart(2, "0");
  return `${Number(digits)}e${exponent < 0 ? "-" : "+"}${size}`;
}

/** The years 0 to 9999. */
const printableFrom = -62_167_219_200_000;
const printableTo = 253_402_300_799_999;

function printDate(ms: number | bigint): string {
  if (ms < printableFrom || ms > printableTo) return "illegal date";
  return new Date(Number(ms)).toISOString();
}

type ObjectValue = Exclude<Value, string | number | boolean | bigint | null | readonly Value[]>;

function printObject(value: ObjectValue, budget: PrintBudget): string {
  switch (value.bsonType) {
    case 1:
      return printDouble(value.value);
    case 3:
      return printDoc(value, budget);
    case 5:
      return `BinData(${value.subType}, "${Buffer.from(value.bytes).toString("hex").toUpperCase()}")`;
    case 7:
      return value.toHex();
    case 9:
      return printDate(value.ms);
    case 11:
      return `/${value.pattern}/${value.options}`;
    case 17:
      return `Timestamp(${value.t}, ${value.i})`;
    case 19:
      return value.toString();
    default:
      return printRare(value);
  }
}

function printRare(
  value: Exclude<ObjectValue, { bsonType: 1 | 3 | 5 | 7 | 9 | 11 | 17 | 19 }>,
): string {
  switch (value.bsonType) {
    case 12:
      return `DBRef("${value.namespace}", ${value.id.toHex()})`;
    case 13:
      return `Code("${value.code}")`;
    case 14:
      return `Symbol("${value.text}")`;
    case 15:
      return `CodeWScope("${value.code}", ${printBson(value.scope)})`;
    case 6:
      return "undefined";
    case -1:
      return "MinKey";
    case 127:
      return "MaxKey";
  }
}
