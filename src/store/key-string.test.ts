import { expect, test } from "vitest";
import { compare } from "../bson/compare.ts";
import { readDecimal } from "../bson/decimal128.ts";
import { Doc } from "../bson/doc.ts";
import {
  Binary,
  BsonSymbol,
  Code,
  CodeWithScope,
  DateTime,
  DbPointer,
  Double,
  MaxKey,
  MinKey,
  ObjectId,
  Regex,
  Timestamp,
  toDateTime,
  Undefined,
  type Value,
} from "../bson/value.ts";
import { createKeyBuffer } from "./key-buffer.ts";
import { writeKeyPart } from "./key-string.ts";

function decimal(text: string): Value {
  const read = readDecimal(text);
  if (read === undefined) throw new Error(text);
  return read.value;
}

const numbers: readonly Value[] = [
  0,
  1,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  7,
  ...[
    0,
    -0,
    1,
    0.1,
    -0.1,
    1.5,
    2 ** 53,
    2 ** 53 + 2,
    -(2 ** 53),
    5e-324,
    -5e-324,
    1e308,
    -1e308,
  ].map((each) => new Double(each)),
  new Double(Number.NaN),
  new Double(Infinity),
  new Double(-Infinity),
  new Double(Number.MAX_VALUE),
  new Double(1e21),
  9007199254740991n,
  9007199254740992n,
  9007199254740993n,
  9007199254740995n,
  -9007199254740993n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  2n ** 63n - 2n,
  2n ** 40n,
  5n,
  ...[
    "0",
    "-0",
    "0.1",
    "0.10",
    "0.1000000000000000055511151231257827",
    "0.1000000000000000055511151231257828",
    "1.5",
    "9007199254740993",
    "9007199254740993.5",
    "-9007199254740993",
    "1E400",
    "-1E400",
    "1E-400",
    "-1E-400",
    "1E-6176",
    "-1E-6176",
    "9.999999999999999999999999999999999E6144",
    "NaN",
    "Infinity",
    "-Infinity",
    "9223372036854775807",
    "9223372036854775807.1",
    "5",
    "1E21",
  ].map(decimal),
];

const others: readonly Value[] = [
  MinKey,
  MaxKey,
  Undefined,
  null,
  true,
  false,
  "",
  "a",
  "a\0",
  "a\0b",
  "a\u0001",
  "a\u0002",
  "a\0\u0001",
  "ab",
  "A",
  "é",
  "\u{1F600}",
  "\uffff",
  "a".repeat(40),
  `${"a".repeat(40)}\0x`,
  new BsonSymbol("a"),
  Doc.empty,
  Doc.of({ a: 1 }),
  Doc.of({ a: 2 }),
  Doc.of({ a: "x" }),
  Doc.of({ b: 1 }),
  Doc.of({ a: 1, b: 1 }),
  Doc.of({ aa: 1 }),
  Doc.of({ a: Doc.of({ b: [1] }) }),
  [],
  [1],
  [1, 2],
  [[]],
  [[1], 2],
  ["a"],
  [null],
  [Undefined],
  [new Double(1.5), Doc.of({ x: MinKey })],
  new Binary(0, new Uint8Array([])),
  new Binary(0, new Uint8Array([1])),
  new Binary(4, new Uint8Array([1])),
  new Binary(0, new Uint8Array([0, 255])),
  new ObjectId(0, 0, 0),
  new ObjectId(0xffffffff, 0, 1),
  new ObjectId(1, 2, 3),
  new DateTime(0),
  new DateTime(-1),
  new DateTime(1),
  new DateTime(8.64e15),
  new DateTime(-8.64e15),
  toDateTime(2n ** 63n - 1n),
  toDateTime(-(2n ** 63n)),
  new Timestamp(0, 0),
  new Timestamp(1, 2),
  new Timestamp(0xffffffff, 1),
  new Regex("a", ""),
  new Regex("a", "i"),
  new Regex("ab", ""),
  new DbPointer("a.b", new ObjectId(1, 1, 1)),
  new DbPointer("z", new ObjectId(1, 1, 1)),
  new Code("x"),
  new Code("y"),
  new CodeWithScope("x", Doc.empty),
  new CodeWithScope("x", Doc.of({ a: 1 })),
];

/** A small generator with a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function generate(random: () => number, depth: number): Value {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const kind = random();
  if (depth > 0 && kind < 0.15)
    return Array.from({ length: Math.floor(random() * 3) }, () => generate(random, depth - 1));
  if (depth > 0 && kind < 0.3) {
    const keys = ["a", "b", "ab", ""].filter(() => random() < 0.4);
    return Doc.fromParts(
      keys,
      keys.map(() => generate(random, depth - 1)),
    );
  }
  if (kind < 0.4) return new Double((random() - 0.5) * 10 ** Math.floor(random() * 40 - 20));
  if (kind < 0.5)
    return BigInt.asIntN(
      64,
      BigInt(Math.floor(random() * 2 ** 53)) * BigInt(Math.floor(random() * 4096)),
    );
  if (kind < 0.6)
    return decimal(
      `${random() < 0.5 ? "-" : ""}${Math.floor(random() * 2 ** 53)}${Math.floor(random() * 1e15)}E${Math.floor(random() * 60 - 40)}`,
    );
  return pick(kind < 0.8 ? numbers : others);
}

function keyOf(value: Value, descending = false): Buffer {
  const key = createKeyBuffer(4);
  writeKeyPart(key, value, descending);
  return key.bytes.subarray(0, key.length);
}

/** What is wrong with the keys of a pair; undefined when nothing is. */
function wrongOrder(left: Value, right: Value): unknown {
  const wanted = Math.sign(compare(left, right));
  const up = Buffer.compare(keyOf(left), keyOf(right));
  const down = Buffer.compare(keyOf(left, true), keyOf(right, true));
  return up === wanted && down === 0 - wanted ? undefined : { left, right, wanted, up, down };
}

test("key strings sort all pairs of edge values as compare does", () => {
  const all = [...numbers, ...others];
  const wrong = all.flatMap((left) => all.flatMap((right) => wrongOrder(left, right) ?? []));
  expect(wrong).toEqual([]);
});

test("key strings sort generated values as compare does", () => {
  const random = generator(7);
  const pairs = Array.from({ length: 60_000 }, () => [generate(random, 3), generate(random, 3)]);
  expect(pairs.flatMap(([left, right]) => wrongOrder(left as Value, right as Value) ?? [])).toEqual(
    [],
  );
});

test("key strings: no value's bytes begin another's", () => {
  const keys = [...numbers, ...others]
    .map((each) => keyOf(each))
    .toSorted((left, right) => Buffer.compare(left, right));
  for (let index = 1; index < keys.length; index += 1) {
    const [before, after] = [keys[index - 1] as Buffer, keys[index] as Buffer];
    expect(before.equals(after) || !after.subarray(0, before.length).equals(before)).toBe(true);
  }
});
