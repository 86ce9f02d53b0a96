/** How the console reads what people type, and prints what they edit. */
import { describe, expect, test } from "vitest";
import { EjsonError, parseEjson, parseEjsonDocument } from "../../console/src/ejson/parse.ts";
import { printEjson, printForPeople } from "../../console/src/ejson/print.ts";
import { toShown } from "../../console/src/ejson/shown.ts";
import { parseEjson as parseOnServer } from "../../src/bson/parse-ejson.ts";
import { toText } from "../../src/bson/stringify.ts";

test.for<[typed: string, means: string]>([
  ["{}", "{}"],
  ['{"b":1,"2":1.0,"1":1e3,"b":null}', '{"b":1,"2":1.0,"1":1e3,"b":null}'],
  ["{ a: 'it\\'s \"so\"', $b: [1, 2,], }", '{"a":"it\'s \\"so\\"","$b":[1,2]}'],
  ["[.5, 5., -0, 007]", "[0.5,5.0,-0,7]"],
  ["// why\n{ a: /* here */ true }", '{"a":true}'],
  ["/^a[/]b/mi", '{"$regularExpression":{"pattern":"^a[/]b","options":"im"}}'],
  ['ObjectId("64B7F0C2A1D3E4F5A6B7C8D9")', '{"$oid":"64b7f0c2a1d3e4f5a6b7c8d9"}'],
  ['ISODate("1970-01-01T00:00:01Z")', '{"$date":{"$numberLong":"1000"}}'],
  ["new Date(1000)", '{"$date":{"$numberLong":"1000"}}'],
  [
    '[NumberLong("9007199254740993"), Long(1)]',
    '[{"$numberLong":"9007199254740993"},{"$numberLong":"1"}]',
  ],
  ["[NumberInt(5), NumberDecimal('1.10')]", '[{"$numberInt":"5"},{"$numberDecimal":"1.10"}]'],
  ["[MinKey(), MaxKey(), undefined]", '[{"$minKey":1},{"$maxKey":1},{"$undefined":true}]'],
  [
    "[NaN, Infinity, -Infinity]",
    '[{"$numberDouble":"NaN"},{"$numberDouble":"Infinity"},{"$numberDouble":"-Infinity"}]',
  ],
  ["Timestamp(1, 2)", '{"$timestamp":{"t":1,"i":2}}'],
  ["Timestamp({ t: 1, i: 2 })", '{"$timestamp":{"t":1,"i":2}}'],
  ['BinData(128, "AQI=")', '{"$binary":{"base64":"AQI=","subType":"80"}}'],
  ['{"__proto__": {"constructor": 1}}', '{"__proto__":{"constructor":1}}'],
  [String.raw`{"a\u0000\ud83d\ude00": "\u202e"}`, '{"a\\u0000😀":"\u202e"}'],
])("%s is %s", ([typed, means]) => {
  expect(printEjson(parseEjson(typed))).toBe(means);
});

test.for<[typed: string, at: number, why: string]>([
  ["", 0, "missing"],
  ["{ a: }", 5, "a value is expected"],
  ["{ a 1 }", 4, "':'"],
  ["{ a: 1 b: 2 }", 7, "',' or '}'"],
  ["{ a: 'x", 5, "no end"],
  ['{ a: "x\n" }', 5, "no end"],
  ["{ a: open }", 5, "quotes"],
  ["{ a: ObjectId('x') }", 5, "ObjectId"],
  ["{ a: constructor(1) }", 5, "not known"],
  ["{ } }", 4, "nothing more"],
  ["[1, 2", 5, "',' or ']'"],
  [String.raw`{ a: "\x" }`, 5, "backslash"],
  ["[".repeat(500), 200, "levels"],
])("%s is wrong at %i: %s", ([typed, at, why]) => {
  let thrown: unknown;
  try {
    parseEjson(typed);
  } catch (cause) {
    thrown = cause;
  }
  expect(thrown).toBeInstanceOf(EjsonError);
  expect(thrown).toMatchObject({ at, message: expect.stringContaining(why) });
});

test("a value that is no document is none", () => {
  expect(() => parseEjsonDocument("[]")).toThrow("a document is expected");
});

/** One of each type. */
const everyType =
  '{"_id":{"$oid":"64b7f0c2a1d3e4f5a6b7c8d9"},"int":{"$numberInt":"7"},"long":{"$numberLong":"7"},' +
  '"double":{"$numberDouble":"7.0"},"large":{"$numberDouble":"1E+30"},"zero":{"$numberDouble":"-0.0"},' +
  '"nan":{"$numberDouble":"NaN"},"decimal":{"$numberDecimal":"7.00"},"text":"7","yes":true,"nothing":null,' +
  '"date":{"$date":{"$numberLong":"-1"}},"early":{"$date":{"$numberLong":"-99999999999999"}},' +
  '"late":{"$date":{"$numberLong":"9007199254740993"}},' +
  '"binary":{"$binary":{"base64":"AQI=","subType":"80"}},' +
  '"uuid":{"$binary":{"base64":"AAECAwQFBgcICQoLDA0ODw==","subType":"04"}},' +
  '"timestamp":{"$timestamp":{"t":5,"i":6}},"regex":{"$regularExpression":{"pattern":"^a","options":"i"}},' +
  '"code":{"$code":"x"},"scoped":{"$code":"x","$scope":{"a":{"$numberInt":"1"}}},"symbol":{"$symbol":"s"},' +
  '"pointer":{"$dbPointer":{"$ref":"a.b","$id":{"$oid":"64b7f0c2a1d3e4f5a6b7c8d9"}}},' +
  '"least":{"$minKey":1},"greatest":{"$maxKey":1},"none":{"$undefined":true},' +
  '"list":[{"$numberInt":"1"},{"$numberLong":"2"}],"2":{"$numberInt":"1"},"1":{"a":{"$numberDouble":"1.5"}}}';

describe("a document of every type", () => {
  test("comes back from the editor's text as it was", () => {
    const edited = printForPeople(parseEjson(everyType));
    const read = printEjson(parseEjson(edited));
    expect(toText(parseOnServer(Buffer.from(read)), "canonical")).toBe(
      toText(parseOnServer(Buffer.from(everyType)), "canonical"),
    );
  });

  test("shows the types apart", () => {
    const { names, values } = parseEjsonDocument(everyType);
    const types = new Map(names.map((name, at) => [name, toShown(values[at] ?? null)?.type]));
    expect(Object.fromEntries(types)).toMatchObject({
      int: "Int32",
      long: "Int64",
      double: "Double",
      decimal: "Decimal128",
      uuid: "UUID",
      binary: "Binary",
      scoped: "CodeWithScope",
      pointer: "DBPointer",
      none: "Undefined",
      list: undefined,
    });
  });
});

test("a text of many megabytes is read", () => {
  const long = `${"x".repeat(9 * 2 ** 20)}\\n`;
  expect(printEjson(parseEjson(`{"a":"${long}"}`)).length).toBe(long.length + 8);
});
