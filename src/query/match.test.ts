import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import { DateTime } from "../bson/value.ts";
import type { QueryEnvironment } from "./environment.ts";
import { compileMatch, type Match } from "./match.ts";
import { setMetadata } from "./metadata.ts";

const environment: QueryEnvironment = {
  now: new DateTime(0),
  random: () => 0.5,
  variables: new Map(),
};

function read(text: string): Doc {
  return parseEjson(Buffer.from(text));
}

/** Each row was answered so by a mongod 6.0. */
test.for<[title: string, filter: string, document: string, matches: boolean]>([
  ["a bare value means equality", `{"a":1}`, `{"a":1}`, true],
  ["numbers of all types are equal", `{"a":1}`, `{"a":{"$numberDecimal":"1.0"}}`, true],
  [
    "an int64 beyond 2^53 is not the double next to it",
    `{"a":{"$numberDouble":"9007199254740992"}}`,
    `{"a":{"$numberLong":"9007199254740993"}}`,
    false,
  ],
  ["0 equals -0", `{"a":0}`, `{"a":{"$numberDouble":"-0"}}`, true],
  ["a string equals the symbol", `{"a":"x"}`, `{"a":{"$symbol":"x"}}`, true],
  ["null equals a missing field", `{"a":null}`, `{}`, true],
  ["null equals undefined", `{"a":null}`, `{"a":{"$undefined":true}}`, true],
  ["null is no field of a scalar", `{"a.b":null}`, `{"a":1}`, true],
  ["null is missing in one document of an array", `{"a.b":null}`, `{"a":[1,{"b":2},{}]}`, true],
  ["null is not missing where the array has no documents", `{"a.b":null}`, `{"a":[1]}`, false],
  ["null is not missing in an empty array", `{"a.b":null}`, `{"a":[]}`, false],
  ["$ne null finds an array without documents", `{"a.b":{"$ne":null}}`, `{"a":[1]}`, true],
  ["NaN equals NaN", `{"a":{"$numberDouble":"NaN"}}`, `{"a":{"$numberDecimal":"NaN"}}`, true],
  [
    "NaN is within $gte NaN",
    `{"a":{"$gte":{"$numberDouble":"NaN"}}}`,
    `{"a":{"$numberDouble":"NaN"}}`,
    true,
  ],
  ["NaN is below nothing", `{"a":{"$lt":1}}`, `{"a":{"$numberDouble":"NaN"}}`, false],
  ["$gt does not cross types", `{"a":{"$gt":1}}`, `{"a":"x"}`, false],
  ["$gte null finds null only", `{"a":{"$gte":null}}`, `{"a":1}`, false],
  ["$gt MinKey crosses types", `{"a":{"$gt":{"$minKey":1}}}`, `{"a":"x"}`, true],
  ["$lt MaxKey finds a missing field", `{"a":{"$lt":{"$maxKey":1}}}`, `{}`, true],
  ["an array matches by an element", `{"a":2}`, `{"a":[1,2]}`, true],
  ["an array matches as a whole", `{"a":[1,2]}`, `{"a":[1,2]}`, true],
  ["an array matches as an element", `{"a":[1,2]}`, `{"a":[[1,2],3]}`, true],
  ["only one array is gone through", `{"a":1}`, `{"a":[[1]]}`, false],
  ["two conditions may hold for two elements", `{"a":{"$gt":2,"$lt":2}}`, `{"a":[1,3]}`, true],
  [
    "$elemMatch wants one element for both",
    `{"a":{"$elemMatch":{"$gt":2,"$lt":2}}}`,
    `{"a":[1,3]}`,
    false,
  ],
  ["a path goes through arrays of documents", `{"a.b":2}`, `{"a":[{"b":1},{"b":[2]}]}`, true],
  ["a number in a path is a position", `{"a.1":2}`, `{"a":[1,2]}`, true],
  ["a number in a path is a name too", `{"a.1":2}`, `{"a":[{"1":2}]}`, true],
  ["what stands at a position is not gone through", `{"a.0":1}`, `{"a":[[1]]}`, false],
  ["a path goes on behind a position", `{"a.0.b":1}`, `{"a":[{"b":[1]}]}`, true],
  ["a path goes on into an array at a position", `{"a.0.b":1}`, `{"a":[[{"b":1}]]}`, true],
  ["01 is no position", `{"a.01":2}`, `{"a":[1,2]}`, false],
  [
    "documents are equal in the order of their fields",
    `{"a":{"b":1,"c":2}}`,
    `{"a":{"c":2,"b":1}}`,
    false,
  ],
  ["a reference is no operator", `{"a":{"$ref":"c","$id":1}}`, `{"a":{"$ref":"c","$id":1}}`, true],
  ["$in finds an element", `{"a":{"$in":[5,2]}}`, `{"a":[1,2]}`, true],
  ["$in with null finds a missing field", `{"a":{"$in":[null]}}`, `{}`, true],
  [
    "$in of many finds numbers of another type",
    `{"a":{"$in":[1,2,3,4,5,6,7,8,9,10]}}`,
    `{"a":{"$numberDecimal":"1E+1"}}`,
    true,
  ],
  [
    "$in takes patterns",
    `{"a":{"$in":[{"$regularExpression":{"pattern":"^x","options":"i"}}]}}`,
    `{"a":"Xy"}`,
    true,
  ],
  ["$in of nothing finds nothing", `{"a":{"$in":[]}}`, `{}`, false],
  ["$nin finds a missing field", `{"a":{"$nin":[1]}}`, `{}`, true],
  ["$nin looks at all elements", `{"a":{"$nin":[1]}}`, `{"a":[1,2]}`, false],
  ["$exists finds null", `{"a":{"$exists":true}}`, `{"a":null}`, true],
  ["$exists false goes through arrays", `{"a.b":{"$exists":false}}`, `{"a":[{},{"b":1}]}`, false],
  ["$type finds an element", `{"a":{"$type":"string"}}`, `{"a":[1,"x"]}`, true],
  ["$type array finds the array", `{"a":{"$type":"array"}}`, `{"a":[]}`, true],
  ["$type number is four types", `{"a":{"$type":"number"}}`, `{"a":{"$numberLong":"1"}}`, true],
  ["$size counts the elements", `{"a":{"$size":2}}`, `{"a":[1,[2]]}`, true],
  ["$size does not look into elements", `{"a":{"$size":2}}`, `{"a":[[1,2]]}`, false],
  ["$all wants every operand", `{"a":{"$all":[1,2]}}`, `{"a":[2,1,3]}`, true],
  ["$all takes a scalar", `{"a":{"$all":[1]}}`, `{"a":1}`, true],
  ["$all of nothing finds nothing", `{"a":{"$all":[]}}`, `{"a":[]}`, false],
  [
    "$all takes $elemMatch",
    `{"a":{"$all":[{"$elemMatch":{"b":1}},{"$elemMatch":{"b":2}}]}}`,
    `{"a":[{"b":1},{"b":2}]}`,
    true,
  ],
  ["$elemMatch takes an array for a document", `{"a":{"$elemMatch":{"0":1}}}`, `{"a":[[1]]}`, true],
  ["$elemMatch wants an array", `{"a":{"$elemMatch":{"b":1}}}`, `{"a":{"b":1}}`, false],
  [
    "$elemMatch with $not is on each element",
    `{"a":{"$elemMatch":{"$not":{"$gt":1}}}}`,
    `{"a":[1,2]}`,
    true,
  ],
  ["$not takes a missing field", `{"a":{"$not":{"$gt":1}}}`, `{}`, true],
  ["$nor wants none", `{"$nor":[{"a":1},{"b":1}]}`, `{"a":2}`, true],
  ["$mod cuts fractions", `{"a":{"$mod":[4,1]}}`, `{"a":{"$numberDouble":"5.9"}}`, true],
  ["$mod keeps the sign", `{"a":{"$mod":[4,-1]}}`, `{"a":-5}`, true],
  ["$mod of -4 is 0", `{"a":{"$mod":[4,0]}}`, `{"a":-4}`, true],
  [
    "$mod passes over infinity",
    `{"a":{"$mod":[2,0]}}`,
    `{"a":{"$numberDouble":"Infinity"}}`,
    false,
  ],
  ["$bitsAllSet takes a mask", `{"a":{"$bitsAllSet":6}}`, `{"a":7}`, true],
  ["$bitsAnyClear takes positions", `{"a":{"$bitsAnyClear":[0,3]}}`, `{"a":9}`, false],
  ["bits beyond 64 are the sign", `{"a":{"$bitsAllSet":[200]}}`, `{"a":-1}`, true],
  [
    "bits of bytes are counted from the first",
    `{"a":{"$bitsAllSet":[8]}}`,
    `{"a":{"$binary":{"base64":"AAE=","subType":"00"}}}`,
    true,
  ],
  [
    "bits of a fraction are none",
    `{"a":{"$bitsAllClear":[1]}}`,
    `{"a":{"$numberDouble":"1.5"}}`,
    false,
  ],
  [
    "a pattern equals itself",
    `{"a":{"$regularExpression":{"pattern":"x","options":""}}}`,
    `{"a":{"$regularExpression":{"pattern":"x","options":""}}}`,
    true,
  ],
  [
    "$eq with a pattern is equality",
    `{"a":{"$eq":{"$regularExpression":{"pattern":"x","options":""}}}}`,
    `{"a":"x"}`,
    false,
  ],
  [
    "a pattern finds a symbol",
    `{"a":{"$regularExpression":{"pattern":"^x","options":""}}}`,
    `{"a":{"$symbol":"xy"}}`,
    true,
  ],
  ["$expr reads the document", `{"$expr":{"$gt":["$a","$b"]}}`, `{"a":2,"b":1}`, true],
  ["$expr takes 0 for false", `{"$expr":"$a"}`, `{"a":{"$numberDecimal":"0"}}`, false],
  ["$sampleRate is random", `{"$sampleRate":{"$numberDouble":"0.6"}}`, `{}`, true],
  ["$comment says nothing", `{"$comment":"x","a":1}`, `{"a":1}`, true],
  ["a name every object inherits is a field", `{"constructor":null}`, `{}`, true],
  ["__proto__ is a field", `{"__proto__":1}`, `{"__proto__":1}`, true],
])("match: %s", ([, filter, document, matches]) => {
  const match = compileMatch(read(filter), environment);
  expect(match.matches(read(document))).toBe(matches);
  expect(matchesBytes(match, read(document))).toBe(matches);
});

