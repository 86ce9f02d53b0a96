import { BSON } from "bson";
import { describe, expect, test } from "vitest";
import { createRandom, generateDocument } from "../../test/support/generate-bson.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { Doc } from "./doc.ts";
import { toText } from "./stringify.ts";
import { isArray, type Value } from "./value.ts";
import { readBson } from "./validate.ts";

/** Bytes in hex, and a part of the reason. */
const refused: readonly (readonly [title: string, hex: string, reason: string])[] = [
  ["nothing", "", "cut short"],
  ["three bytes", "050000", "cut short"],
  ["a length below five", "0400000000", "out of bounds"],
  ["a negative length", "ffffffff00", "out of bounds"],
  ["a length beyond the end", "0600000000", "out of bounds"],
  ["bytes after the document", "050000000000", "bytes after the document"],
  ["no NUL at the end", "0500000001", "does not end with NUL"],
  ["a key without end", "080000000a616200", "a name does not end"],
  ["a key that is no UTF-8", "080000000aff0000", "not UTF-8"],
  ["an unknown type", "080000002061 0000", "unknown type 32"],
  ["a NUL among the elements", "0800000000610000", "unknown type 0"],
  ["an int32 cut short", "0a00000010610001 0000", "cut short"],
  ["a string of length 0", "0c00000002610000000000 00", "length of a string"],
  ["a negative string length", "0c000000026100ffffffff00", "length of a string"],
  ["a string beyond the end", "0d00000002610003000000 0000", "length of a string"],
  ["a string without NUL", "0d00000002610001000000 7800", "string does not end"],
  ["a string that is no UTF-8", "0e00000002610002000000ff0000", "not UTF-8"],
  ["an encoded surrogate", "1000000002610004000000eda0800000", "not UTF-8"],
  ["a boolean of 2", "0900000008610002 00", "boolean"],
  ["a document beyond its parent", "0d000000036100 0600000000 00", "out of bounds"],
  [
    "an array cut short",
    "0b0000000461000500 0000 00".replaceAll(" ", "").slice(0, 20) + "00",
    "cut short",
  ],
  ["a negative binary length", "0d000000056100ffffffff0000", "length of a binary"],
  ["a binary beyond the end", "0d00000005610001000000 0000", "length of a binary"],
  [
    "an old binary with a wrong inner length",
    "1200000005610005000000 02 02000000 01 00",
    "inner length",
  ],
  ["an old binary too short", "1000000005610003000000 02 000000 00", "inner length"],
  ["a regex without options' end", "0a0000000b6100 78 0079", ""],
  [
    "code with scope too short",
    "190000000f6100 0d000000 01000000 00 05000000 00 00 00 00 00 00 00",
    "out of bounds",
  ],
  [
    "code with scope and bytes left over",
    "1a0000000f6100 12000000 01000000 00 05000000 00 00000000 00",
    "wrong length",
  ],
];

describe("readBson refuses", () => {
  test.for(refused)("%s", ([, hex, reason]) => {
    const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
    let thrown: unknown;
    try {
      readBson(bytes);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MongoError);
    expect((thrown as MongoError).codeName).toBe("InvalidBSON");
    expect((thrown as MongoError).message).toContain(reason);
  });

  test("more than 200 levels", () => {
    expect(readBson(nested(200).toBytes()).size).toBe(1);
    expect(() => readBson(nested(201).toBytes())).toThrow("200 levels");
  });
});

function nested(depth: number): Doc {
  let doc = Doc.empty;
  for (let level = 1; level < depth; level += 1) doc = Doc.of({ a: doc });
  return doc;
}

test("readBson: damaged documents are refused, or can be read without leaving their bytes", () => {
  const random = createRandom(3);
  let accepted = 0;
  for (let count = 0; count < 30_000; count += 1) {
    const bytes = Buffer.from(BSON.serialize(generateDocument({ random, isRelaxed: false }, 3)));
    for (let damage = 0; damage < 2; damage += 1)
      bytes[random.below(bytes.length)] = random.pick([0, 1, 2, 3, 5, 255, random.below(256)]);
    const doc = readOrRefuse(random.next() < 0.1 ? bytes.subarray(0, -1) : bytes);
    if (doc === undefined) continue;
    accepted += 1;
    // Reading all of it must neither throw nor find something that was not checked.
    toText(rebuild(doc), "canonical");
    toText(doc, "json");
  }
  expect(accepted).toBeGreaterThan(1000);
});

function readOrRefuse(bytes: Buffer): Doc | undefined {
  try {
    return readBson(bytes);
  } catch (error) {
    if (error instanceof MongoError) return undefined;
    throw error;
  }
}

function rebuild(doc: Doc): Doc {
  return Doc.fromParts([...doc.keys()], doc.values().map(rebuildValue));
}

function rebuildValue(value: Value): Value {
  if (value instanceof Doc) return rebuild(value);
  return isArray(value) ? value.map(rebuildValue) : value;
}
