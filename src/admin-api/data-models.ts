/** Types for a client's language, made from the schemas of an app: what `realm-cli schema datamodels` prints. */

type Schema = Readonly<Record<string, unknown>>;

export interface ModelSource {
  readonly serviceId: string;
  readonly ruleId: string;
  readonly collection: string;
  readonly schema: Schema;
}

/**
 * Atlas: of the original's seven languages, the two that share their types with a web client are made; there are no
 * models in the others, which the tool takes for an answer.
 */
const languages: ReadonlySet<string> = new Set(["TYPE_SCRIPT", "JAVA_SCRIPT"]);
const depthMax = 20;

/** None where the schema is empty. @param language as in the path */
export function describeModels(
  language: string,
  { serviceId, ruleId, collection, schema }: ModelSource,
): readonly object[] {
  if (!languages.has(language) || Object.keys(schema).length === 0) return [];
  const name = typeNameOf(typeof schema["title"] === "string" ? schema["title"] : collection);
  const type = typeOf(schema, 0);
  const isTyped = language === "TYPE_SCRIPT";
  return [
    {
      service_id: serviceId,
      rule_id: ruleId,
      model_name: name,
      collection_display_name: collection,
      import_statements: isTyped ? ['import type * as BSON from "bson";\n'] : [],
      schema: isTyped
        ? `export interface ${name} ${type}\n`
        : `/** @typedef {${type.replaceAll("BSON.", 'import("bson").')}} ${name} */\n`,
    },
  ];
}

const typeNames: ReadonlyMap<string, string> = new Map([
  ["array", "unknown[]"],
  ["bool", "boolean"],
  ["boolean", "boolean"],
  ["binData", "BSON.Binary"],
  ["date", "Date"],
  ["decimal", "BSON.Decimal128"],
  ["double", "number"],
  ["float", "number"],
  ["int", "number"],
  ["long", "BSON.Long"],
  ["mixed", "unknown"],
  ["null", "null"],
  ["number", "number"],
  ["objectId", "BSON.ObjectId"],
  ["regex", "RegExp"],
  ["string", "string"],
  ["timestamp", "BSON.Timestamp"],
  ["uuid", "BSON.UUID"],
]);

function typeOf(schema: unknown, depth: number): string {
  if (!isObject(schema) || depth > depthMax) return "unknown";
  const values = schema["enum"];
  if (Array.isArray(values) && values.every((each) => typeof each === "string"))
    return values.map((each) => JSON.stringify(each)).join(" | ");
  const given = schema["bsonType"] ?? schema["type"];
  const types = [given].flat().filter((each) => typeof each === "string");
  const named = types.map((each) => typeOfOne(each, schema, depth));
  return named.length === 0 ? "unknown" : [...new Set(named)].join(" | ");
}

function typeOfOne(type: string, schema: Schema, depth: number): string {
  if (type === "object") return objectTypeOf(schema, depth);
  if (type === "array" && isObject(schema["items"])) {
    const item = typeOf(schema["items"], depth + 1);
    return /^[\w.]+$/.test(item) ? `${item}[]` : `(${item})[]`;
  }
  return typeNames.get(type) ?? "unknown";
}

function objectTypeOf(schema: Schema, depth: number): string {
  const { properties, required } = schema;
  if (!isObject(properties)) return "Record<string, unknown>";
  const must = new Set<unknown>(Array.isArray(required) ? required : []);
  const indent = "  ".repeat(depth + 1);
  const fields = Object.entries(properties).map(([name, each]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    return `${indent}${key}${must.has(name) ? "" : "?"}: ${typeOf(each, depth + 1)};\n`;
  });
  return `{\n${fields.join("")}${"  ".repeat(depth)}}`;
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeNameOf(text: string): string {
  const name = text.replace(/[^\w$]+/g, "_").replace(/^(?=\d)/, "_");
  return name === "" ? "Model" : name;
}