/** What a scan asks; the document does not begin where the buffer does. */
function matchesBytes(match: Match, document: Doc): boolean {
  const bytes = Buffer.concat([Buffer.from([7, 0, 7]), document.toBytes()]);
  return match.matchesBytes?.(bytes, 3) ?? match.matches(document);
}

test.for<[filter: string, document: string, position: number | undefined]>([
  [`{"a":2}`, `{"a":[1,2]}`, 1],
  [`{"a":2,"b":7}`, `{"a":[1,2,3,4],"b":[5,6,7,8]}`, 2],
  [`{"b":{"$gt":6},"a":2}`, `{"a":[1,2,3,4],"b":[5,6,7,8]}`, 2],
  [`{"a":{"$gt":2,"$lt":2}}`, `{"a":[1,2,3,4]}`, 2],
  [`{"a":{"$gte":3,"$in":[1,2]}}`, `{"a":[1,2,3,4]}`, 0],
  [`{"$or":[{"a":4},{"a":3}]}`, `{"a":[1,2,3,4]}`, 2],
  [`{"a":{"$ne":9}}`, `{"a":[1,2]}`, undefined],
  [`{"a":[1,2]}`, `{"a":[1,2]}`, undefined],
  [`{"a.1":2}`, `{"a":[1,2]}`, undefined],
  [`{"a":{"$all":[4,2]}}`, `{"a":[1,2,3,4]}`, 1],
  [`{"a.b.c":4}`, `{"a":[{"b":[{"c":1},{"c":4}]},{"b":[{"c":4}]}]}`, 0],
  [`{"a":{"$elemMatch":{"$elemMatch":{"$eq":4}}}}`, `{"a":[[1,2],[3,4]]}`, 1],
  [`{"a.1.b":4}`, `{"a":[{"b":[1]},{"b":[3,5,4]}]}`, 2],
  [`{"a":{"$gt":2},"b":{"$elemMatch":{"$eq":2}}}`, `{"a":[1,2,3],"b":[1,2,3]}`, 2],
])("match: the position by %s in %s is %s", ([filter, document, position]) => {
  expect(compileMatch(read(filter), environment).position(read(document))).toBe(position);
});

