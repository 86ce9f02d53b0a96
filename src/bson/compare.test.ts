import { BSON } from "bson";
import { describe, expect, test } from "vitest";
import { createRandom, generateValue } from "../../test/support/generate-bson.ts";
import { compare, compareText, equals, identityOf } from "./compare.ts";
import { Doc } from "./doc.ts";
import { parseEjsonValue } from "./parse-ejson.ts";
import { toText } from "./stringify.ts";
import type { Value } from "./value.ts";

/** Ascending; what stands on one line is equal. Each pair was put to a mongod 6.0.5 (`$cmp`). */
const ladder: readonly (readonly string[])[] = [
  ['{"$minKey":1}'],
  ['{"$undefined":true}'],
  ["null"],
  ['{"$numberDouble":"NaN"}', '{"$numberDecimal":"NaN"}'],
  ['{"$numberDouble":"-Infinity"}', '{"$numberDecimal":"-Infinity"}'],
  ['{"$numberDecimal":"-1E+400"}'],
  ["-9223372036854775808.0", '{"$numberLong":"-9223372036854775808"}'],
  ["-1", "-1.0"],
  ["0", "-0.0", '{"$numberLong":"0"}', '{"$numberDecimal":"-0"}', '{"$numberDecimal":"0E+10"}'],
  ['{"$numberDecimal":"1E-400"}'],
  ["5e-324"],
  ['{"$numberDecimal":"0.1"}'],
  ['{"$numberDecimal":"0.1000000000000000055511151231257827"}'],
  ["0.1"],
  ['{"$numberDecimal":"0.1000000000000000055511151231257828"}'],
  ["0.5", '{"$numberDecimal":"0.50"}'],
  ["1", "1.0", '{"$numberLong":"1"}', '{"$numberDecimal":"1.0"}'],
  ["9007199254740992.0"],
  ['{"$numberLong":"9007199254740993"}', '{"$numberDecimal":"9007199254740993"}'],
  ["9007199254740994.0"],
  ['{"$numberLong":"9223372036854775807"}', '{"$numberDecimal":"9223372036854775807"}'],
  ["9223372036854775808.0", '{"$numberDecimal":"9223372036854775808"}'],
  ["1e23"],
  ['{"$numberDecimal":"1E+23"}'],
  ["1.7976931348623157e308"],
  ['{"$numberDecimal":"1E+400"}'],
  ['{"$numberDouble":"Infinity"}', '{"$numberDecimal":"Infinity"}'],
  ['""', '{"$symbol":""}'],
  ['"A"'],
  ['"a"', '{"$symbol":"a"}'],
  ['"a\\u0000b"'],
  ['"ab"'],
  ['"é"'],
  ['"\\uffff"'],
  ['"\\ud83d\\ude00"'],
  ["{}"],
  ['{"a":null}'],
  ['{"":1}'],
  ['{"a":1}', '{"a":1.0}'],
  ['{"a":1,"b":1}'],
  ['{"a":2}'],
  ['{"aa":0}'],
  ['{"b":0}'],
  ['{"a":"x"}'],
  ['{"a":{}}'],
  ['{"a":[]}'],
  ["[]"],
  ['[{"$minKey":1}]'],
  ["[null]"],
  ["[1]"],
  ["[1,2]"],
  ["[2]"],
  ['["a"]'],
  ["[{}]"],
  ["[[1]]"],
  ['{"$binary":{"base64":"","subType":"00"}}'],
  ['{"$binary":{"base64":"AQ==","subType":"00"}}'],
  ['{"$binary":{"base64":"/w==","subType":"00"}}'],
  ['{"$binary":{"base64":"AQ==","subType":"80"}}'],
  ['{"$binary":{"base64":"AQI=","subType":"00"}}'],
  ['{"$binary":{"base64":"AQIDBAU=","subType":"00"}}'],
  ['{"$binary":{"base64":"AQ==","subType":"02"}}'],
  ['{"$oid":"000000000000000000000000"}'],
  ['{"$oid":"0000000000000000ffffffff"}'],
  ['{"$oid":"800000000000000000000000"}'],
  ["false"],
  ["true"],
  ['{"$date":{"$numberLong":"-9223372036854775808"}}'],
  ['{"$date":-1}'],
  ['{"$date":0}'],
  ['{"$date":{"$numberLong":"9223372036854775807"}}'],
  ['{"$timestamp":{"t":0,"i":1}}'],
  ['{"$timestamp":{"t":1,"i":0}}'],
  ['{"$timestamp":{"t":1,"i":4294967295}}'],
  ['{"$timestamp":{"t":4294967295,"i":0}}'],
  ['{"$regularExpression":{"pattern":"a","options":""}}'],
  ['{"$regularExpression":{"pattern":"a","options":"i"}}'],
  ['{"$regularExpression":{"pattern":"ab","options":""}}'],
  ['{"$dbPointer":{"$ref":"b","$id":{"$oid":"000000000000000000000001"}}}'],
  ['{"$dbPointer":{"$ref":"a.b","$id":{"$oid":"000000000000000000000000"}}}'],
  ['{"$code":"a"}'],
  ['{"$code":"ab"}'],
  ['{"$code":"a","$scope":{}}'],
  ['{"$code":"a","$scope":{"x":1}}'],
  ['{"$code":"ab","$scope":{}}'],
  ['{"$maxKey":1}'],
];

