import { expect, test } from "vitest";
import type { Doc } from "../bson/doc.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import type { AppConfig } from "../config/app-config.ts";
import { checkRules } from "./check-rules.ts";
import type { RequestEnvironment } from "./expressions.ts";
import { compileSchema, type OnSchemaProblem, schemaFault } from "./schema.ts";

const read = (text: string): Doc => parseEjson(Buffer.from(text));

const environment = {
  scope: {
    user: { id: "u1", type: "normal", identities: [] },
    signal: new AbortController().signal,
  },
  callFunction: (name: string) =>
    name === "isFine" ? Promise.resolve(true) : Promise.reject(new Error("no such function")),
} as unknown as RequestEnvironment;

async function violationsOf(
  schema: string,
  document: string,
  options: { readonly before?: string; readonly allowsNull?: boolean } = {},
): Promise<readonly string[]> {
  const { before, allowsNull } = options;
  const { violations } = await compileSchema(read(schema)).check(read(document), {
    environment,
    allowsNull,
    ...(before !== undefined && { before: read(before) }),
  });
  return violations.map(({ kind, field }) => `${kind} ${field}`);
}

test.for<[schema: string, document: string, violations: readonly string[]]>([
  ["{}", '{"a":1}', []],
  ['{"bsonType":"object"}', '{"a":1}', []],
  ['{"required":["a","b"]}', '{"a":1}', ["required (root).b"]],
  ['{"required":["a"]}', '{"a":null}', []],
  ['{"properties":{"a":{"bsonType":"int"}}}', '{"a":1}', []],
  ['{"properties":{"a":{"bsonType":"int"}}}', '{"b":"x"}', []],
  ['{"properties":{"a":{"bsonType":"int"}}}', '{"a":"1"}', ["invalid_type (root).a"]],
  ['{"properties":{"a":{"bsonType":"int"}}}', '{"a":1.5}', ["invalid_type (root).a"]],
  ['{"properties":{"a":{"bsonType":"double"}}}', '{"a":1}', ["invalid_type (root).a"]],
  ['{"properties":{"a":{"bsonType":"long"}}}', '{"a":{"$numberLong":"1"}}', []],
  ['{"properties":{"a":{"bsonType":"number"}}}', '{"a":{"$numberDecimal":"1"}}', []],
  ['{"properties":{"a":{"bsonType":"decimal"}}}', '{"a":{"$numberDecimal":"1"}}', []],
  ['{"properties":{"a":{"bsonType":"mixed"}}}', '{"a":[{}]}', []],
  [
    '{"properties":{"a":{"bsonType":"uuid"}}}',
    '{"a":{"$uuid":"00112233-4455-6677-8899-aabbccddeeff"}}',
    [],
  ],
  [
    '{"properties":{"a":{"bsonType":"uuid"}}}',
    '{"a":{"$binary":{"base64":"AA==","subType":"00"}}}',
    ["invalid_type (root).a"],
  ],
  [
    '{"properties":{"a":{"bsonType":"binData"}}}',
    '{"a":{"$binary":{"base64":"AA==","subType":"00"}}}',
    [],
  ],
  [
    '{"properties":{"a":{"bsonType":"objectId"}}}',
    '{"a":"64b7f0c2a1d3e4f5a6b7c8d9"}',
    ["invalid_type (root).a"],
  ],
  ['{"properties":{"a":{"bsonType":"date"}}}', '{"a":{"$date":"2024-01-01T00:00:00Z"}}', []],
  ['{"properties":{"a":{"bsonType":"timestamp"}}}', '{"a":{"$timestamp":{"t":1,"i":1}}}', []],
  [
    '{"properties":{"a":{"bsonType":"regex"}}}',
    '{"a":{"$regularExpression":{"pattern":"a","options":""}}}',
    [],
  ],
  ['{"properties":{"a":{"bsonType":["string","null"]}}}', '{"a":null}', []],
  ['{"properties":{"a":{"type":"boolean"}}}', '{"a":true}', []],
  ['{"properties":{"a":{"type":"number"}}}', '{"a":"x"}', ["invalid_type (root).a"]],
  ['{"properties":{"a":{"bsonType":"javascript"}}}', '{"a":{"$code":"1"}}', []],
  ['{"properties":{"a":{"bsonType":"minKey"}}}', '{"a":{"$minKey":1}}', []],
  ['{"properties":{"a":{"enum":["x",1]}}}', '{"a":{"$numberLong":"1"}}', []],
  ['{"properties":{"a":{"enum":["x",1]}}}', '{"a":2}', ["enum (root).a"]],
  ['{"properties":{"a":{"const":{"b":1}}}}', '{"a":{"b":2}}', ["const (root).a"]],
  ['{"properties":{"a":{"minimum":3}}}', '{"a":3}', []],
  ['{"properties":{"a":{"minimum":3}}}', '{"a":2.5}', ["number_gte (root).a"]],
  ['{"properties":{"a":{"minimum":3,"exclusiveMinimum":true}}}', '{"a":3}', ["number_gt (root).a"]],
  ['{"properties":{"a":{"exclusiveMinimum":3}}}', '{"a":3}', ["number_gt (root).a"]],
  ['{"properties":{"a":{"maximum":3}}}', '{"a":{"$numberDecimal":"3.1"}}', ["number_lte (root).a"]],
  ['{"properties":{"a":{"maximum":3,"exclusiveMaximum":true}}}', '{"a":3}', ["number_lt (root).a"]],
  ['{"properties":{"a":{"maximum":3}}}', '{"a":{"$numberDouble":"NaN"}}', ["number_lte (root).a"]],
  ['{"properties":{"a":{"maximum":3}}}', '{"a":"9"}', []],
  ['{"properties":{"a":{"multipleOf":0.5}}}', '{"a":1.5}', []],
  ['{"properties":{"a":{"multipleOf":2}}}', '{"a":3}', ["multiple_of (root).a"]],
  ['{"properties":{"a":{"minLength":2}}}', '{"a":"😀"}', ["string_gte (root).a"]],
  ['{"properties":{"a":{"maxLength":1}}}', '{"a":"😀"}', []],
  ['{"properties":{"a":{"maxLength":1}}}', '{"a":"ab"}', ["string_lte (root).a"]],
  ['{"properties":{"a":{"pattern":"^x"}}}', '{"a":"yx"}', ["pattern (root).a"]],
  ['{"properties":{"a":{"format":"email"}}}', '{"a":"a@b.co"}', []],
  ['{"properties":{"a":{"format":"email"}}}', '{"a":"a b@c"}', ["format (root).a"]],
  [
    '{"properties":{"a":{"format":"date-time"}}}',
    '{"a":"2024-02-30T00:00:00Z"}',
    ["format (root).a"],
  ],
  [
    '{"properties":{"a":{"items":{"bsonType":"int"}}}}',
    '{"a":[1,"x",2.5]}',
    ["invalid_type (root).a.1", "invalid_type (root).a.2"],
  ],
  [
    '{"properties":{"a":{"items":[{"bsonType":"int"},{"bsonType":"string"}],"additionalItems":false}}}',
    '{"a":[1,"x",2]}',
    ["array_no_additional_items (root).a"],
  ],
  [
    '{"properties":{"a":{"items":[{}],"additionalItems":{"bsonType":"int"}}}}',
    '{"a":["x","y",1]}',
    ["invalid_type (root).a.1"],
  ],
  ['{"properties":{"a":{"minItems":1}}}', '{"a":[]}', ["array_min_items (root).a"]],
  ['{"properties":{"a":{"maxItems":1}}}', '{"a":[1,2]}', ["array_max_items (root).a"]],
  [
    '{"properties":{"a":{"uniqueItems":true}}}',
    '{"a":[1,{"$numberLong":"1"}]}',
    ["unique (root).a"],
  ],
  ['{"properties":{"a":{"contains":{"bsonType":"int"}}}}', '{"a":["x"]}', ["contains (root).a"]],
  [
    '{"additionalProperties":false,"properties":{"_id":{},"a":{}}}',
    '{"_id":1,"a":1,"b":1}',
    ["additional_property_not_allowed (root).b"],
  ],
  [
    '{"additionalProperties":{"bsonType":"int"},"properties":{"a":{}}}',
    '{"a":"x","b":"y"}',
    ["invalid_type (root).b"],
  ],
  [
    '{"patternProperties":{"^n":{"bsonType":"int"}},"additionalProperties":false}',
    '{"n1":"x","m":1}',
    ["invalid_type (root).n1", "additional_property_not_allowed (root).m"],
  ],
  ['{"propertyNames":{"maxLength":1}}', '{"ab":1}', ["invalid_property_name (root).ab"]],
  ['{"minProperties":2}', '{"a":1}', ["array_min_properties (root)"]],
  ['{"maxProperties":1}', '{"a":1,"b":1}', ["array_max_properties (root)"]],
  ['{"dependencies":{"a":["b"]}}', '{"a":1}', ["missing_dependency (root).b"]],
  ['{"dependencies":{"a":{"required":["c"]}}}', '{"a":1}', ["required (root).c"]],
  [
    '{"properties":{"a":{"anyOf":[{"bsonType":"int"},{"bsonType":"string"}]}}}',
    '{"a":true}',
    ["number_any_of (root).a"],
  ],
  [
    '{"properties":{"a":{"oneOf":[{"bsonType":"int"},{"minimum":1}]}}}',
    '{"a":2}',
    ["number_one_of (root).a"],
  ],
  [
    '{"properties":{"a":{"allOf":[{"bsonType":"int"},{"minimum":1}]}}}',
    '{"a":0}',
    ["number_gte (root).a", "number_all_of (root).a"],
  ],
  ['{"properties":{"a":{"not":{"bsonType":"int"}}}}', '{"a":2}', ["number_not (root).a"]],
  [
    '{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}',
    '{"a":1}',
    ["condition_then (root)"],
  ],
  [
    '{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}',
    '{"x":1}',
    ["condition_else (root)"],
  ],
  [
    '{"properties":{"a":{"properties":{"b":{"items":{"required":["c"]}}}}}}',
    '{"a":{"b":[{"c":1},{}]}}',
    ["required (root).a.b.1.c"],
  ],
  ['{"properties":{"constructor":{"bsonType":"int"}}}', '{"a":1}', []],
  ['{"properties":{"a":{"validate":{"%%this":{"%gt":5}}}}}', '{"a":6}', []],
  ['{"properties":{"a":{"validate":{"%%this":{"%gt":5}}}}}', '{"a":5}', ["validate (root).a"]],
  [
    '{"properties":{"owner":{"validate":{"%%this":"%%user.id"}}}}',
    '{"owner":"u2"}',
    ["validate (root).owner"],
  ],
  ['{"properties":{"owner":{"validate":{"%%this":"%%user.id"}}}}', '{"owner":"u1"}', []],
  [
    '{"properties":{"a":{"validate":{"%%true":{"%function":{"name":"isFine","arguments":["%%this"]}}}}}}',
    '{"a":1}',
    [],
  ],
  [
    '{"properties":{"a":{"validate":{"%%true":{"%function":{"name":"isGone","arguments":[]}}}}}}',
    '{"a":1}',
    ["validate (root).a"],
  ],
  [
    '{"properties":{"a":{"anyOf":[{"bsonType":"string"},{"validate":{"%%true":{"%function":{"name":"isFine","arguments":[]}}}}]}}}',
    '{"a":1}',
    [],
  ],
])("schema: %s of %s", async ([schema, document, violations]) => {
  expect(await violationsOf(schema, document)).toEqual(violations);
});