test("match: a $expr that fails is not reached where another clause turns the document away", () => {
  const filter = read(`{"$expr":{"$divide":["$a",0]},"b":1}`);
  const match = compileMatch(filter, environment);
  expect(match.matches(read(`{"a":1,"b":2}`))).toBe(false);
  expect(() => match.matches(read(`{"a":1,"b":1}`))).toThrow("can't $divide by zero");
});

test("match: what a document carries is there for $expr beside other clauses", () => {
  const filter = read(`{"a":1,"$expr":{"$gt":[{"$meta":"textScore"},1]}}`);
  const match = compileMatch(filter, { ...environment, metadata: new Set(["textScore"]) });
  const doc = Doc.fromBytes(read(`{"a":1}`).toBytes());
  setMetadata(doc, { textScore: 2 });
  expect(match.matches(doc)).toBe(true);
});

test("match in bytes: many clauses on a document of many fields do not each walk over it", () => {
  const fields = Array.from({ length: 4000 }, (_, index) => [`f${index}`, index] as const);
  const document = Doc.fromBytes(Doc.fromEntries(fields).toBytes());
  const clauses = fields.slice(-200).map(([name, value]) => Doc.of({ [name]: value }));
  const match = compileMatch(Doc.of({ $and: clauses }), environment);
  expect(match.matches(document)).toBe(true);
  expect(matchesBytes(match, document)).toBe(true);
});