/** What is wrong between two values, given how they should compare. */
function judge(left: Value, right: Value, wanted: number): string | undefined {
  const [there, back] = [Math.sign(compare(left, right)), Math.sign(compare(right, left))];
  const isSame = Object.is(identityOf(left), identityOf(right));
  if (
    there === wanted &&
    back === 0 - wanted &&
    equals(left, right) === isSame &&
    isSame === (wanted === 0)
  )
    return undefined;
  return `${toText(left, "canonical")} and ${toText(right, "canonical")}: ${there}, ${back}, ${isSame}`;
}

describe("compare", () => {
  test("has MongoDB's order, and identityOf agrees with it", () => {
    const steps = ladder.flatMap((line, rank) =>
      line.map((text) => ({ rank, value: parseEjsonValue(Buffer.from(text)) })),
    );
    const wrong = steps.flatMap((left) =>
      steps.map((right) => judge(left.value, right.value, Math.sign(left.rank - right.rank))),
    );
    expect(wrong.filter((each) => each !== undefined)).toEqual([]);
  });

  test("is a total order over generated values", () => {
    const random = createRandom(11);
    const pool = Array.from({ length: 500 }, () => {
      const tree = { v: generateValue({ random, isRelaxed: false }, 3) };
      return Doc.fromBytes(BSON.serialize(tree)).get("v") as Value;
    });
    const sorted = pool.toSorted(compare);
    // Each against each: sorted order, symmetry and equality by identity make it total and transitive.
    const wrong: string[] = [];
    for (let low = 0; low < sorted.length; low += 1)
      for (let high = low; high < sorted.length; high += 1) {
        const [left, right] = [sorted[low] as Value, sorted[high] as Value];
        const isSame = Object.is(identityOf(left), identityOf(right));
        const fault = judge(left, right, isSame ? 0 : -1);
        if (fault !== undefined) wrong.push(fault);
      }
    expect(wrong).toEqual([]);
  });

  test("identityOf: no text imitates structure", () => {
    const texts = [
      '["a","b"]',
      '["ab"]',
      '["a1:sb"]',
      '[["a"],"b"]',
      '{"a":"b"}',
      '{"a1:sb":""}',
      '"n1;"',
      "1",
      '"1"',
    ];
    const identities = texts.map((text) => identityOf(parseEjsonValue(Buffer.from(text))));
    expect(new Set(identities).size).toBe(texts.length);
  });

  test.for([
    ["\u{10000}", "\uffff"],
    ["\u{10ffff}", "\u{10000}"],
    ["\ue000", "\ud7ff"],
    ["b", "ab"],
    ["ab", "a"],
  ] as const)("compareText: %j comes after %j, as its UTF-8 does", ([high, low]) => {
    expect(Math.sign(compareText(high, low))).toBe(
      Buffer.compare(Buffer.from(high), Buffer.from(low)),
    );
    expect(Math.sign(compareText(low, high))).toBe(-1);
  });
});
