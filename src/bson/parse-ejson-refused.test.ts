import { describe, expect, test } from "vitest";
import { Fault } from "../kit/fault.ts";
import { parseEjson } from "./parse-ejson.ts";
import { toText } from "./stringify.ts";

const nested = (depth: number): string => `${'{"a":'.repeat(depth - 1)}{}${"}".repeat(depth - 1)}`;
const manyKeys = (count: number): string =>
  Array.from({ length: count }, (_, index) => `"k${index}":0`).join(",");

/** Text and what the message says of place and reason. */
const refused: readonly (readonly [text: string, message: string])[] = [
  ["", "at byte 0: expected an object and found the end of the text"],
  ["  ", "at byte 2: expected an object and found the end of the text"],
  ["[1]", "at byte 0: expected an object and found '['"],
  [
    '{"$oid":"0123456789abcdef01234567"}',
    "at byte 0: expected a document and found a single value",
  ],
  ['{"a":1} x', "at byte 8: expected the end of the text and found 'x'"],
  ["{", "at byte 1: expected a field name in quotes and found the end of the text"],
  ['{"a"', "at a (byte 4): expected ':' and found the end of the text"],
  ['{"a":', "at a (byte 5): expected a value and found the end of the text"],
  ['{"a":1', "at a (byte 6): expected '}' and found the end of the text"],
  ['{"a":1,}', "at byte 7: expected a field name in quotes and found '}'"],
  ['{"a":[1,]}', "at a[1] (byte 8): expected a value and found ']'"],
  ['{"a":[1 2]}', "at a[0] (byte 8): expected ']' and found '2'"],
  ["{a:1}", "at byte 1: expected a field name in quotes and found 'a'"],
  ["{'a':1}", "at byte 1: expected a field name in quotes and found '''"],
  ['{"a":NaN}', "at a (byte 5): expected a value and found 'N'"],
  ['{"a":undefined}', "expected a value and found 'u'"],
  ['{"a":tru}', "expected a value and found 't'"],
  ['{"a":nulL}', "expected a value and found 'n'"],
  ['{"a":+1}', "expected a value and found '+'"],
  ['{"a":.5}', "expected a value and found '.'"],
  ['{"a":01}', "a number must not have leading zeros"],
  ['{"a":-}', "a number must have digits"],
  ['{"a":1.}', "a number must have digits here"],
  ['{"a":1e}', "a number must have digits here"],
  ['{"a":1e+}', "a number must have digits here"],
  ['{"a":"x}', "the string does not end"],
  ['{"a":"\t"}', "a control character in a string must be escaped"],
  ['{"a":"\\x"}', "unknown escape in a string"],
  ['{"a":"\\u12g4"}', "\\u must be followed by four hex digits"],
  ['{"a":"\\', "unknown escape"],
  ['{"a":"\\ud800"}', "at a (byte 6): a lone surrogate in a string"],
  ['{"a":"\\udc00"}', "a lone surrogate in a string"],
  ['{"a":"\\ud800\\ud800"}', "a lone surrogate in a string"],
  ['{"a\\u0000":1}', "a field name can not contain the NUL character"],
  ['{"a":{"b":1,"c":2,"b":3}}', 'at a (byte 18): the field "b" is there twice'],
  ['{"a":1,"\\u0061":2}', 'the field "a" is there twice'],
  ['{"":1,"":2}', 'the field "" is there twice'],
  [`{${manyKeys(100)},"k3":1}`, 'the field "k3" is there twice'],
  [`{${manyKeys(17)},"k16":1}`, 'the field "k16" is there twice'],
  [`{${manyKeys(16)},"k0":1}`, 'the field "k0" is there twice'],
  [nested(201), "more than 200 levels of nesting"],
  [`{"a":${"[".repeat(100_000)}`, "more than 200 levels of nesting"],
  [
    '{"documents":[1,{"price":{"$oid":"xyz"}}]}',
    'at documents[1].price (byte 25): "$oid" must be 24 hex digits',
  ],
  ['{"a":{"$oid":5}}', '"$oid" must be'],
  ['{"a":{"$oid":"0123456789abcdef0123456"}}', '"$oid" must be'],
  ['{"a":{"$oid":"0123456789abcdef012345678"}}', '"$oid" must be'],
  ['{"a":{"$oid":null}}', '"$oid" must be'],
  ['{"a":{"$oid":"0123456789abcdef01234567","b":1}}', 'the key "$oid" can not have other fields'],
  ['{"a":{"b":1,"$oid":"0123456789abcdef01234567"}}', '"$oid" can not stand beside other fields'],
  [
    '{"a":{"$oid":"0123456789abcdef01234567","$oid":"0123456789abcdef01234567"}}',
    'the key "$oid" can not have other fields',
  ],
  ['{"a":{"$numberInt":"2147483648"}}', '"$numberInt" must be'],
  ['{"a":{"$numberInt":"1.5"}}', '"$numberInt" must be'],
  ['{"a":{"$numberInt":""}}', '"$numberInt" must be'],
  ['{"a":{"$numberInt":5}}', "expected a string and found '5'"],
  ['{"a":{"$numberLong":"9223372036854775808"}}', '"$numberLong" must be'],
  ['{"a":{"$numberLong":"1e3"}}', '"$numberLong" must be'],
  ['{"a":{"$numberDouble":"abc"}}', '"$numberDouble" must be'],
  ['{"a":{"$numberDouble":"."}}', '"$numberDouble" must be'],
  ['{"a":{"$numberDouble":"-"}}', '"$numberDouble" must be'],
  ['{"a":{"$numberDouble":""}}', '"$numberDouble" must be'],
  ['{"a":{"$numberDouble":"1.2.3"}}', '"$numberDouble" must be'],
  ['{"a":{"$numberDecimal":"abc"}}', '"$numberDecimal" must be'],
  ['{"a":{"$numberDecimal":"12345678901234567890123456789012345"}}', "34 digits"],
  ['{"a":{"$numberDecimal":"1E99999"}}', "34 digits"],
  ['{"a":{"$date":"2022-02-30T00:00:00Z"}}', '"$date" must be'],
  ['{"a":{"$date":"2022-13-01"}}', '"$date" must be'],
  ['{"a":{"$date":"2022-01-12T24:00:00Z"}}', '"$date" must be'],
  ['{"a":{"$date":"2022-01-1aT02:33:23.067Z"}}', '"$date" must be'],
  ['{"a":{"$date":"2022-01-12T02:33:23.06aZ"}}', '"$date" must be'],
  ['{"a":{"$date":"yesterday"}}', '"$date" must be'],
  ['{"a":{"$date":1.5}}', '"$date" must be'],
  ['{"a":{"$date":true}}', '"$date" must be'],
  ['{"a":{"$date":1,"extra":2}}', 'the key "$date" can not have other fields'],
  ['{"a":{"$date":{"$numberInt":"1"}}}', '"$date" must be'],
  ['{"a":{"$date":{"$numberLong":"1","b":2}}}', "expected '}' and found ','"],
  ['{"a":{"$binary":{"base64":"AQID"}}}', "expected ',' and found '}'"],
  ['{"a":{"$binary":{"base64":"AQID","subType":"00","x":1}}}', "expected '}' and found ','"],
  [
    '{"a":{"$binary":{"base64":"AQID","base64":"AQID"}}}',
    'must be an object with "base64" and "subType"',
  ],
  ['{"a":{"$binary":{"base64":"AQ*D","subType":"00"}}}', '"$binary" must be'],
  ['{"a":{"$binary":{"base64":"AQI","subType":"00"}}}', '"$binary" must be'],
  ['{"a":{"$binary":{"base64":"AQID","subType":"100"}}}', '"$binary" must be'],
  ['{"a":{"$binary":"AQID"}}', '"$binary" must be'],
  ['{"a":{"b":1,"$binary":"AQID"}}', '"$binary" can not stand beside other'],
  ['{"a":{"$type":5,"$binary":"AQID"}}', '"$binary" can not stand beside other'],
  ['{"a":{"$uuid":"73ffd264-44b3-4c69-90e8-e7d1dfc035d"}}', '"$uuid" must be'],
  ['{"a":{"$uuid":"73ffd26444b3-4c69-90e8-e7d1dfc035d4-"}}', '"$uuid" must be'],
  ['{"a":{"$regularExpression":{"pattern":"a"}}}', "expected ',' and found '}'"],
  ['{"a":{"$regularExpression":{"pattern":"a\\u0000","options":""}}}', "can not contain the NUL"],
  ['{"a":{"$regularExpression":"a"}}', '"$regularExpression" must be an object'],
  ['{"a":{"$timestamp":{"t":-1,"i":0}}}', '"$timestamp" must have'],
  ['{"a":{"$timestamp":{"t":4294967296,"i":0}}}', '"$timestamp" must have'],
  ['{"a":{"$timestamp":{"t":1.5,"i":0}}}', "expected ',' and found '.'"],
  ['{"a":{"$timestamp":{"t":01,"i":0}}}', '"$timestamp" must have'],
  ['{"a":{"$timestamp":{"t":{"$numberInt":"-1"},"i":0}}}', "expected a 32-bit unsigned integer"],
  ['{"a":{"$timestamp":{"t":{"$numberDouble":"1"},"i":0}}}', "expected a 32-bit unsigned integer"],
  ['{"a":{"$timestamp":{"t":{"$numberInt":1},"i":0}}}', "expected a 32-bit unsigned integer"],
  ['{"a":{"$timestamp":{"t":{"$numberInt":"1","x":1},"i":0}}}', "expected '}' and found ','"],
  ['{"a":{"$maxKey":{"$numberInt":"2"}}}', '"$maxKey" must be 1'],
  ['{"a":{"$minKey":2}}', '"$minKey" must be 1'],
  ['{"a":{"$minKey":12}}', "expected '}' and found '2'"],
  ['{"a":{"$undefined":false}}', '"$undefined" must be true'],
  ['{"a":{"$symbol":1}}', "expected a string and found '1'"],
  ['{"a":{"$code":"f","x":1}}', 'beside "$code" only "$scope" can stand'],
  ['{"a":{"$scope":{},"$code":"f"}}', '"$code" can not stand beside other fields'],
  [
    '{"a":{"$code":"f","$scope":{"$oid":"0123456789abcdef01234567"}}}',
    '"$scope" must be a document',
  ],
  ['{"a":{"$dbPointer":{"$ref":"a"}}}', "expected ',' and found '}'"],
  ['{"a":{"$dbPointer":{"$id":1}}}', "expected a string and found '1'"],
  ['{"a":{"$dbPointer":{"$ref":"b","$id":"xyz"}}}', '"$dbPointer" must be'],
];

