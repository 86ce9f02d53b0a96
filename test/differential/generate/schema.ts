/** JSON Schemas for `$jsonSchema`. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, type Value } from "../../../src/bson/value.ts";
import type { Random } from "../random.ts";
import { anyValue, keys } from "./value.ts";

type MakeKeyword = (random: Random, depth: number) => Value;

const number: MakeKeyword = (random) => random.pick<Value>([0, 1, 2, 3n, new Double(1.5), -1]);
const length: MakeKeyword = (random) => random.pick<Value>([0, 1, 2, 3n, new Double(2)]);
const flag: MakeKeyword = (random) => random.chance(0.5);
const schemas: MakeKeyword = (random, depth) =>
  random.many(1, 2, () => schemaOf(random, depth - 1));
const bsonTypes = ["int", "double", "number", "string", "object", "array", "null", "date", "bool"];
const jsonTypes = ["object", "array", "number", "boolean", "string", "null"];

const keywords: ReadonlyMap<string, MakeKeyword> = new Map<string, MakeKeyword>([
  ["bsonType", (random) => oneOrMany(random, bsonTypes)],
  ["type", (random) => oneOrMany(random, jsonTypes)],
  ["enum", (random) => random.many(1, 3, () => anyValue(random, 1))],
  ["required", (random) => [...new Set(random.many(1, 2, () => random.pick(keys)))]],
  ["properties", propertiesOf],
  [
    "additionalProperties",
    (random, depth) => (random.chance(0.5) ? random.chance(0.5) : schemaOf(random, depth - 1)),
  ],
  ["patternProperties", (random, depth) => Doc.of({ "^[ab]": schemaOf(random, depth - 1) })],
  [
    "dependencies",
    (random, depth) => Doc.of({ a: random.chance(0.5) ? ["b"] : schemaOf(random, depth - 1) }),
  ],
  ["minProperties", length],
  ["maxProperties", length],
  ["minimum", number],
  ["maximum", number],
  ["exclusiveMinimum", flag],
  ["exclusiveMaximum", flag],
  ["multipleOf", (random) => random.pick<Value>([1, 2, new Double(0.5), 3n])],
  ["minLength", length],
  ["maxLength", length],
  ["pattern", (random) => random.pick(["^a", "b", "[A-Z]"])],
  [
    "items",
    (random, depth) => (random.chance(0.6) ? schemaOf(random, depth - 1) : schemas(random, depth)),
  ],
  [
    "additionalItems",
    (random, depth) => (random.chance(0.5) ? random.chance(0.5) : schemaOf(random, depth - 1)),
  ],
  ["minItems", length],
  ["maxItems", length],
  ["uniqueItems", flag],
  ["allOf", schemas],
  ["anyOf", schemas],
  ["oneOf", schemas],
  ["not", (random, depth) => schemaOf(random, depth - 1)],
  ["title", () => "title"],
  ["description", () => "description"],
]);
const keywordNames = [...keywords.keys()];

export function schemaOf(random: Random, depth = 2): Doc {
  if (depth <= 0) return Doc.of({ bsonType: random.pick(bsonTypes) });
  const fields = new Map<string, Value>();
  if (random.chance(0.6)) fields.set("properties", propertiesOf(random, depth));
  for (let count = 1 + random.below(2); count > 0; count -= 1) {
    const name = random.chance(0.02) ? "unknown" : random.pick(keywordNames);
    const make = keywords.get(name);
    const isOdd = make === undefined || random.chance(0.05);
    fields.set(name, isOdd ? anyValue(random, 1) : make(random, depth));
  }
  // Not a schema without its other half.
  if (fields.has("exclusiveMinimum")) fields.set("minimum", 1);
  if (fields.has("exclusiveMaximum")) fields.set("maximum", 2);
  return Doc.fromEntries(fields);
}

function propertiesOf(random: Random, depth: number): Doc {
  return Doc.fromEntries(
    new Map(
      random.many(
        1,
        2,
        () => [random.pick([...keys, "n", "s", "l", "o"]), schemaOf(random, depth - 1)] as const,
      ),
    ),
  );
}

function oneOrMany(random: Random, names: readonly string[]): Value {
  return random.chance(0.7)
    ? random.pick(names)
    : [...new Set(random.many(1, 2, () => random.pick(names)))];
}
