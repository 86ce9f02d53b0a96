import { BSON, EJSON } from "bson";
import { describe, expect, test } from "vitest";
import { parseEjson, parseEjsonValue } from "./parse-ejson.ts";
import { toText } from "./stringify.ts";

const canonicalOf = (text: string): string =>
  toText(parseEjsonValue(Buffer.from(text)), "canonical");

/** Where both readers see one thing: text and its canonical form. */
const accepted: readonly (readonly [text: string, canonical: string])[] = [
  ["0", '{"$numberInt":"0"}'],
  ["2147483647", '{"$numberInt":"2147483647"}'],
  ["2147483648", '{"$numberLong":"2147483648"}'],
  ["-2147483648", '{"$numberInt":"-2147483648"}'],
  ["-2147483649", '{"$numberLong":"-2147483649"}'],
  ["9007199254740993", '{"$numberLong":"9007199254740993"}'],
  ["9223372036854775807", '{"$numberLong":"9223372036854775807"}'],
  ["-9223372036854775808", '{"$numberLong":"-9223372036854775808"}'],
  ["9223372036854775808", '{"$numberDouble":"9223372036854775808.0"}'],
  ["123456789012345678901234567890", '{"$numberDouble":"1.2345678901234568e+29"}'],
  ["-0", '{"$numberDouble":"-0.0"}'],
  ["-0.0", '{"$numberDouble":"-0.0"}'],
  ["1.0", '{"$numberDouble":"1.0"}'],
  ["1e3", '{"$numberDouble":"1000.0"}'],
  ["1E-2", '{"$numberDouble":"0.01"}'],
  ["0.1234567890123456789", '{"$numberDouble":"0.12345678901234568"}'],
  ["1e999", '{"$numberDouble":"Infinity"}'],
  ['{"$numberInt":"+7"}', '{"$numberInt":"7"}'],
  ['{"$numberInt":"-0"}', '{"$numberInt":"0"}'],
  ['{"$numberInt":"007"}', '{"$numberInt":"7"}'],
  ['{"$numberLong":"-9223372036854775808"}', '{"$numberLong":"-9223372036854775808"}'],
  ['{"$numberLong":"5"}', '{"$numberLong":"5"}'],
  ['{"$numberDouble":"-0"}', '{"$numberDouble":"-0.0"}'],
  ['{"$numberDouble":"5"}', '{"$numberDouble":"5.0"}'],
  ['{"$numberDouble":".5"}', '{"$numberDouble":"0.5"}'],
  ['{"$numberDouble":"5."}', '{"$numberDouble":"5.0"}'],
  ['{"$numberDouble":"-12.75"}', '{"$numberDouble":"-12.75"}'],
  ['{"$numberDouble":"123456789012.345"}', '{"$numberDouble":"123456789012.345"}'],
  ['{"$numberDouble":"1234567890123.4567"}', '{"$numberDouble":"1234567890123.4568"}'],
  ['{"$numberDouble":"-Infinity"}', '{"$numberDouble":"-Infinity"}'],
  ['{"$numberDouble":"NaN"}', '{"$numberDouble":"NaN"}'],
  ['{"$numberDecimal":"1.500"}', '{"$numberDecimal":"1.500"}'],
  ['{"$numberDecimal":"-infinity"}', '{"$numberDecimal":"-Infinity"}'],
  ['{"$numberDecimal":"1E400"}', '{"$numberDecimal":"1E+400"}'],
  ['{"$date":"2022-01-12T02:33:23.067Z"}', '{"$date":{"$numberLong":"1641954803067"}}'],
  ['{"$date":"2022-01-12T02:33:23Z"}', '{"$date":{"$numberLong":"1641954803000"}}'],
  ['{"$date":"2022-01-12T02:33:23.0678999Z"}', '{"$date":{"$numberLong":"1641954803067"}}'],
  ['{"$date":"2022-01-12T02:33:23.5+05:30"}', '{"$date":{"$numberLong":"1641935003500"}}'],
  ['{"$date":"2022-01-12T02:33:23-0800"}', '{"$date":{"$numberLong":"1641983603000"}}'],
  ['{"$date":"2022-01-12T02:33Z"}', '{"$date":{"$numberLong":"1641954780000"}}'],
  ['{"$date":"2022-01-12"}', '{"$date":{"$numberLong":"1641945600000"}}'],
  ['{"$date":"0050-02-28T00:00:00Z"}', '{"$date":{"$numberLong":"-60584284800000"}}'],
  ['{"$date":"-000350-03-01T00:00:00Z"}', '{"$date":{"$numberLong":"-73206979200000"}}'],
  ['{"$date":"+012022-01-12T02:33:23Z"}', '{"$date":{"$numberLong":"317211474803000"}}'],
  ['{"$date":"2024-02-29T00:00:00Z"}', '{"$date":{"$numberLong":"1709164800000"}}'],
  ['{"$date":1641954803067}', '{"$date":{"$numberLong":"1641954803067"}}'],
  ['{"$date":-5}', '{"$date":{"$numberLong":"-5"}}'],
  [
    '{"$date":{"$numberLong":"-9223372036854775808"}}',
    '{"$date":{"$numberLong":"-9223372036854775808"}}',
  ],
  ['{ "$date" : { "$numberLong" : "7" } }', '{"$date":{"$numberLong":"7"}}'],
  ['{"$oid":"0123456789ABCDEFabcdef01"}', '{"$oid":"0123456789abcdefabcdef01"}'],
  ['{"\\u0024oid":"0123456789abcdef01234567"}', '{"$oid":"0123456789abcdef01234567"}'],
  ['{"$binary":{"base64":"AQID","subType":"0"}}', '{"$binary":{"base64":"AQID","subType":"00"}}'],
  ['{"$binary":{"subType":"80","base64":"//8="}}', '{"$binary":{"base64":"//8=","subType":"80"}}'],
  ['{"$binary":{"base64":"AQID","subType":"02"}}', '{"$binary":{"base64":"AQID","subType":"02"}}'],
  ['{"$binary":"AQID","$type":"05"}', '{"$binary":{"base64":"AQID","subType":"05"}}'],
  ['{"$type":"05","$binary":"AQID"}', '{"$binary":{"base64":"AQID","subType":"05"}}'],
  [
    '{"$uuid":"73ffd264-44b3-4c69-90e8-e7d1dfc035d4"}',
    '{"$binary":{"base64":"c//SZESzTGmQ6OfR38A11A==","subType":"04"}}',
  ],
  [
    '{"$regularExpression":{"pattern":"a\\"b","options":"xi"}}',
    '{"$regularExpression":{"pattern":"a\\"b","options":"ix"}}',
  ],
  [
    '{"$regularExpression":{"options":"","pattern":""}}',
    '{"$regularExpression":{"pattern":"","options":""}}',
  ],
  ['{"$timestamp":{"i":4294967295,"t":0}}', '{"$timestamp":{"t":0,"i":4294967295}}'],
  [
    '{"$timestamp":{"t":{"$numberInt":"5"},"i":{"$numberLong":"4294967295"}}}',
    '{"$timestamp":{"t":5,"i":4294967295}}',
  ],
  ['{"$minKey":1}', '{"$minKey":1}'],
  ['{"$minKey":{"$numberInt":"1"}}', '{"$minKey":1}'],
  ['{"$maxKey": {"$numberInt":"1"}}', '{"$maxKey":1}'],
  ['{"$maxKey":1}', '{"$maxKey":1}'],
  ['{"$undefined":true}', '{"$undefined":true}'],
  ['{"$symbol":"s"}', '{"$symbol":"s"}'],
  ['{"$code":"f()"}', '{"$code":"f()"}'],
  ['{"$code":"f()","$scope":{"x":1}}', '{"$code":"f()","$scope":{"x":{"$numberInt":"1"}}}'],
  [
    '{"$dbPointer":{"$ref":"a.b","$id":{"$oid":"0123456789abcdef01234567"}}}',
    '{"$dbPointer":{"$ref":"a.b","$id":{"$oid":"0123456789abcdef01234567"}}}',
  ],
  [
    '{"$dbPointer":{"$id":{"$oid":"0123456789abcdef01234567"},"$ref":"b"}}',
    '{"$dbPointer":{"$ref":"b","$id":{"$oid":"0123456789abcdef01234567"}}}',
  ],
  [
    '{"$ref":"c","$id":{"$oid":"0123456789abcdef01234567"},"$db":"d"}',
    '{"$ref":"c","$id":{"$oid":"0123456789abcdef01234567"},"$db":"d"}',
  ],
  // Operators are documents.
  ['{"$gt":5}', '{"$gt":{"$numberInt":"5"}}'],
  ['{"$type":"string"}', '{"$type":"string"}'],
  ['{"$type":"00","$exists":true}', '{"$type":"00","$exists":true}'],
  ['{"$regex":"a"}', '{"$regex":"a"}'],
  ['{"$regex":"a","$options":"i","$ne":"b"}', '{"$regex":"a","$options":"i","$ne":"b"}'],
  [
    '{"$regex":{"$regularExpression":{"pattern":"a","options":""}},"$options":"i"}',
    '{"$regex":{"$regularExpression":{"pattern":"a","options":""}},"$options":"i"}',
  ],
  ['{"$elemMatch":{"$regex":"a","$options":"i"}}', '{"$elemMatch":{"$regex":"a","$options":"i"}}'],
  ['{"$regex":"a\\u0000","$options":""}', '{"$regex":"a\\u0000","$options":""}'],
  // Together they are version 1's regular expression.
  ['{"$options":"mi","$regex":"a"}', '{"$regularExpression":{"pattern":"a","options":"im"}}'],
  [
    '{"$elemMatch":{"a":{"$regex":"a","$options":"i"}}}',
    '{"$elemMatch":{"a":{"$regularExpression":{"pattern":"a","options":"i"}}}}',
  ],
  // Text.
  ['"\\u00e9\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\"\\\\"', '"é😀/\\b\\f\\n\\r\\t\\"\\\\"'],
  ['"\\u0000"', '"\\u0000"'],
  ["\ufeff \n\t\r[ 1 , true , false , null ] ", '[{"$numberInt":"1"},true,false,null]'],
  [
    '{"__proto__":{"constructor":1},"toString":2}',
    '{"__proto__":{"constructor":{"$numberInt":"1"}},"toString":{"$numberInt":"2"}}',
  ],
  ['{"2":1,"1":2,"":3}', '{"2":{"$numberInt":"1"},"1":{"$numberInt":"2"},"":{"$numberInt":"3"}}'],
  ["[]", "[]"],
  ["{}", "{}"],
];

