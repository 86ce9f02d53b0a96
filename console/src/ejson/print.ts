/** EJSON as text: on one line to be sent, or to be read and edited. */
import { EjsonNumber, EjsonObject, type Ejson, isEjsonArray } from "./value.ts";

/** On one line, as it is. */
export function printEjson(value: Ejson): string {
  if (value instanceof EjsonObject) {
    const fields = value.names.map(
      (name, at) => `${JSON.stringify(name)}:${printEjson(value.values[at] ?? null)}`,
    );
    return `{${fields.join(",")}}`;
  }
  if (isEjsonArray(value)) return `[${value.map(printEjson).join(",")}]`;
  return value instanceof EjsonNumber ? value.text : JSON.stringify(value);
}

const lineCharsMax = 72;

/**
 * To be edited: numbers and dates in their short forms where these say the type as well. What is short stands on one
 * line.
 */
export function printForPeople(value: Ejson, indent = ""): string {
  const short = shortForm(value);
  if (short !== undefined) return short;
  const deeper = `${indent}  `;
  let parts: readonly string[];
  let [open, close] = ["[", "]"];
  if (value instanceof EjsonObject) {
    [open, close] = ["{", "}"];
    parts = value.names.map(
      (name, at) => `${JSON.stringify(name)}: ${printForPeople(value.values[at] ?? null, deeper)}`,
    );
  } else if (isEjsonArray(value)) parts = value.map((each) => printForPeople(each, deeper));
  else return value instanceof EjsonNumber ? value.text : JSON.stringify(value);
  if (parts.length === 0) return `${open}${close}`;
  const line = parts.join(", ");
  const isNested = parts.some((each) => each.includes("\n"));
  if (indent !== "" && !isNested && line.length + indent.length <= lineCharsMax)
    return value instanceof EjsonObject ? `{ ${line} }` : `[${line}]`;
  return `${open}\n${parts.map((each) => `${deeper}${each}`).join(",\n")}\n${indent}${close}`;
}

/** Years that a date's text can have. */
const firstMs = -62_135_596_800_000;
const lastMs = 253_402_300_799_999;

function shortForm(value: Ejson): string | undefined {
  if (!(value instanceof EjsonObject) || value.size !== 1) return undefined;
  const [name] = value.names;
  const [inner] = value.values;
  if (name === "$numberInt" && typeof inner === "string") return inner;
  if (name === "$numberDouble" && typeof inner === "string") return shortDouble(inner);
  if (name !== "$date" || !(inner instanceof EjsonObject)) return undefined;
  const text = inner.get("$numberLong");
  const ms = typeof text === "string" ? Number(text) : Number.NaN;
  if (!(ms >= firstMs && ms <= lastMs)) return undefined;
  return `{ "$date": "${new Date(ms).toISOString()}" }`;
}

/** A number with a point or an exponent is a Double. */
function shortDouble(text: string): string | undefined {
  if (/^-?(?:Infinity|NaN)$/.test(text)) return undefined;
  return /[.eE]/.test(text) ? text.replace("E+", "e+") : undefined;
}
