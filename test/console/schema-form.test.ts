/** Schemas as the console's form reads and changes them. */
import { expect, test } from "vitest";
import {
  fieldsOf,
  restOf,
  typesOf,
  withFields,
  withRest,
  withTypes,
} from "../../console/src/screens/rules/schema-form.ts";

type Schema = Readonly<Record<string, unknown>>;

test.for<[title: string, schema: Schema, names: readonly string[]]>([
  ["nothing", {}, []],
  ["no object", { properties: [1] }, []],
  [
    "names that objects have by themselves",
    JSON.parse('{"properties":{"__proto__":{}}}') as Schema,
    ["__proto__"],
  ],
  ["one that is no schema", { properties: { a: 1, b: {} } }, ["a", "b"]],
])("fields of %s", ([, schema, names]) => {
  expect(fieldsOf(schema).map(({ name }) => name)).toEqual(names);
});

test("fields keep their order, what the form does not show, and what is required besides", () => {
  const schema = {
    bsonType: "object",
    minProperties: 1,
    required: ["b", "elsewhere"],
    properties: { a: { bsonType: "int", minimum: 1 }, b: {} },
  };
  const [a, b] = fieldsOf(schema);
  if (a === undefined || b === undefined) throw new Error("there are two");
  expect(withFields(schema, [b, { ...a, name: "c", isRequired: true }])).toEqual({
    bsonType: "object",
    minProperties: 1,
    required: ["b", "c", "elsewhere"],
    properties: { b: {}, c: { bsonType: "int", minimum: 1 } },
  });
  expect(Object.keys(withFields(schema, [b, a])["properties"] as object)).toEqual(["b", "a"]);
  expect(withFields({ required: ["a"], properties: { a: {} } }, [])).toEqual({ properties: {} });
});

test.for<[schema: Schema, types: readonly string[]]>([
  [{}, []],
  [{ bsonType: "int" }, ["int"]],
  [{ bsonType: ["int", 1, "null"] }, ["int", "null"]],
  [{ bsonType: 5 }, []],
])("types of %j", ([schema, types]) => {
  expect(typesOf(schema)).toEqual(types);
});

test("no type is nothing, one a text, several a list", () => {
  expect(withTypes({ bsonType: "int", title: "a" }, [])).toEqual({ title: "a" });
  expect(withTypes({}, ["int"])).toEqual({ bsonType: "int" });
  expect(withTypes({}, ["int", "null"])).toEqual({ bsonType: ["int", "null"] });
});

test("what the form has no field for is one thing", () => {
  const schema = { bsonType: "int", minimum: 1, enum: [1, 2] };
  expect(restOf(schema)).toEqual({ minimum: 1, enum: [1, 2] });
  expect(withRest(schema, { maximum: 3, bsonType: "never" })).toEqual({
    bsonType: "int",
    maximum: 3,
  });
});