describe("parseEjson", () => {
  test.for(accepted)("reads %s", ([text, canonical]) => {
    expect(canonicalOf(text)).toBe(canonical);
    expect(canonicalOf(canonical)).toBe(canonical);
  });

  test("numbers the elements of long arrays", () => {
    const text = JSON.stringify(Array.from({ length: 1234 }, (_, index) => index));
    const bytes = parseEjson(Buffer.from(`{"a":${text}}`)).toBytes();
    expect(bytes.equals(BSON.serialize({ a: JSON.parse(text) }))).toBe(true);
  });
});

/** What the bson package reads differently, and why ours is right. */
const departures: readonly (readonly [
  reason: string,
  text: string,
  ours: string,
  theirs: string,
])[] = [
  [
    "a point makes a Double",
    '{"a":1.0}',
    '{"a":{"$numberDouble":"1.0"}}',
    '{"a":{"$numberInt":"1"}}',
  ],
  [
    "integers are exact",
    '{"a":9007199254740993}',
    '{"a":{"$numberLong":"9007199254740993"}}',
    '{"a":{"$numberLong":"9007199254740992"}}',
  ],
  ["field order is kept", '{"b":true,"1":true}', '{"b":true,"1":true}', '{"1":true,"b":true}'],
  [
    "an operator stays one",
    '{"a":{"$regex":"x","$ne":"y"}}',
    '{"a":{"$regex":"x","$ne":"y"}}',
    '{"a":{"$regularExpression":{"pattern":"x","options":""}}}',
  ],
  ["Undefined is a value", '{"a":{"$undefined":true}}', '{"a":{"$undefined":true}}', '{"a":null}'],
];

test.for(departures)("the bson package departs: %s", ([, text, ours, theirs]) => {
  expect(toText(parseEjson(Buffer.from(text)), "canonical")).toBe(ours);
  expect(EJSON.stringify(EJSON.parse(text, { relaxed: false }), { relaxed: false })).toBe(theirs);
});

test("parse: a text that outgrows the buffer keeps the types of its elements", () => {
  // Above the size at which the buffer is given back, so that it grows in every run.
  const numbers = Array.from({ length: 400_000 }, (_, index) => index);
  const doc = parseEjson(Buffer.from(JSON.stringify({ a: numbers })));
  expect(doc.get("a")).toEqual(numbers);
});
