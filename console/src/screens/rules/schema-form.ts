/** A schema as a form shows it: fields with their types, in an order. What the form has no field for is kept. */
import { isPart, type Part, withMember } from "../../parts/json-part.ts";

export interface SchemaField {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: Part;
}

export function fieldsOf(schema: Part): readonly SchemaField[] {
  const { properties } = schema;
  if (!isPart(properties)) return [];
  const required = requiredOf(schema);
  return Object.entries(properties).map(([name, value]) => ({
    name,
    isRequired: required.includes(name),
    schema: isPart(value) ? value : {},
  }));
}

/** In the order of the fields; what is required and described by none of them stays required. */
export function withFields(schema: Part, fields: readonly SchemaField[]): Part {
  const known = new Set(fieldsOf(schema).map(({ name }) => name));
  const others = requiredOf(schema).filter((name) => !known.has(name));
  const needed = fields.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const required = [...new Set([...needed, ...others])];
  const properties = Object.fromEntries(fields.map((field) => [field.name, field.schema]));
  const changed = withMember(schema, "required", required.length === 0 ? undefined : required);
  return { ...changed, properties };
}

export function typesOf({ bsonType }: Part): readonly string[] {
  if (typeof bsonType === "string") return [bsonType];
  return Array.isArray(bsonType) ? bsonType.filter((each) => typeof each === "string") : [];
}

/** One type is a text, several are a list, none is nothing. */
export function withTypes(schema: Part, types: readonly string[]): Part {
  const [first, ...others] = types;
  return withMember(schema, "bsonType", others.length === 0 ? first : types);
}

const shown: ReadonlySet<string> = new Set([
  "bsonType",
  "title",
  "description",
  "properties",
  "required",
  "additionalProperties",
  "items",
]);

/** What the form has no field for. */
export function restOf(schema: Part): Part {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !shown.has(name)));
}

export function withRest(schema: Part, rest: Part): Part {
  const own = Object.entries(schema).filter(([name]) => shown.has(name));
  const others = Object.entries(rest).filter(([name]) => !shown.has(name));
  return Object.fromEntries([...own, ...others]);
}

function requiredOf({ required }: Part): readonly string[] {
  return Array.isArray(required) ? required.filter((each) => typeof each === "string") : [];
}
