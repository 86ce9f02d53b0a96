/**
 * BSON bytes to text: EJSON, canonical or relaxed, and the lossy JSON of `Accept: application/json`.
 *
 * Text is written straight from the bytes. How each type looks stands in `text/canonical.ts`,
 * `text/relaxed.ts` and `text/plain.ts`.
 */
import { endOfCstring, readInt32, skipValue } from "./decode.ts";
import { Doc } from "./doc.ts";
import { TextWriter } from "./text-writer.ts";
import { writeCanonical } from "./text/canonical.ts";
import { writePlain } from "./text/plain.ts";
import { quotedBytes, type WriteScalar } from "./text/primitive.ts";
import { writeRelaxed } from "./text/relaxed.ts";
import type { Value } from "./value.ts";

/** `canonical` and `relaxed` EJSON version 2; `json` loses types, as the original's JSON did. */
export type OutputFormat = "canonical" | "relaxed" | "json";

const scalarWriters: Readonly<Record<OutputFormat, WriteScalar>> = {
  canonical: writeCanonical,
  relaxed: writeRelaxed,
  json: writePlain,
};

/** Writes a document as text on one line, without a line feed. */
export function writeDocText(out: TextWriter, doc: Doc, format: OutputFormat): void {
  writeObject(out, doc.toBytes(), 0, scalarWriters[format]);
}

/** Writes any value as text on one line, without a line feed. */
export function writeValueText(out: TextWriter, value: Value, format: OutputFormat): void {
  if (value instanceof Doc) writeDocText(out, value, format);
  else {
    // A document whose only field has an empty name: length, type, NUL, value.
    const bytes = Doc.fromParts([""], [value]).toBytes();
    writeValue(out, bytes, bytes[4] as number, 6, scalarWriters[format]);
  }
}

/** A document or value as a string, for small things that are not answers. */
export function toText(value: Value, format: OutputFormat): string {
  const out = new TextWriter();
  writeValueText(out, value, format);
  return out.take().toString();
}

function writeValue(
  out: TextWriter,
  bytes: Buffer,
  type: number,
  at: number,
  writeScalar: WriteScalar,
): void {
  if (type === 3) writeObject(out, bytes, at, writeScalar);
  else if (type === 4) writeArray(out, bytes, at, writeScalar);
  else if (type === 15) writeCodeWithScope(out, bytes, at, writeScalar);
  else writeScalar(out, bytes, type, at);
}

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;
const comma = 0x2c;

function writeObject(
  out: TextWriter,
  bytes: Buffer,
  start: number,
  writeScalar: WriteScalar,
): void {
  out.byte(openBrace);
  let at = start + 4;
  let type = bytes[at] as number;
  while (type !== 0) {
    const keyEnd = endOfCstring(bytes, at + 1);
    quotedBytes(out, bytes, at + 1, keyEnd);
    out.byte(colon);
    writeValue(out, bytes, type, keyEnd + 1, writeScalar);
    at = skipValue(bytes, type, keyEnd + 1);
    type = bytes[at] as number;
    if (type !== 0) out.byte(comma);
  }
  out.byte(closeBrace);
}

function writeArray(out: TextWriter, bytes: Buffer, start: number, writeScalar: WriteScalar): void {
  out.byte(openBracket);
  let at = start + 4;
  let type = bytes[at] as number;
  while (type !== 0) {
    const valueAt = endOfCstring(bytes, at + 1) + 1;
    writeValue(out, bytes, type, valueAt, writeScalar);
    at = skipValue(bytes, type, valueAt);
    type = bytes[at] as number;
    if (type !== 0) out.byte(comma);
  }
  out.byte(closeBracket);
}

function writeCodeWithScope(
  out: TextWriter,
  bytes: Buffer,
  at: number,
  writeScalar: WriteScalar,
): void {
  const isPlain = writeScalar === writePlain;
  const codeLength = readInt32(bytes, at + 4);
  out.ascii(isPlain ? '{"Code":' : '{"$code":');
  quotedBytes(out, bytes, at + 8, at + 7 + codeLength);
  out.ascii(isPlain ? ',"Scope":' : ',"$scope":');
  writeObject(out, bytes, at + 8 + codeLength, writeScalar);
  out.byte(closeBrace);
}
