/** Values and documents of all types; small ones that meet each other often, and the edges of every type. */
import { Doc } from "../../../src/bson/doc.ts";
import { readDecimal } from "../../../src/bson/decimal128.ts";
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
} from "../../../src/bson/value.ts";
import type { Random } from "../random.ts";

const decimals = [
  "0",
  "-0",
  "0E+3",
  "0E-6176",
  "1",
  "1.0",
  "1.5",
  "-2.50",
  "0.1",
  "1E+3",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "9.999999999999999999999999999999999E+6144",
  "1E-6176",
  "1234567890123456789012345678901234",
  "NaN",
  "Infinity",
  "-Infinity",
].map((text) => readDecimal(text)?.value as Value);

const doubles = [
  0,
  -0,
  1,
  1.5,
  -1.5,
  2.5,
  0.1,
  3,
  10,
  100.25,
  -7,
  2 ** 31,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  1e308,
  5e-324,
  1e-7,
  1e22,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
].map((value) => new Double(value));

const integers: readonly Value[] = [0, 1, 2, 3, 4, 5, -1, -2, 7, 10, 100, 2 ** 31 - 1, -(2 ** 31)];

const longs: readonly Value[] = [
  0n,
  1n,
  2n,
  -1n,
  5n,
  2n ** 31n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 53n - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];

export const smallNumbers: readonly Value[] = [0, 1, 2, 3, 1n, 2n, new Double(1), new Double(1.5)];
export const allNumbers: readonly Value[] = [...integers, ...longs, ...doubles, ...decimals];

export const strings: readonly string[] = [
  "",
  "a",
  "b",
  "ab",
  "abc",
  "A",
  "Abc abc",
  "é",
  "ÀÉß",
  "😀x",
  "a\0b",
  "a.b",
  "$a",
  "1",
  "0",
  "  pad\t",
  "2020-02-29T12:34:56.789Z",
  "2021-03-04",
  "12",
  "-1.5e3",
  "1a2b3c4d5e6f708192a3b4c5",
  "line\nbreak",
  "aaa,bbb,,c",
];

export const dates: readonly DateTime[] = [
  0, 1, -1, 1_582_979_696_789, 1_583_020_800_000, 1_609_459_199_999, 1_616_889_600_000,
  -62_135_596_800_000, 253_402_300_799_999, -1_000_000_000_000,
].map((ms) => new DateTime(ms));
const farDates = [
  toDateTime(2n ** 63n - 1n),
  toDateTime(-(2n ** 63n)),
  toDateTime(9_000_000_000_000_000n),
];

export const objectIds: readonly ObjectId[] = [
  new ObjectId(0, 0, 0),
  new ObjectId(0x5e5a_0000, 1, 2),
  new ObjectId(0xffff_ffff, 0xffff_ffff, 0xffff_ffff),
];

export const binaries: readonly Binary[] = [
  new Binary(0, Buffer.alloc(0)),
  new Binary(0, Buffer.from([1])),
  new Binary(0, Buffer.from([0xff, 0x0f, 3])),
  new Binary(4, Buffer.from("00112233445566778899aabbccddeeff", "hex")),
  new Binary(5, Buffer.alloc(16)),
  new Binary(128, Buffer.from("user")),
  new Binary(2, Buffer.from("old")),
];

export const regexes: readonly Regex[] = [
  new Regex("a", ""),
  new Regex("^a", "i"),
  new Regex("b$", "m"),
  new Regex("", ""),
  new Regex("a.c", "s"),
  new Regex("^[a-b]+", "x"),
];

const rare: readonly Value[] = [
  ...regexes.slice(0, 3),
  ...objectIds,
  ...binaries,
  Undefined,
  MinKey,
  MaxKey,
  new Timestamp(0, 0),
  new Timestamp(1, 2),
  new Timestamp(0xffff_ffff, 0xffff_ffff),
  new Code("f"),
  new CodeWithScope("f", Doc.of({ a: 1 })),
  new DbPointer("a.b", objectIds[0] as ObjectId),
  new BsonSymbol("a"),
  new BsonSymbol("s"),
  ...farDates,
];

