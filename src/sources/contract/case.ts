/** What a row of the contract is made of. */
import { printBson } from "../../bson/print.ts";
import { Doc } from "../../bson/doc.ts";
import { Double, isInt32, type Value } from "../../bson/value.ts";
import type { Batches, Collection, DataSource } from "../source.ts";

/** Values as they are easily written: whole numbers become Int32, other numbers Double. */
export type Plain = Value | { readonly [key: string]: Plain } | readonly Plain[];

export interface ContractCase {
  readonly title: string;
  readonly documents?: readonly { readonly [key: string]: Plain }[];
  readonly indexes?: readonly { readonly [key: string]: Plain }[];
  readonly run: (collection: Collection, source: DataSource) => Promise<unknown>;
  /** What `run` gives, as `show` prints it. */
  readonly gives?: string;
  /** Code, and the message or a part of it. */
  readonly fails?: readonly [code: number, message: string];
  /** The collection afterwards, by `_id`. */
  readonly leaves?: string;
}

/** A document out of what is easily written. */
export function doc(plain: { readonly [key: string]: Plain }): Doc {
  return Doc.fromBytes(
    Doc.fromEntries(Object.entries(plain).map(([key, each]) => [key, value(each)])).toBytes(),
  );
}

function value(plain: Plain): Value {
  if (typeof plain === "number") return isInt32(plain) ? plain : new Double(plain);
  if (Array.isArray(plain)) return (plain as readonly Plain[]).map((each) => value(each));
  if (typeof plain !== "object" || plain === null || "bsonType" in plain) return plain as Value;
  return Doc.fromEntries(
    Object.entries(plain as { readonly [key: string]: Plain }).map(([key, each]) => [
      key,
      value(each),
    ]),
  );
}

/** Prints results: documents as MongoDB does, what the calls return by its fields. */
export function show(result: unknown): string {
  if (result === undefined) return "undefined";
  if (Array.isArray(result)) return `[${result.map((each) => show(each)).join(", ")}]`;
  if (result instanceof Map) return `Map(${show([...result])})`;
  if (result !== null && typeof result === "object" && !("bsonType" in result))
    return `(${Object.entries(result)
      .map(([key, each]) => `${key}=${show(each)}`)
      .join(" ")})`;
  return printBson(result as Value);
}

/** All documents of a stream. */
export async function all(batches: Batches): Promise<readonly Doc[]> {
  const documents: Doc[] = [];
  for await (const batch of batches) documents.push(...batch);
  return documents;
}
