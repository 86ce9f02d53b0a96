/** Seeded documents over every BSON type that the bson package can write, edge values weighted. */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from "bson";

export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** An integer from 0 up to `bound`, exclusive. */
  below(bound: number): number;
  pick<T>(from: readonly T[]): T;
}

/** The same seed gives the same numbers on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return { next, below, pick: (from) => from[below(from.length)] as (typeof from)[number] };
}

export type Tree = { [key: string]: unknown };

export interface Generation {
  readonly random: Random;
  /** Only numbers that the bson package's relaxed text keeps: no whole doubles, no Int64 beyond 2^53. */
  readonly isRelaxed: boolean;
}

const doubles = [
  0,
  -0,
  1,
  -1,
  1.5,
  -2.25,
  0.1,
  1 / 3,
  1e21,
  1e-7,
  123456789.125,
  5e-324,
  1.7976931348623157e308,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 31,
  2 ** 63,
  -(2 ** 63),
  1e20,
  123456789012345680000,
  NaN,
  Infinity,
  -Infinity,
  2.2250738585072014e-308,
  1e300,
  -1e-300,
  4.35,
  0.30000000000000004,
];
const ints = [0, 1, -1, 9, 10, 99, 100, 2 ** 31 - 1, -(2 ** 31), 65_535, 1_000_000];
const longs = [
  0n,
  1n,
  -1n,
  2n ** 31n,
  -(2n ** 31n) - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  10n ** 15n,
  10n ** 16n,
  999_999_999_999_999n,
];
const decimals = [
  "0",
  "-0",
  "1",
  "1.50",
  "-1E+10",
  "1E-6176",
  "9.999999999999999999999999999999999E+6144",
  "NaN",
  "Infinity",
  "-Infinity",
  "0E+6111",
  "0E-6176",
  "1234567890123456789012345678901234",
  "0.000001",
  "1E-7",
  "1.000000",
];
const texts = [
  "",
  "a",
  "hello",
  'quote " and \\ slash / ',
  "line\nfeed\ttab\r\b\f",
  "\u0000nul",
  "\u0001\u001f\u007f",
  "é",
  "ü– “”",
  "日本語",
  "😀 and 👩‍👩‍👧",
  "\u2028\u2029",
  "\ufeff",
  "<b>&amp;</b>",
  "$gt",
  "a.b.c",
  "x".repeat(47),
  "y".repeat(300),
  `${"z".repeat(260)}"é\n`,
  "\ud7ff\ue000\uffff",
];
const keys = [
  "a",
  "b",
  "name",
  "_id",
  "",
  "a b",
  "é",
  "日本",
  "__proto__",
  "constructor",
  "toString",
  "$gt",
  "$set",
  "$in",
  "a.b",
  "$",
  'quote"',
  "back\\slash",
  "tab\t",
  "😀",
  "valueOf",
  "length",
  "x".repeat(40),
  "$type",
  "$elemMatch",
];
const dates = [
  0, 1, -1, 999, 1000, 1_640_000_000_123, 1_640_000_000_000, 253_402_300_799_999,
  253_402_300_800_000, -62_167_219_200_000, -62_167_219_200_001, 8.64e15, -8.64e15, 951_782_400_000,
  4_107_542_400_000, 86_399_999,
];

/** A document of some fields, nested `depth` levels at most. */
export function generateDocument(generation: Generation, depth: number): Tree {
  const { random } = generation;
  // Without a prototype "__proto__" is a field like others.
  const tree = Object.create(null) as Tree;
  const count = random.next() < 0.03 ? 20 + random.below(20) : random.below(6);
  for (let index = 0; index < count; index += 1) {
    const key = random.next() < 0.5 ? random.pick(keys) : `k${random.below(1000)}`;
    tree[key] = generateValue(generation, depth - 1);
  }
  return tree;
}

/** Any value, nested `depth` levels at most. */
export function generateValue(generation: Generation, depth: number): unknown {
  const { random } = generation;
  const kind = random.below(depth > 0 ? 24 : 20);
  if (kind >= 22) return generateDocument(generation, depth);
  if (kind >= 20)
    return Array.from({ length: random.below(random.next() < 0.05 ? 120 : 5) }, () =>
      generateValue(generation, depth - 1),
    );
  return (scalars[kind] as (generation: Generation) => unknown)(generation);
}

const bytesOf = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.below(256));

const text = ({ random }: Generation): string => random.pick(texts);

/** Keys of BSON's C strings must not hold a NUL. */
const cText = (generation: Generation): string => text(generation).replaceAll("\0", "");

const scalars: readonly ((generation: Generation) => unknown)[] = [
  text,
  text,
  ({ random }) =>
    new Int32(random.next() < 0.5 ? random.pick(ints) : (random.next() * 2 ** 32) | 0),
  ({ random }) => new Int32(random.below(1000)),
  (generation) => new Double(generateDouble(generation)),
  (generation) => new Double(generateDouble(generation)),
  (generation) => Long.fromBigInt(generateLong(generation)),
  ({ random }) => random.next() < 0.5,
  () => null,
  ({ random }) => new ObjectId(bytesOf(random, 12)),
  ({ random }) =>
    new Date(
      random.next() < 0.5 ? random.pick(dates) : Math.floor((random.next() - 0.3) * 2 ** 43),
    ),
  ({ random }) =>
    new Binary(bytesOf(random, random.below(20)), random.pick([0, 1, 2, 3, 5, 128, 255])),
  ({ random }) => new Binary(bytesOf(random, 16), 4),
  (generation) =>
    new BSONRegExp(cText(generation), generation.random.pick(["", "i", "im", "imsx", "u"])),
  ({ random }) => new Timestamp({ t: random.below(2 ** 32), i: random.below(2 ** 32) }),
  ({ random }) => Decimal128.fromString(random.pick(decimals)),
  ({ random }) =>
    Decimal128.fromString(`${random.below(1e9)}.${random.below(1e9)}E${random.below(40) - 20}`),
  ({ random }) => (random.next() < 0.5 ? new MinKey() : new MaxKey()),
  (generation) => new Code(text(generation)),
  (generation) =>
    generation.random.next() < 0.5
      ? new BSONSymbol(text(generation))
      : new Code(text(generation), generateDocument(generation, 1)),
];

function generateDouble({ random, isRelaxed }: Generation): number {
  const value =
    random.next() < 0.5 ? random.pick(doubles) : (random.next() - 0.5) * 10 ** random.below(12);
  return isRelaxed && Number.isInteger(value) && Math.abs(value) < 1e21 ? 1.25 : value;
}

function generateLong({ random, isRelaxed }: Generation): bigint {
  const value =
    random.next() < 0.5
      ? random.pick(longs)
      : BigInt(Math.floor((random.next() - 0.5) * 2 ** 53)) * 1023n;
  return isRelaxed ? BigInt.asIntN(53, value) : value;
}
