/**
 * The keys of a document in a text index: one for each of its words, with what the word counts, between the values of
 * the other fields.
 */
import { createHash } from "node:crypto";
import { printBson } from "../bson/print.ts";
import { Doc } from "../bson/doc.ts";
import { Double, isArray, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { scoresOf, type TextIndex } from "../query/text.ts";
import type { IndexField } from "./index-definition.ts";
import { type KeyBuffer, writeWord } from "./key-buffer.ts";

/** Longer words begin with that much of themselves and end in a hash of the whole. */
const termLengthMax = 64;

/** Calls `emit` with the values of each key. @throws {MongoError} 201 for an array in another field, and those of `scoresOf` */
export function expandText(
  fields: readonly IndexField[],
  text: TextIndex,
  doc: Doc,
  emit: (values: readonly Value[]) => void,
): void {
  const plain = fields.map((field) => (field.text === undefined ? valueAt(doc, field) : null));
  for (const [term, score] of scoresOf(text, doc))
    emit(
      fields.map(({ text: part }, at) => {
        if (part === undefined) return plain[at] as Value;
        return part === "term" ? toStoredTerm(term) : new Double(score);
      }),
    );
}

function valueAt(doc: Doc, { path, parts }: IndexField): Value {
  let value: Value | undefined = doc;
  for (const part of parts) {
    value = value instanceof Doc ? value.get(part) : undefined;
    if (isArray(value))
      throw new MongoError(
        201,
        `Field '${path}' of text index contains an array in document: ${printBson(doc)}`,
      );
  }
  return value ?? null;
}

/** A word as it stands in a key. */
export function toStoredTerm(term: string): string {
  if (term.length <= termLengthMax) return term;
  return term.slice(0, termLengthMax) + createHash("sha256").update(term).digest("hex");
}

const float = new DataView(new ArrayBuffer(8));

/** Eight bytes in the order of scores, which are never negative. */
export function writeScore(key: KeyBuffer, score: Value): void {
  float.setFloat64(0, score instanceof Double ? score.value : 0);
  writeWord(key, float.getUint32(0));
  writeWord(key, float.getUint32(4));
}

/** @param at where it begins in the key */
export function readScore({ bytes, length }: KeyBuffer, at: number): number {
  if (at + 8 > length) return 0;
  float.setUint32(0, bytes.readUInt32BE(at));
  float.setUint32(4, bytes.readUInt32BE(at + 4));
  return float.getFloat64(0);
}