const common: readonly Value[] = [0, 1, 2, new Double(1), 1n, "a", "b", "", null, true, false];

export const keys: readonly string[] = ["a", "b", "c", "d", "x"];
const oddKeys: readonly string[] = ["0", "1", "10", "", "é", "ab"];

export function anyKey(random: Random): string {
  return random.chance(0.12) ? random.pick(oddKeys) : random.pick(keys);
}

/** A value that is neither document nor array. */
export function scalar(random: Random): Value {
  const roll = random.next();
  if (roll < 0.45) return random.pick(common);
  if (roll < 0.65) return random.pick(allNumbers);
  if (roll < 0.76) return random.pick(strings);
  if (roll < 0.82) return random.pick(dates);
  return random.pick(rare);
}

export function anyValue(random: Random, depth = 2): Value {
  if (depth > 0) {
    const roll = random.next();
    if (roll < 0.2) return anyArray(random, depth - 1);
    if (roll < 0.4) return anyDocument(random, depth - 1);
  }
  return scalar(random);
}

export function anyArray(random: Random, depth = 1): Value[] {
  const alike = random.chance(0.35);
  const pool = random.pick([smallNumbers, allNumbers, strings, dates, common]);
  return random.many(0, 4, () => (alike ? random.pick(pool) : anyValue(random, depth)));
}

export function anyDocument(random: Random, depth = 2): Doc {
  const fields = new Map(
    random.many(0, 4, () => [anyKey(random), anyValue(random, depth)] as const),
  );
  return Doc.fromEntries(fields);
}

/** Documents for a collection: `_id` is 0, 1, 2 … */
export function collectionOf(random: Random, count: number, style: Style = "wild"): Doc[] {
  return Array.from({ length: count }, (_, index) => storedDocument(random, index, style));
}

/** Whether the typed fields always have their type. */
export type Style = "tame" | "wild";

/**
 * A document whose fields often have the type that operators want: `n` number, `s` string, `t` date, `l` array, `o`
 * document, `f` boolean; the rest is anything.
 */
export function storedDocument(random: Random, id: Value, style: Style = "wild"): Doc {
  const fields: [string, Value][] = [["_id", id]];
  const right = style === "tame" ? 1 : 0.9;
  for (const [key, value] of anyDocument(random, 3).entries()) fields.push([key, value]);
  const typed: readonly (readonly [string, () => Value])[] = [
    ["n", () => random.pick(random.chance(0.5) ? smallNumbers : allNumbers)],
    ["s", () => random.pick(strings)],
    ["t", () => random.pick(dates)],
    ["l", () => anyArray(random, 2)],
    ["o", () => anyDocument(random, 2)],
    ["f", () => random.chance(0.5)],
  ];
  for (const [key, make] of typed) {
    if (random.chance(0.7)) fields.push([key, random.chance(right) ? make() : anyValue(random, 2)]);
  }
  // Timestamp(0, 0) at the top is replaced by the server's clock.
  return Doc.fromEntries(
    fields.map(([key, value]) => [key, isZeroTimestamp(value) ? null : value] as const),
  );
}

function isZeroTimestamp(value: Value): boolean {
  return value instanceof Timestamp && value.t === 0 && value.i === 0;
}

const heads = ["a", "b", "c", "n", "s", "t", "l", "o", "f", "x", "_id"] as const;
const tails = ["a", "b", "c", "0", "1", "d", "x"] as const;

/** A dotted path that documents often have. */
export function anyPath(random: Random): string {
  const head = random.pick(heads);
  const roll = random.next();
  if (roll < 0.55) return head;
  if (roll < 0.85) return `${head}.${random.pick(tails)}`;
  return `${head}.${random.pick(tails)}.${random.pick(tails)}`;
}
