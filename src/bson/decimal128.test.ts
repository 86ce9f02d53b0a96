import { Decimal128 as Theirs } from "bson";
import { describe, expect, test } from "vitest";
import { createRandom, type Random } from "../../test/support/generate-bson.ts";
import {
  type Decimal128,
  decimalFromBits,
  decimalToBits,
  readDecimal,
  roundDecimal,
} from "./decimal128.ts";

const bytesOf = (value: Decimal128): string => {
  const { low, high } = decimalToBits(value);
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, low));
  bytes.writeBigUInt64LE(BigInt.asUintN(64, high), 8);
  return bytes.toString("hex");
};

/** Their bytes; undefined where they throw. */
function theirBytes(text: string): string | undefined {
  try {
    return Buffer.from(Theirs.fromString(text).bytes).toString("hex");
  } catch {
    return undefined;
  }
}

function ourBytes(text: string): string | undefined {
  const read = readDecimal(text);
  // The bson package refuses what it can not hold exactly.
  return read === undefined || read.inexact ? undefined : bytesOf(read.value);
}

const digits = (random: Random, max: number): string =>
  Array.from({ length: random.below(max) }, () => random.pick("00123456789".split(""))).join("");

function generateText(random: Random): string {
  const sign = random.pick(["", "", "-", "+"]);
  const point = random.pick(["", ".", "."]);
  const exponent = random.pick([
    "",
    "",
    `E${random.below(80) - 40}`,
    `e+${random.below(7000)}`,
    `e-${random.below(7000)}`,
  ]);
  return `${sign}${digits(random, 40)}${point}${digits(random, 20)}${exponent}`;
}

describe("Decimal128 against the bson package", () => {
  test("reads 50,000 generated texts to the same bytes, or fails alike", () => {
    const random = createRandom(5);
    const wrong: string[] = [];
    for (let count = 0; count < 50_000; count += 1) {
      const text = generateText(random);
      const [ours, theirs] = [ourBytes(text), theirBytes(text)];
      // With more digits than fit, the bson package refuses some exact numbers and cuts some inexact ones.
      const isLong = text.replace(/e.*|\D/gi, "").replace(/^0+/, "").length > 34;
      if (ours !== theirs && !isLong) wrong.push(`${text}: ${ours} and ${theirs}`);
    }
    expect(wrong.slice(0, 10)).toEqual([]);
  });

  test("prints 50,000 random bit patterns alike", () => {
    const random = createRandom(6);
    const wrong: string[] = [];
    for (let count = 0; count < 50_000; count += 1) {
      const bytes = Buffer.from(Array.from({ length: 16 }, () => random.below(256)));
      // Half of them with few digits, since most random patterns are out of range.
      if (random.next() < 0.5) bytes.fill(0, 2 + random.below(6), 14);
      const value = decimalFromBits(bytes.readBigUInt64LE(0), bytes.readBigUInt64LE(8));
      const theirs = new Theirs(bytes).toString();
      // It prints coefficients that are out of range, which the specification and a mongod take for zero.
      const isOutOfRange = theirs.replace(/E.*|\D/g, "").replace(/^0+/, "").length > 34;
      if (isOutOfRange ? !value.isZero : value.toString() !== theirs)
        wrong.push(`${bytes.toString("hex")}: ${value.toString()} and ${theirs}`);
    }
    expect(wrong.slice(0, 10)).toEqual([]);
  });
});

/** Text, value, whether something was lost, whether below the least exponent; values as a mongod 6.0.5 has them. */
describe("readDecimal", () => {
  test.for([
    ["12345678901234567890123456789012345", "1.234567890123456789012345678901234E+34", true, false],
    ["12345678901234567890123456789012359", "1.234567890123456789012345678901235E+34", true, false],
    ["1234567890123456789012345678901235.51", "1234567890123456789012345678901235", true, false],
    ["99999999999999999999999999999999999", "9.999999999999999999999999999999999E+34", true, false],
    [
      "12345678901234567890123456789012340",
      "1.234567890123456789012345678901234E+34",
      false,
      false,
    ],
    [
      "79866374603379096490540701621992600.e-4536",
      "7.986637460337909649054070162199260E-4502",
      false,
      false,
    ],
    [
      "99999999999999999999999999999999999E+6110",
      "9.999999999999999999999999999999999E+6144",
      true,
      false,
    ],
    ["1E+6145", "Infinity", true, false],
    ["-1e99999999999999999999", "-Infinity", true, false],
    ["1E+6144", "1.000000000000000000000000000000000E+6144", false, false],
    [
      "1234567890123456789012345678901234567E-6178",
      "1.234567890123456789012345678901234E-6142",
      true,
      false,
    ],
    ["10E-6177", "1E-6176", false, false],
    ["1E-6177", "0E-6176", true, true],
    ["16E-6177", "2E-6176", true, true],
    ["1E-99999", "0E-6176", true, true],
    ["0e99999999999999999999", "0E+6111", false, false],
    ["-0E-99999", "-0E-6176", false, false],
    ["-inf", "-Infinity", false, false],
    [".5", "0.5", false, false],
    ["5.", "5", false, false],
  ] as const)("%s", ([text, value, inexact, isUnderflow]) => {
    const read = readDecimal(text);
    expect([read?.value.toString(), read?.inexact, read?.isUnderflow]).toEqual([
      value,
      inexact,
      isUnderflow,
    ]);
  });

  test.for([
    [false, "12345678901234567890123456789012345", 0, "1.234567890123456789012345678901234E+34"],
    [false, "12345678901234567890123456789012355", 0, "1.234567890123456789012345678901236E+34"],
    [true, "123456789012345678901234567890123451", 0, "-1.234567890123456789012345678901235E+35"],
    [false, "99999999999999999999999999999999999", 0, "1.000000000000000000000000000000000E+35"],
    [false, "5", -6177, "0E-6176"],
    [false, "6", -6177, "1E-6176"],
    [false, "15", -6177, "2E-6176"],
    [false, "1", 6145, "Infinity"],
    [false, "", 7000, "0E+6111"],
  ] as const)(
    "roundDecimal rounds half to even: %j %s × 10^%i",
    ([negative, text, exponent, wanted]) => {
      expect(roundDecimal(negative, text, exponent).value.toString()).toBe(wanted);
    },
  );

  test.for([
    "",
    ".",
    "e5",
    "1e",
    "1 ",
    " 1",
    "0x1",
    "1.2.3",
    "--1",
    "1e5.5",
    "infinit",
    "nanx",
    "١",
  ])("not %j", (text) => {
    expect(readDecimal(text)).toBeUndefined();
  });
});