test.for<[schema: string, before: string, after: string, violations: readonly string[]]>([
  ['{"properties":{"a":{"validate":{"%%this":{"%gte":"%%prev"}}}}}', '{"a":2}', '{"a":3}', []],
  [
    '{"properties":{"a":{"validate":{"%%this":{"%gte":"%%prev"}}}}}',
    '{"a":2}',
    '{"a":1}',
    ["validate (root).a"],
  ],
  [
    '{"properties":{"a":{"properties":{"b":{"validate":{"%%this":"%%prev"}}}}}}',
    '{"a":{"b":2}}',
    '{"a":{"b":1}}',
    ["validate (root).a.b"],
  ],
  [
    '{"properties":{"a":{"validate":{"%%root.b":"%%prevRoot.b"}}}}',
    '{"a":2,"b":1}',
    '{"a":2,"b":2}',
    ["validate (root).a"],
  ],
])("schema: %s of %s → %s", async ([schema, before, after, violations]) => {
  expect(await violationsOf(schema, after, { before })).toEqual(violations);
});

test.for<[schema: string, document: string, violations: readonly string[]]>([
  ['{"properties":{"a":{"bsonType":"int"}}}', '{"a":null}', []],
  [
    '{"properties":{"a":{"bsonType":"int"}},"required":["a"]}',
    '{"a":null}',
    ["invalid_type (root).a"],
  ],
  [
    '{"properties":{"a":{"items":{"bsonType":"int"}}}}',
    '{"a":[null]}',
    ["invalid_type (root).a.0"],
  ],
])("schema: %s of %s where null stands for any type", async ([schema, document, violations]) => {
  expect(await violationsOf(schema, document, { allowsNull: true })).toEqual(violations);
});

