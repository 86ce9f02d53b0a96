import { BSON, EJSON } from "bson";
import type { Doc } from "./doc.ts";
import { Doc as Docs } from "./doc.ts";
import type { TextWriter } from "./text-writer.ts";
import type { Value } from "./value.ts";

/** `canonical` and `relaxed` EJSON, and the lossy `json` of `Accept: application/json`. */
export type OutputFormat = "canonical" | "relaxed" | "json";

/** Writes a document as text, on one line. */
export function writeDocText(out: TextWriter, doc: Doc, format: OutputFormat): void {
  const plain: unknown = BSON.deserialize(doc.toBytes(), { promoteValues: false });
  const text = EJSON.stringify(plain, { relaxed: format !== "canonical" });
  out.ensure(text.length * 3);
  out.at += out.buffer.write(text, out.at);
}

/** Writes any value as text, on one line. */
export function writeValueText(out: TextWriter, value: Value, format: OutputFormat): void {
  const plain: unknown = BSON.deserialize(Docs.of({ v: value }).toBytes(), { promoteValues: false });
  const text = EJSON.stringify((plain as { v: object }).v, { relaxed: format !== "canonical" });
  out.ensure(text.length * 3);
  out.at += out.buffer.write(text, out.at);
}