describe("parseEjson refuses", () => {
  test.for(refused)("%s", ([text, message]) => {
    let thrown: unknown;
    try {
      parseEjson(Buffer.from(text));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Fault);
    expect((thrown as Fault).code).toBe("InvalidParameter");
    expect((thrown as Fault).message).toContain(message);
  });

  test.for([
    ["7b2261223a22ff227d", 6],
    ["7b2261223a22c3227d", 6],
    ["7b2261223a22eda080227d", 6],
    ["7b2261223a22f4908080227d", 6],
    ["7b22c0af223a317d", 2],
    ["ff", 0],
    ["7b2261223a22e282", 6],
  ] as const)("bytes that are no UTF-8: %s", ([hex, at]) => {
    expect(() => parseEjson(Buffer.from(hex, "hex"))).toThrow(`byte ${at}`);
    expect(() => parseEjson(Buffer.from(hex, "hex"))).toThrow("the text is not UTF-8");
  });

  test("more than 48 MB of BSON", () => {
    const text = Buffer.from(`{"a":[${"[],".repeat(5_000_000)}[]]}`);
    expect(() => parseEjson(text)).toThrow(expect.objectContaining({ code: "RequestTooLarge" }));
  });

  test("nothing at 200 levels", () => {
    expect(toText(parseEjson(Buffer.from(nested(200))), "json")).toBe(nested(200));
  });
});
