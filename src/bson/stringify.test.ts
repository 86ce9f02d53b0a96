import { describe, expect, test } from "vitest";
import { decimalFromBits, decimalInfinity, decimalNaN, readDecimal } from "./decimal128.ts";
import { Doc } from "./doc.ts";
import { toText, writeDocText, writeValueText } from "./stringify.ts";
import { TextWriter } from "./text-writer.ts";
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
} from "./value.ts";

const id = ObjectId.fromHex("65f0c0ffee65f0c0ffee65f0");
const canonical = "canonical";
const relaxed = "relaxed";
const double = (value: number): Value => new Double(value);

/** Value, canonical, relaxed and plain JSON; an empty text means as in the column before. */
const rows: readonly (readonly [value: Value, canonical: string, relaxed: string, json: string])[] =
  [
    ['é"\\\n\u0001<&>', '"é\\"\\\\\\n\\u0001<&>"', "", ""],
    [true, "true", "", ""],
    [null, "null", "", ""],
    [-7, '{"$numberInt":"-7"}', "-7", ""],
    [-(2 ** 31), '{"$numberInt":"-2147483648"}', "-2147483648", ""],
    [5n, '{"$numberLong":"5"}', "5", ""],
    [9007199254740993n, '{"$numberLong":"9007199254740993"}', "9007199254740993", ""],
    [-(2n ** 63n), '{"$numberLong":"-9223372036854775808"}', "-9223372036854775808", ""],
    [double(1.5), '{"$numberDouble":"1.5"}', "1.5", ""],
    [double(10), '{"$numberDouble":"10.0"}', "10.0", "10"],
    [double(-0), '{"$numberDouble":"-0.0"}', "-0.0", "-0"],
    [double(1e21), '{"$numberDouble":"1e+21"}', "1e+21", ""],
    [
      double(2 ** 63),
      '{"$numberDouble":"9223372036854775808.0"}',
      "9223372036854775808.0",
      "9223372036854776000",
    ],
    [double(1e-7), '{"$numberDouble":"1e-7"}', "1e-7", ""],
    [double(NaN), '{"$numberDouble":"NaN"}', "", '"NaN"'],
    [double(Infinity), '{"$numberDouble":"Infinity"}', "", '"Infinity"'],
    [double(-Infinity), '{"$numberDouble":"-Infinity"}', "", '"-Infinity"'],
    [readDecimal("1.50")?.value as Value, '{"$numberDecimal":"1.50"}', "", '"1.50"'],
    [decimalNaN, '{"$numberDecimal":"NaN"}', "", '"NaN"'],
    [decimalInfinity, '{"$numberDecimal":"Infinity"}', "", '"Infinity"'],
    [decimalFromBits(0n, 0x6c10_0000_0000_0000n), '{"$numberDecimal":"0"}', "", '"0"'],
    [id, '{"$oid":"65f0c0ffee65f0c0ffee65f0"}', "", '"65f0c0ffee65f0c0ffee65f0"'],
    [
      toDateTime(1_641_954_803_067),
      '{"$date":{"$numberLong":"1641954803067"}}',
      '{"$date":"2022-01-12T02:33:23.067Z"}',
      '"2022-01-12T02:33:23.067Z"',
    ],
    [
      toDateTime(0),
      '{"$date":{"$numberLong":"0"}}',
      '{"$date":"1970-01-01T00:00:00Z"}',
      '"1970-01-01T00:00:00.000Z"',
    ],
    [toDateTime(-1), '{"$date":{"$numberLong":"-1"}}', "", '"1969-12-31T23:59:59.999Z"'],
    [
      toDateTime(253_402_300_800_000),
      '{"$date":{"$numberLong":"253402300800000"}}',
      "",
      '"+010000-01-01T00:00:00.000Z"',
    ],
    [
      toDateTime(-62_167_219_200_001),
      '{"$date":{"$numberLong":"-62167219200001"}}',
      "",
      '"-000001-12-31T23:59:59.999Z"',
    ],
    [
      toDateTime(2n ** 63n - 1n),
      '{"$date":{"$numberLong":"9223372036854775807"}}',
      "",
      '"9223372036854775807"',
    ],
    [
      new DateTime(8.64e15 + 1),
      '{"$date":{"$numberLong":"8640000000000001"}}',
      "",
      '"8640000000000001"',
    ],
    [
      new Binary(0, Uint8Array.of(1, 2, 3)),
      '{"$binary":{"base64":"AQID","subType":"00"}}',
      "",
      '{"Subtype":0,"Data":"AQID"}',
    ],
    [
      new Binary(2, Uint8Array.of(1, 2, 3)),
      '{"$binary":{"base64":"AQID","subType":"02"}}',
      "",
      '{"Subtype":2,"Data":"AQID"}',
    ],
    [
      new Binary(4, new Uint8Array(16)),
      '{"$binary":{"base64":"AAAAAAAAAAAAAAAAAAAAAA==","subType":"04"}}',
      "",
      '{"Subtype":4,"Data":"AAAAAAAAAAAAAAAAAAAAAA=="}',
    ],
    [
      new Regex('a"b', "im"),
      '{"$regularExpression":{"pattern":"a\\"b","options":"im"}}',
      "",
      '{"Pattern":"a\\"b","Options":"im"}',
    ],
    [
      new Timestamp(4_294_967_295, 1),
      '{"$timestamp":{"t":4294967295,"i":1}}',
      "",
      '{"T":4294967295,"I":1}',
    ],
    [MinKey, '{"$minKey":1}', "", "{}"],
    [MaxKey, '{"$maxKey":1}', "", "{}"],
    [Undefined, '{"$undefined":true}', "", "null"],
    [new Code("f()"), '{"$code":"f()"}', "", '"f()"'],
    [
      new CodeWithScope("f()", Doc.of({ x: 1 })),
      '{"$code":"f()","$scope":{"x":{"$numberInt":"1"}}}',
      '{"$code":"f()","$scope":{"x":1}}',
      '{"Code":"f()","Scope":{"x":1}}',
    ],
    [new BsonSymbol("s"), '{"$symbol":"s"}', "", '"s"'],
    [
      new DbPointer("a.b", id),
      '{"$dbPointer":{"$ref":"a.b","$id":{"$oid":"65f0c0ffee65f0c0ffee65f0"}}}',
      "",
      '{"DB":"a.b","Pointer":"65f0c0ffee65f0c0ffee65f0"}',
    ],
    [
      Doc.of({ $ref: "c", $id: id }),
      '{"$ref":"c","$id":{"$oid":"65f0c0ffee65f0c0ffee65f0"}}',
      "",
      '{"$ref":"c","$id":"65f0c0ffee65f0c0ffee65f0"}',
    ],
    [[1, [], Doc.empty], '[{"$numberInt":"1"},[],{}]', "[1,[],{}]", ""],
  ];