test.for<[schema: string, problems: readonly string[]]>([
  ['{"title":"T","description":"d","bsonType":"object"}', []],
  ['{"properties":{"a":{"bsonTyp":"int"}}}', ["properties.a.bsonTyp: unknown keyword 'bsonTyp'"]],
  [
    '{"properties":{"a":{"constructor":1}}}',
    ["properties.a.constructor: unknown keyword 'constructor'"],
  ],
  [
    '{"properties":{"a":{"type":"integer"}}}',
    [
      "properties.a.type: expected string, object, array, boolean, null, number, or a list of these",
    ],
  ],
  ['{"required":"a"}', ["required: expected a list of names"]],
  [
    '{"properties":{"a":{"pattern":"("}}}',
    ["properties.a.pattern: Regular expression is invalid: missing )"],
  ],
  ['{"properties":{"a":{"items":[{},3]}}}', ["properties.a.items.1: expected a schema: an object"]],
  [
    '{"properties":{"a":{"validate":{"%%nobody":1}}}}',
    ["properties.a.validate.%%nobody: there is no expansion %%nobody"],
  ],
])("schema: %s has %s", ([schema, problems]) => {
  const found: Parameters<OnSchemaProblem>[0][] = [];
  compileSchema(read(schema), (each) => found.push(each));
  const shown = found.map(({ path, message }) => `${path.join(".")}: ${message}`);
  expect(shown).toEqual(problems);
});