test.for<[title: string, filter: string, document: string, matches: boolean]>([
  ["a double equals an int32", `{"a":2}`, `{"a":{"$numberDouble":"2"}}`, true],
  ["a decimal is above an int32", `{"a":{"$gt":2}}`, `{"a":{"$numberDecimal":"2.1"}}`, true],
  ["an int64 is below a double", `{"a":{"$lt":2.5}}`, `{"a":{"$numberLong":"2"}}`, true],
  [
    "an int64 beyond 2^53 is above the double next to it",
    `{"a":{"$gt":{"$numberDouble":"9007199254740992"}}}`,
    `{"a":{"$numberLong":"9007199254740993"}}`,
    true,
  ],
  ["a shorter text is below", `{"a":{"$lt":"abc"}}`, `{"a":"ab"}`, true],
  ["texts go by code points", `{"a":{"$gt":"\uffff"}}`, `{"a":"\ud83d\ude00"}`, true],
  ["a symbol is above a text", `{"a":{"$gte":"x"}}`, `{"a":{"$symbol":"y"}}`, true],
  ["half a character is what is stored of it", `{"a":"\ud83d"}`, `{"a":"\ufffd"}`, true],
  ["true is above false", `{"a":{"$gt":false}}`, `{"a":true}`, true],
  ["a date is no number", `{"a":{"$gte":0}}`, `{"a":{"$date":{"$numberLong":"1"}}}`, false],
  [
    "dates are ordered",
    `{"a":{"$lte":{"$date":{"$numberLong":"-5"}}}}`,
    `{"a":{"$date":{"$numberLong":"-9223372036854775808"}}}`,
    true,
  ],
  [
    "ids are ordered",
    `{"a":{"$lt":{"$oid":"ff0000000000000000000000"}}}`,
    `{"a":{"$oid":"7fffffffffffffffffffffff"}}`,
    true,
  ],
  ["a name within a name is another", `{"ab":1}`, `{"abc":1,"a":1}`, false],
  ["of a key that is not ASCII", `{"ä":1}`, `{"ä":1}`, true],
  ["an element by its position", `{"a.1":{"$gt":1}}`, `{"a":[5,2]}`, true],
  ["an array at a position is not gone through", `{"a.0":1}`, `{"a":[[1]]}`, false],
  ["an array at a position is gone on through", `{"a.0.0":1}`, `{"a":[[1]]}`, true],
  ["$size counts up to the end", `{"a":{"$size":2}}`, `{"a":[1,2,3]}`, false],
  ["$type of a missing field", `{"a":{"$type":"minKey"}}`, `{}`, false],
  ["$type minKey", `{"a":{"$type":"minKey"}}`, `{"a":{"$minKey":1}}`, true],
  ["$in with null finds a missing field", `{"a":{"$in":[null,1]}}`, `{}`, true],
  [
    "$elemMatch within $elemMatch",
    `{"a":{"$elemMatch":{"b":{"$elemMatch":{"c":1}}}}}`,
    `{"a":[{"b":[{"c":1}]}]}`,
    true,
  ],
  ["$elemMatch on an array within", `{"a":{"$elemMatch":{"0":1}}}`, `{"a":[[1]]}`, true],
  [
    "a clause that needs a document beside one that does not",
    `{"a":1,"$expr":{"$eq":["$b",2]}}`,
    `{"a":1,"b":2}`,
    true,
  ],
  ["one of two", `{"$or":[{"a":2},{"$expr":{"$eq":["$b",2]}}]}`, `{"a":1,"b":2}`, true],
])("match in bytes: %s", ([, filter, document, matches]) => {
  const match = compileMatch(read(filter), environment);
  expect(match.matches(read(document))).toBe(matches);
  expect(matchesBytes(match, read(document))).toBe(matches);
});