describe("text of", () => {
  test.for(rows)("%#: %o", ([value, first, second, third]) => {
    expect(toText(value, canonical)).toBe(first);
    expect(toText(value, relaxed)).toBe(second || first);
    expect(toText(value, "json")).toBe(third || second || first);
  });

  test("long strings with escapes, runs and characters beyond ASCII", () => {
    for (const text of [
      "x".repeat(1000),
      `${"é".repeat(200)}"${"\n".repeat(300)}😀`,
      "\u0000".repeat(257),
    ])
      expect(toText(text, "json")).toBe(JSON.stringify(text));
  });

  test("stored text that is no UTF-8 becomes U+FFFD", () => {
    const bytes = Doc.of({ "k?": `v?${"w".repeat(300)}` }).toBytes();
    for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === 0x3f) bytes[at] = 0xff;
    expect(toText(Doc.fromBytes(bytes), "json")).toBe(`{"k\ufffd":"v\ufffd${"w".repeat(300)}"}`);
  });
});

describe("TextWriter", () => {
  test("joins an envelope and documents, and grows", () => {
    const out = new TextWriter();
    out.ascii('{"documents":[');
    for (let index = 0; index < 10_000; index += 1) {
      if (index > 0) out.byte(0x2c);
      writeDocText(out, Doc.of({ index, text: "é" }), "json");
    }
    out.ascii('],"note":');
    out.quoted('"ü"');
    out.ascii(',"value":');
    writeValueText(out, 5n, canonical);
    out.byte(0x7d);
    expect(JSON.parse(out.take().toString())).toEqual({
      documents: Array.from({ length: 10_000 }, (_, index) => ({ index, text: "é" })),
      note: '"ü"',
      value: { $numberLong: "5" },
    });
  });

  test("gives each its own bytes", () => {
    const first = new TextWriter();
    first.ascii("first");
    const second = new TextWriter();
    second.ascii("second");
    const taken = first.take();
    const third = new TextWriter();
    third.ascii("THIRD");
    expect([taken, second.take(), third.take()].map(String)).toEqual(["first", "second", "THIRD"]);
  });
});