test("schema: a mistake is found before it becomes live", () => {
  const schema = { schema: read('{"properties":{"a":{"bsonTyp":"int"}}}') };
  const source = { defaultRule: undefined, collections: new Map([["db.c", { schema }]]) };
  const config = {
    dataSources: new Map([["s", source]]),
    functions: new Map(),
    endpoints: [],
  } as unknown as AppConfig;
  expect(checkRules(config).problems.map(({ message }) => message)).toEqual([
    "unknown keyword 'bsonTyp'",
  ]);
});

test("schema: one with a mistake lets nothing pass", async () => {
  expect(await violationsOf('{"properties":{"a":{"bsonTyp":"int"}}}', '{"a":1}')).toEqual([
    "internal (root).a",
  ]);
});

test("schema: the sender is told what is wrong, and no more than a few", () => {
  const violations = Array.from({ length: 7 }, (_, index) => ({
    kind: "required",
    field: `(root).f${index}`,
    message: `f${index} is required`,
  }));
  const fault = schemaFault("insert", { violations });
  expect(fault.code).toBe("SchemaValidationFailedWrite");
  expect(fault.message).toBe(
    "insert not permitted: could not validate document: (root).f0: f0 is required; (root).f1: f1 is required; (root).f2: f2 is required; (root).f3: f3 is required; (root).f4: f4 is required; and 2 more",
  );
});
