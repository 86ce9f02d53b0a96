import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { evaluateText } from "../../../test/support/expression.ts";

/** What came after MongoDB 6.0: values by the manual of 8.3, whose words for failures are not known. */

const doc =
  '{"s":"x","n":null,"i":3,"b":{"$binary":{"base64":"AQIDBA==","subType":"00"}},"u":{"$binary":{"base64":"AAECAwQFBgcICQoLDA0ODw==","subType":"04"}},"j":"[1, 2.5, {\\"$oid\\": \\"x\\"}]"}';

test.for<[spec: string, result: string]>([
  ['{"$sigmoid":1}', '{"$numberDouble":"0.7310585786300049"}'],
  ['{"$sigmoid":{"input":5}}', '{"$numberDouble":"0.9933071490757153"}'],
  ['{"$sigmoid":"$n"}', "null"],
  ['{"$sigmoid":{"input":"$none","onNull":"none"}}', '"none"'],
  [
    '{"$sigmoid":{"onNull":1}}',
    "40414 BSON field '$sigmoid.input' is missing but a required field",
  ],

  ['{"$similarityDotProduct":[[1,2,3],[4,5,6]]}', '{"$numberDouble":"32.0"}'],
  [
    '{"$similarityDotProduct":{"vectors":[[1,0],[0.5,0]],"score":true}}',
    '{"$numberDouble":"0.75"}',
  ],
  ['{"$similarityCosine":[[1,0],[0,1]]}', '{"$numberDouble":"0.0"}'],
  ['{"$similarityCosine":{"vectors":[[2,0],[1,0]],"score":true}}', '{"$numberDouble":"1.0"}'],
  ['{"$similarityEuclidean":[[0,0],[3,4]]}', '{"$numberDouble":"5.0"}'],
  [
    '{"$similarityEuclidean":{"vectors":[[0,0],[3,4]],"score":true}}',
    '{"$numberDouble":"0.16666666666666666"}',
  ],
  ['{"$similarityCosine":["$n",[1]]}', "null"],
  [
    '{"$similarityCosine":[[1,2],[1]]}',
    "10413202 $similarityCosine requires both vectors to have the same size",
  ],
  [
    '{"$similarityCosine":[["x"],[1]]}',
    "14 $similarityCosine requires arrays of numbers, but found string",
  ],

  ['{"$subtype":"$u"}', '{"$numberInt":"4"}'],
  ['{"$subtype":"$n"}', "null"],
  ['{"$subtype":"$s"}', "14 $subtype requires a BinData argument, found: string"],

  // The values of xxHash's own test suite, for seed 0.
  ['{"$hexHash":{"input":"","algorithm":"xxh64"}}', '"EF46DB3751D8E999"'],
  ['{"$hexHash":{"input":"a","algorithm":"xxh64"}}', '"D24EC4F1A98C6E5B"'],
  ['{"$hexHash":{"input":"abc","algorithm":"xxh64"}}', '"44BC2CF5AD770999"'],
  ['{"$hexHash":{"input":"abc","algorithm":"md5"}}', '"900150983CD24FB0D6963F7D28E17F72"'],
  ['{"$hexHash":{"input":"$none","algorithm":"md5"}}', "null"],
  [
    '{"$hexHash":{"input":"a","algorithm":"crc"}}',
    "9 $hexHash: 'algorithm' must be one of md5, sha256, xxh64",
  ],
  [
    '{"$hexHash":{"input":1,"algorithm":"md5"}}',
    "14 $hexHash requires a string or binData, but found int",
  ],
  [
    '{"$hash":{"input":"abc","algorithm":"sha256"}}',
    `{"$binary":{"base64":"${createHash("sha256").update("abc").digest("base64")}","subType":"00"}}`,
  ],

  ['{"$serializeEJSON":{"input":{"a":{"$literal":1}}}}', '{"a":{"$numberInt":"1"}}'],
  ['{"$serializeEJSON":{"input":"$n"}}', "null"],
  [
    '{"$type":{"$getField":{"field":"a","input":{"$serializeEJSON":{"input":{"a":1}}}}}}',
    '"object"',
  ],
  [
    '{"$type":{"$getField":{"field":"a","input":{"$serializeEJSON":{"input":{"a":1},"relaxed":true}}}}}',
    '"int"',
  ],
  [
    '{"$deserializeEJSON":{"input":{"$literal":{"a":{"$numberLong":"5"},"b":[1.5]}}}}',
    '{"a":{"$numberLong":"5"},"b":[{"$numberDouble":"1.5"}]}',
  ],
  [
    '{"$deserializeEJSON":{"input":{"$serializeEJSON":{"input":"$b"}}}}',
    '{"$binary":{"base64":"AQIDBA==","subType":"00"}}',
  ],

  ['{"$toArray":"$j"}', '[{"$numberInt":"1"},{"$numberDouble":"2.5"},{"$oid":"x"}]'],
  ['{"$toArray":"{}"}', "241 Input doesn't match expected type 'array'"],
  ['{"$toArray":"123"}', "241 Input doesn't represent valid JSON: Unexpected standalone value"],
  [
    '{"$toArray":123}',
    "241 Unsupported conversion from int to array in $convert with no onError value",
  ],
  ['{"$toObject":"{\\"a\\":1}"}', '{"a":{"$numberInt":"1"}}'],
  ['{"$toObject":"$n"}', "null"],

  ['{"$convert":{"input":"ff","to":"int","base":16}}', '{"$numberInt":"255"}'],
  ['{"$convert":{"input":"-0xFF","to":"long","base":16}}', '{"$numberLong":"-255"}'],
  ['{"$convert":{"input":"1010","to":"double","base":2}}', '{"$numberDouble":"10.0"}'],
  ['{"$convert":{"input":"19","to":"int","base":8,"onError":"no"}}', '"no"'],
  ['{"$convert":{"input":255,"to":"string","base":16}}', '"FF"'],
  [
    '{"$convert":{"input":"1","to":"int","base":7}}',
    "9 In $convert, 'base' must be 2, 8, 10 or 16",
  ],
  [
    '{"$convert":{"input":1,"to":"binData","byteOrder":"little"}}',
    '{"$binary":{"base64":"AQAAAA==","subType":"00"}}',
  ],
  [
    '{"$convert":{"input":1,"to":"binData","byteOrder":"big"}}',
    '{"$binary":{"base64":"AAAAAQ==","subType":"00"}}',
  ],
  ['{"$convert":{"input":"$b","to":"int","byteOrder":"little"}}', '{"$numberInt":"67305985"}'],
  ['{"$convert":{"input":"$b","to":"long","byteOrder":"big"}}', '{"$numberLong":"16909060"}'],
  ['{"$convert":{"input":"$u","to":"int","byteOrder":"big","onError":"no"}}', '"no"'],
  [
    '{"$convert":{"input":"$b","to":"int","byteOrder":"middle"}}',
    "9130002 Invalid 'byteOrder' argument for $convert: middle",
  ],
  [
    '{"$convert":{"input":1,"to":"binData","byteOrder":5}}',
    "9130001 $convert requires that 'byteOrder' be a string, found: int with value 5",
  ],
  ['{"$convert":{"input":"$n","to":"int","byteOrder":"middle"}}', "null"],
  [
    '{"$convert":{"input":1,"to":"binData","byteOrder":null}}',
    '{"$binary":{"base64":"AQAAAA==","subType":"00"}}',
  ],
  [
    '{"$convert":{"input":1,"to":{"type":"binData","subtype":{"$numberDecimal":"128"}}}}',
    '{"$binary":{"base64":"AQAAAA==","subType":"80"}}',
  ],
  [
    '{"$convert":{"input":1,"to":{"type":"binData","subtype":1.5}}}',
    "4341106 In $convert, numeric 'to.subtype' argument is not an integer",
  ],
  [
    '{"$convert":{"input":1,"to":{"type":"binData","subtype":10}}}',
    "4341107 In $convert, numeric value for 'to.subtype' does not correspond to a BinData type: 10",
  ],
  [
    '{"$convert":{"input":1,"to":{"type":"binData","subtype":null}}}',
    "4341108 $convert's 'to.subtype' argument must be a number, but is null",
  ],
  ['{"$convert":{"input":"$n","to":{"type":"binData","subtype":10}}}', "null"],
  ['{"$convert":{"input":"$b","to":"string","format":"auto"}}', '"AQIDBA=="'],
  [
    '{"$convert":{"input":1,"to":"binData","format":"hex"}}',
    "241 Unsupported conversion from int to binData in $convert with no onError value",
  ],
  [
    '{"$toUUID":5}',
    "241 Unsupported conversion from int to binData in $convert with no onError value",
  ],
  [
    '{"$convert":{"input":"$b","to":"string","format":"octal"}}',
    "4341125 Invalid 'format' argument for $convert: octal",
  ],
  [
    '{"$convert":{"input":"$b","to":"string","format":5}}',
    "4341114 $convert requires that 'format' be a string, found: int with value 5",
  ],
  [
    '{"$convert":{"input":"AQ==","to":"binData","format":null}}',
    "4341115 Format must be specified when converting from 'string' to 'binData'",
  ],
  [
    '{"$convert":{"input":"AQ==","to":"binData","format":"auto"}}',
    "241 Format 'auto' does not go with subtype 0 in $convert with no onError value",
  ],
  [
    '{"$convert":{"input":"AQ==","to":{"type":"binData","subtype":4},"format":"base64","onError":"no"}}',
    '"no"',
  ],
  [
    '{"$convert":{"input":"$b","to":{"type":"binData","subtype":4}}}',
    "241 Conversion of binData from subtype 0 to 4 is not supported in $convert with no onError value",
  ],
  // As a server of version 6.0 has it.
  [
    '{"$convert":{"input":"$b","to":"int"}}',
    "241 Unsupported conversion from binData to int in $convert with no onError value",
  ],
  [
    '{"$convert":{"input":"[]","to":"array"}}',
    "241 Unsupported conversion from string to array in $convert with no onError value",
  ],

  ['{"$type":{"$createObjectId":{}}}', '"objectId"'],
  ['{"$createObjectId":1}', "9 $createObjectId takes an empty object as its argument"],
])("%s gives %s", ([spec, result]) => {
  expect(evaluateText(spec, doc)).toBe(result);
});

test("$hexHash: long texts, piece by piece", () => {
  // 64 bytes: two whole steps and nothing behind them; then with a rest of every size.
  const digests = [64, 71, 95].map((length) =>
    evaluateText(`{"$hexHash":{"input":"${"x".repeat(length)}","algorithm":"xxh64"}}`),
  );
  expect(new Set(digests).size).toBe(3);
});
