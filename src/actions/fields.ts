/**
 * Reading an action's fields from the request's body.
 *
 * `null` is a field that is not there: serializers of real clients write it for what their caller left out.
 */
import type { Decimal128 } from "../bson/decimal128.ts";
import { Doc } from "../bson/doc.ts";
import { type Double, isArray, isNumber, type Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";

/** Undefined where the field is missing or null. */
export function fieldOf(body: Doc, name: string): Exclude<Value, null> | undefined {
  return body.get(name) ?? undefined;
}

export function mustField(body: Doc, name: string): Exclude<Value, null> {
  const value = fieldOf(body, name);
  if (value === undefined) throw new Fault("MissingParameter", `must provide a '${name}' field`);
  return value;
}

/** @throws {Fault} `MissingParameter`, `InvalidParameter` */
export function mustDoc(body: Doc, name: string): Doc {
  return readDoc(mustField(body, name), name);
}

export function optionalDoc(body: Doc, name: string): Doc | undefined {
  const value = fieldOf(body, name);
  return value === undefined ? undefined : readDoc(value, name);
}

/**
 * An object of a read that may be left out.
 *
 * Atlas: an empty list stands for an empty object, since Lua clients can not tell them apart. Writes do not take it:
 * a filter that was lost on the way must not reach every document.
 */
export function readableDoc(body: Doc, name: string): Doc | undefined {
  const value = fieldOf(body, name);
  if (value === undefined || (isArray(value) && value.length === 0)) return undefined;
  return readDoc(value, name);
}

function readDoc(value: Value, name: string): Doc {
  if (value instanceof Doc) return value;
  throw wrongType(name, "an object");
}

export function mustList(body: Doc, name: string): readonly Value[] {
  const value = mustField(body, name);
  if (isArray(value)) return value;
  throw wrongType(name, "an array");
}

export function mustDocs(body: Doc, name: string): readonly Doc[] {
  const list = mustList(body, name);
  for (const [index, each] of list.entries())
    if (!(each instanceof Doc)) throw wrongType(`${name}[${index}]`, "an object");
  return list as readonly Doc[];
}

export function mustText(body: Doc, name: string): string {
  const value = mustField(body, name);
  if (typeof value !== "string") throw wrongType(name, "a string");
  if (value === "") throw new Fault("MissingParameter", `must provide a '${name}' field`);
  return value;
}

export function optionalBoolean(body: Doc, name: string): boolean | undefined {
  const value = fieldOf(body, name);
  if (value === undefined || typeof value === "boolean") return value;
  throw wrongType(name, "a boolean");
}

/** A whole number of any BSON number type, 0 or above; beyond 2^53 it is 2^53 - 1. */
export function optionalCount(body: Doc, name: string): number | undefined {
  const value = fieldOf(body, name);
  if (value === undefined) return undefined;
  const number = isNumber(value) ? toWholeNumber(value) : undefined;
  if (number === undefined) throw wrongType(name, "a whole number");
  if (number < 0) throw new Fault("InvalidParameter", `"${name}" argument must not be negative`);
  return Math.min(number, Number.MAX_SAFE_INTEGER);
}

function toWholeNumber(value: number | bigint | Double | Decimal128): number | undefined {
  let number: number;
  if (typeof value !== "object") number = Number(value);
  else number = value.bsonType === 1 ? value.value : Number(value.toString());
  return Number.isInteger(number) ? number : undefined;
}

export function wrongType(name: string, wanted: string): Fault {
  return new Fault("InvalidParameter", `"${name}" argument must be ${wanted}`);
}
