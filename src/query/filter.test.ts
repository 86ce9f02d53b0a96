import { expect, test } from "vitest";
import { parseEjson } from "../bson/parse-ejson.ts";
import { DateTime } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { parseFilter } from "./filter.ts";

function outcomeOf(filter: string): string {
  try {
    parseFilter(parseEjson(Buffer.from(filter)), {
      now: new DateTime(0),
      random: () => 0,
      variables: new Map(),
    });
    return "parsed";
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    return `${cause.code} ${cause.message}`;
  }
}

const noTop = (name: string): string =>
  `2 unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`;
const re = `{"$regularExpression":{"pattern":"a","options":""}}`;

/** The wording is that of a mongod 6.0. */
test.for<[filter: string, outcome: string]>([
  [`{"a":{"$foo":1}}`, "2 unknown operator: $foo"],
  [`{"a":{"constructor":1}}`, "parsed"],
  [`{"a":{"$constructor":1}}`, "2 unknown operator: $constructor"],
  [`{"$foo":1}`, noTop("$foo")],
  [`{"$constructor":1}`, noTop("$constructor")],
  [`{"$rand":{}}`, noTop("$rand")],
  [`{"$ref":1}`, "parsed"],
  [`{"a":{"$ref":1}}`, "2 unknown operator: $ref"],
  [`{"a":{"$gt":1,"b":1}}`, "2 unknown operator: b"],
  [`{"a":{"b":1,"$gt":1}}`, "parsed"],
  [`{"a":{"$undefined":true}}`, "2 cannot compare to undefined"],
  [`{"a":{"$in":1}}`, "2 $in needs an array"],
  [`{"a":{"$nin":1}}`, "2 $nin needs an array"],
  [`{"a":{"$in":[{"$foo":1}]}}`, "2 cannot nest $ under $in"],
  [`{"a":{"$in":[{"$undefined":true}]}}`, "2 InMatchExpression equality cannot be undefined"],
  [`{"$and":1}`, "2 $and must be an array"],
  [`{"$or":[]}`, "2 $and/$or/$nor must be a nonempty array"],
  [`{"$nor":[1]}`, "2 $or/$and/$nor entries need to be full objects"],
  [`{"a":{"$mod":1}}`, "2 malformed mod, needs to be an array"],
  [`{"a":{"$mod":[1]}}`, "2 malformed mod, not enough elements"],
  [`{"a":{"$mod":[1,2,3]}}`, "2 malformed mod, too many elements"],
  [`{"a":{"$mod":["a",1]}}`, "2 malformed mod, divisor not a number"],
  [`{"a":{"$mod":[{"$numberDouble":"NaN"},null]}}`, "2 malformed mod, remainder not a number"],
  [`{"a":{"$mod":[{"$numberDouble":"0.5"},1]}}`, "2 divisor cannot be 0"],
  [
    `{"a":{"$mod":[{"$numberDouble":"NaN"},1]}}`,
    "2 malformed mod, divisor value is invalid :: caused by :: Unable to coerce NaN/Inf to integral type",
  ],
  [
    `{"a":{"$mod":[1,{"$numberDouble":"1e30"}]}}`,
    "2 malformed mod, remainder value is invalid :: caused by :: Out of bounds coercing to integral value",
  ],
  [`{"a":{"$size":"a"}}`, '2 Failed to parse $size. Expected a number in: $size: "a"'],
  [`{"a":{"$size":-1}}`, "2 Failed to parse $size. Expected a non-negative number in: $size: -1"],
  [`{"a":{"$size":1.5}}`, "2 Failed to parse $size. Expected an integer: $size: 1.5"],
  [
    `{"a":{"$size":{"$numberDouble":"NaN"}}}`,
    "2 Failed to parse $size. Expected an integer, but found NaN in: $size: nan.0",
  ],
  [
    `{"a":{"$size":9999999999}}`,
    "2 Failed to parse $size. Cannot represent $size: 9999999999 in an int",
  ],
  [`{"a":{"$type":"foo"}}`, "2 Unknown type name alias: foo"],
  [`{"a":{"$type":0}}`, "2 Invalid numerical type code: 0. Instead use {$exists:false}."],
  [`{"a":{"$type":1.5}}`, "2 Invalid numerical type code: 1.5"],
  [`{"a":{"$type":[]}}`, "9 a must match at least one type"],
  [`{"a":{"$type":true}}`, "14 type must be represented as a number or a string"],
  [
    `{"a":{"$type":"missing"}}`,
    "2 'missing' is not a legal type name. To query for non-existence of a field, use {$exists:false}.",
  ],
  [`{"a":{"$elemMatch":1}}`, "2 $elemMatch needs an Object"],
  [`{"a":{"$elemMatch":{"$gt":1,"b":1}}}`, "2 unknown operator: b"],
  [`{"a":{"$elemMatch":{"b":1,"$gt":1}}}`, noTop("$gt")],
  [`{"a":{"$elemMatch":{"$expr":1}}}`, "2 $expr can only be applied to the top-level document"],
  [`{"a":{"$elemMatch":{"$jsonSchema":{}}}}`, "parsed"],
  [`{"a":{"$all":1}}`, "2 $all needs an array"],
  [`{"a":{"$all":[{"$elemMatch":{"b":1}},1]}}`, "2 $all/$elemMatch has to be consistent"],
  [`{"a":{"$all":[1,{"$gt":1}]}}`, "2 no $ expressions in $all"],
  [`{"a":{"$all":[{},{"$x":1}]}}`, "parsed"],
  [`{"a":{"$not":1}}`, "2 $not needs a regex or a document"],
  [`{"a":{"$not":{}}}`, "2 $not cannot be empty"],
  [`{"a":{"$not":{"b":1}}}`, "2 unknown operator: b"],
  [`{"a":{"$not":{"$comment":1}}}`, "2 unknown operator: $comment"],
  [`{"a":{"$ne":${re}}}`, "2 Can't have regex as arg to $ne."],
  [`{"a":{"$gt":${re}}}`, "2 Can't have RegEx as arg to predicate over field 'a'."],
  [`{"a":{"$options":"i"}}`, "2 $options needs a $regex"],
  [`{"a":{"$options":"i","$regex":"a"}}`, "parsed"],
  [
    `{"a":{"$regex":{"$regularExpression":{"pattern":"a","options":"i"}},"$options":""}}`,
    "51075 options set in both $regex and $options",
  ],
  [`{"a":{"$regex":{"b":1}}}`, "2 $regex has to be a string"],
  [`{"a":{"$regex":"a","$options":"l"}}`, "51108  invalid flag in regex options: l"],
  [
    `{"a":{"$regex":"a\\u0000b","$options":""}}`,
    "2 Regular expression cannot contain an embedded null byte",
  ],
  [`{"a":{"$regex":"("}}`, "51091 Regular expression is invalid: missing )"],
  [`{"a":{"$bitsAllSet":-1}}`, "9 Expected a non-negative number in: $bitsAllSet: -1"],
  [
    `{"a":{"$bitsAllSet":"a"}}`,
    '2 a takes an Array, a number, or a BinData but received: $bitsAllSet: "a"',
  ],
  [`{"a":{"$bitsAllSet":["a"]}}`, '2 Failed to parse bit position. Expected a number in: 0: "a"'],
  [`{"a":{"$where":"1"}}`, "2 $where cannot be applied to a field"],
  [`{"$where":1}`, "2 $where got bad type"],
  [`{"$where":"1"}`, "2 $where is not allowed in this context"],
  [`{"$text":1}`, "2 $text expects an object"],
  [`{"$text":{}}`, '4 Missing expected field "$search"'],
  [`{"$text":{"$search":1}}`, '14 "$search" had the wrong type. Expected string, found int'],
  [
    `{"$text":{"$search":"a","$caseSensitive":1}}`,
    '14 "$caseSensitive" had the wrong type. Expected bool, found int',
  ],
  [`{"$text":{"$search":"a","$foo":1}}`, "2 extra fields in $text"],
  [`{"$text":{"$search":"a"}}`, "2 $text is not allowed in this context"],
  [
    `{"$nor":[{"a":{"$near":[1,1]}}]}`,
    "5626500 $geoNear, $near, and $nearSphere are not allowed in this context",
  ],
  [
    `{"a":{"$near":[1,1]}}`,
    "5626500 $geoNear, $near, and $nearSphere are not allowed in this context",
  ],
  [`{"$sampleRate":"a"}`, "2 argument to $sampleRate must be a numeric type"],
  [`{"$sampleRate":2}`, "2 numeric argument to $sampleRate must be in [0, 1]"],
  [`{"$alwaysTrue":2}`, "9 $alwaysTrue must be an integer value of 1"],
  [`{"$jsonSchema":1}`, "14 $jsonSchema must be an object"],
])("filter: %s is %s", ([filter, outcome]) => {
  expect(outcomeOf(filter)).toBe(outcome);
});
