import { BSON } from "bson";
import { expect, test } from "vitest";
import { createRandom, generateValue } from "../../test/support/generate-bson.ts";
import { compare, rankOf } from "./compare.ts";
import { Doc } from "./doc.ts";
import { findField, typeAt } from "./places.ts";
import { toText } from "./stringify.ts";
import { ValueColumn } from "./value-column.ts";
import { BsonSymbol, type Value } from "./value.ts";

interface Filled {
  readonly column: ValueColumn;
  /** What was put in. */
  readonly texts: readonly string[];
}

/** Values of all types, of which some come as bytes and some as they are, and some are missing. */
function fill(seed: number, count: number): Filled {
  const random = createRandom(seed);
  const column = new ValueColumn();
  const texts: string[] = [];
  const few = ["", "a", "ab", "aé", "a\u{ffff}", "a\u{1f600}", "a long text with much in common"];
  for (let index = 0; index < count; index += 1) {
    const v =
      random.below(3) === 0 ? random.pick(few) : generateValue({ random, isRelaxed: false }, 2);
    const doc = Doc.fromBytes(Buffer.from(BSON.serialize({ before: index, v })));
    const value = random.below(9) === 0 ? undefined : (doc.get("v") as Value);
    texts.push(textOf(value));
    if (random.below(2) === 0) column.add(value);
    else if (value === undefined) column.addBytes(Buffer.alloc(0), 0, 0);
    else {
      const bytes = doc.toBytes();
      const at = findField(bytes, 0, "v");
      column.addBytes(bytes, typeAt(bytes, at, "v"), at);
      // What is held is a copy.
      bytes.fill(0xff);
    }
  }
  return { column, texts };
}

function textOf(value: Value | undefined): string {
  return value === undefined ? "missing" : toText(value, "canonical");
}

test.for([1, 2, 3])("value column: gives what was put in, in the same order, seed %i", (seed) => {
  const { column, texts } = fill(seed, 400);
  expect(column.count).toBe(texts.length);
  for (const [index, text] of texts.entries()) {
    expect(textOf(column.at(index))).toBe(text);
    const value = column.at(index) ?? null;
    expect(column.rankAt(index)).toBe(rankOf(value));
    const other = (index * 7) % texts.length;
    const order = compare(value, column.at(other) ?? null);
    expect(Math.sign(column.compareAt(index, other))).toBe(Math.sign(order));
  }
});

test("value column: beginnings of texts", () => {
  const column = new ValueColumn();
  for (const each of ["abcd", "abx", new BsonSymbol("ab"), 5, "é"]) column.add(each);
  expect(column.commonBytes(0, 1, 9)).toBe(2);
  expect(column.commonBytes(0, 2, 1)).toBe(1);
  expect(column.commonBytes(0, 3, 9)).toBe(0);
  expect(column.textDigits(0, 2, 2)).toBe(0x63_64);
  expect(column.textDigits(2, 1, 2)).toBe(0x62_00);
  expect(column.textDigits(3, 0, 2)).toBeUndefined();
  expect(column.textDigits(4, 0, 2)).toBe(0xc3_a9);
});
