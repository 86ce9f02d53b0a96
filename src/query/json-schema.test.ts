import { expect, test } from "vitest";
import type { Doc } from "../bson/doc.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { compileJsonSchema } from "./json-schema.ts";

function read(text: string): Doc {
  return parseEjson(Buffer.from(text));
}

/** The schema is for field `a`. */
test.for<[schema: string, value: string, passes: boolean]>([
  [`{"type":"string"}`, `"x"`, true],
  [`{"type":"number"}`, `{"$numberLong":"1"}`, true],
  [`{"type":["object","null"]}`, `[]`, false],
  [`{"bsonType":"int"}`, `1.5`, false],
  [`{"bsonType":["int","date"]}`, `{"$date":{"$numberLong":"0"}}`, true],
  [`{"enum":[1,{"b":1,"c":2}]}`, `{"c":2,"b":1}`, true],
  [`{"enum":[1]}`, `1.5`, false],
  [`{"minimum":2}`, `1`, false],
  [`{"minimum":2}`, `2`, true],
  [`{"minimum":2,"exclusiveMinimum":true}`, `2`, false],
  [`{"maximum":2}`, `"x"`, true],
  [`{"maximum":2}`, `{"$numberDouble":"NaN"}`, false],
  [`{"multipleOf":0.1}`, `0.3`, true],
  [`{"multipleOf":2}`, `3`, false],
  [`{"minLength":2}`, `"😀"`, false],
  [`{"maxLength":1}`, `"😀"`, true],
  [`{"pattern":"^x"}`, `"ax"`, false],
  [`{"pattern":"^x"}`, `1`, true],
  [`{"items":{"type":"string"}}`, `["x",1]`, false],
  [`{"items":[{"type":"string"}],"additionalItems":false}`, `["x"]`, true],
  [`{"items":[{"type":"string"}],"additionalItems":false}`, `["x",1]`, false],
  [`{"items":[{}],"additionalItems":{"type":"string"}}`, `[1,1]`, false],
  [`{"additionalItems":false}`, `[1]`, true],
  [`{"minItems":1}`, `[]`, false],
  [`{"uniqueItems":true}`, `[{"b":1,"c":2},{"c":2,"b":1}]`, false],
  [`{"uniqueItems":true}`, `[1,"1"]`, true],
  [`{"required":["b"]}`, `{}`, false],
  [`{"required":["b"]}`, `1`, true],
  [`{"properties":{"b":{"type":"string"}}}`, `{"b":1}`, false],
  [`{"properties":{"b":{"type":"string"}}}`, `{}`, true],
  [`{"patternProperties":{"^b":{"type":"string"}}}`, `{"bc":1}`, false],
  [
    `{"properties":{"b":{}},"patternProperties":{"^c":{}},"additionalProperties":false}`,
    `{"b":1,"cd":1}`,
    true,
  ],
  [`{"properties":{"b":{}},"additionalProperties":{"type":"string"}}`, `{"c":1}`, false],
  [`{"maxProperties":1}`, `{"b":1,"c":1}`, false],
  [`{"dependencies":{"b":["c"]}}`, `{"b":1}`, false],
  [`{"dependencies":{"b":{"required":["c"]}}}`, `{"d":1}`, true],
  [`{"allOf":[{"minimum":1},{"maximum":2}]}`, `3`, false],
  [`{"anyOf":[{"minimum":3},{"maximum":1}]}`, `2`, false],
  [`{"oneOf":[{"minimum":1},{"minimum":2}]}`, `2`, false],
  [`{"not":{"type":"string"}}`, `"x"`, false],
  [`{"title":"t","description":"d"}`, `1`, true],
])("schema: %s on %s", ([schema, value, passes]) => {
  const check = compileJsonSchema(read(`{"properties":{"a":${schema}}}`));
  expect(check(read(`{"a":${value}}`))).toBe(passes);
});

test.for<[schema: string, outcome: string]>([
  [`{"foo":1}`, "9 Unknown $jsonSchema keyword: foo"],
  [`{"constructor":1}`, "9 Unknown $jsonSchema keyword: constructor"],
  [`{"$ref":"x"}`, "9 $jsonSchema keyword '$ref' is not currently supported"],
  [`{"type":1}`, "14 $jsonSchema keyword 'type' must be either a string or an array of strings"],
  [`{"type":"int"}`, "2 Unknown type name alias: int"],
  [`{"type":"integer"}`, "9 $jsonSchema type 'integer' is not currently supported."],
  [`{"type":["string","string"]}`, "9 $jsonSchema keyword 'type' has duplicate value: string"],
  [
    `{"type":"string","bsonType":"string"}`,
    "9 Cannot specify both $jsonSchema keywords 'type' and 'bsonType'",
  ],
  [`{"title":1}`, "14 $jsonSchema keyword 'title' must be of type string"],
  [`{"required":[]}`, "9 $jsonSchema keyword 'required' cannot be an empty array"],
  [
    `{"required":["a","a"]}`,
    "9 $jsonSchema keyword 'required' array cannot contain duplicate values",
  ],
  [
    `{"exclusiveMinimum":true}`,
    "9 $jsonSchema keyword 'minimum' must be a present if exclusiveMinimum is present",
  ],
  [
    `{"minimum":1,"exclusiveMinimum":1}`,
    "14 $jsonSchema keyword 'exclusiveMinimum' must be a boolean",
  ],
  [`{"multipleOf":0}`, "9 $jsonSchema keyword 'multipleOf' must have a positive value"],
  [`{"minLength":-1}`, "9 Expected a non-negative number in: minLength: -1"],
  [`{"enum":[1,1]}`, "9 $jsonSchema keyword 'enum' array cannot contain duplicate values."],
  [`{"allOf":[]}`, "2 $jsonSchema keyword 'allOf' must be a non-empty array"],
  [`{"not":1}`, "14 $jsonSchema keyword 'not' must be an object, but found an element of type int"],
  [`{"items":1}`, "14 $jsonSchema keyword 'items' must be an array or an object, not int"],
  [`{"patternProperties":{"(":{}}}`, "2 Invalid regular expression: missing )"],
  [`{"properties":{"a":{"pattern":"("}}}`, "51091 Regular expression is invalid: missing )"],
  [
    `{"dependencies":{"a":["b","b"]}}`,
    "9 array 'a' in $jsonSchema keyword 'dependencies' contains duplicate element: b",
  ],
])("schema: %s is refused", ([schema, outcome]) => {
  let refusal = "";
  try {
    compileJsonSchema(read(schema));
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    refusal = `${cause.code} ${cause.message}`;
  }
  expect(refusal).toBe(outcome);
});
