/** The parts of an app's OpenAPI document that its own configuration makes: endpoints, schemas, namespaces. */
import type { Doc } from "../bson/doc.ts";
import { toText } from "../bson/stringify.ts";
import type { AppConfig, EndpointConfig } from "../config/app-config.ts";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };
type Fields = { readonly [name: string]: Json };

const methodsOfAny = ["get", "post", "put", "patch", "delete"] as const;

/** @param base scheme, host, and path up to `/endpoint` @param error the answer of a failure */
export function describeEndpoints(config: AppConfig, base: string, error: Json): Fields {
  const paths = new Map<string, Fields>();
  for (const endpoint of config.endpoints) {
    if (endpoint.disabled) continue;
    const { route, httpMethod } = endpoint;
    const isSystem = config.functions.get(endpoint.functionName)?.runAs.kind === "system";
    const described = describeEndpoint(endpoint, { isSystem, error });
    const methods = httpMethod === "*" ? methodsOfAny : [httpMethod.toLowerCase()];
    const known = paths.get(route) ?? { servers: [{ url: base }] };
    // A method of its own goes before one for all.
    const own = Object.fromEntries(
      methods
        .filter((each) => httpMethod !== "*" || !(each in known))
        .map((each) => [each, described]),
    );
    paths.set(route, { ...known, ...own });
  }
  return Object.fromEntries(paths);
}

function describeEndpoint(
  endpoint: EndpointConfig,
  { isSystem, error }: { readonly isSystem: boolean; readonly error: Json },
): Json {
  const { functionName, validationMethod, respondResult } = endpoint;
  const parameters = parametersOf(validationMethod);
  return {
    summary: `Call the function ${functionName}`,
    // What runs as the system asks for no credentials.
    ...(isSystem && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    responses: {
      ...(respondResult
        ? { "200": { description: "What the function answers." } }
        : { "204": { description: "Done." } }),
      default: error,
    },
  };
}

function parametersOf(validation: EndpointConfig["validationMethod"]): readonly Json[] {
  const schema = { type: "string" } as const;
  if (validation === "SECRET_AS_QUERY_PARAM")
    return [{ name: "secret", in: "query", required: true, schema }];
  if (validation === "VERIFY_PAYLOAD")
    return [{ name: "Endpoint-Signature", in: "header", required: true, schema }];
  return [];
}

/** Name in `components.schemas` → schema: of every collection that has one. */
export function describeSchemas(config: AppConfig): Fields {
  const found: [string, Json][] = [];
  for (const { name: source, collections } of config.dataSources.values())
    for (const { database, collection, schema } of collections.values()) {
      if (schema === undefined || schema.schema.keys().length === 0) continue;
      const name = `${source}.${database}.${collection}`.replace(/[^\w.-]/g, "_");
      found.push([name, toJsonSchema(schema.schema)]);
    }
  return Object.fromEntries(found);
}

/** The namespaces that an app speaks of, for tools that list them. */
export function describeNamespaces(config: AppConfig): Json {
  return [...config.dataSources.values()].flatMap(({ name: dataSource, collections }) =>
    [...collections.values()].map(({ database, collection }) => ({
      dataSource,
      database,
      collection,
    })),
  );
}

/** BSON's types as JSON shows them: in the mapping of `Accept: application/json`. */
const jsonTypes: ReadonlyMap<string, Fields> = new Map<string, Fields>([
  ["binData", { type: "string", contentEncoding: "base64" }],
  ["bool", { type: "boolean" }],
  ["date", { type: "string", format: "date-time" }],
  ["decimal", { type: "string" }],
  ["double", { type: "number" }],
  ["float", { type: "number" }],
  ["int", { type: "integer", format: "int32" }],
  ["long", { type: "integer", format: "int64" }],
  ["mixed", {}],
  ["number", { type: "number" }],
  ["objectId", { type: "string", pattern: "^[0-9a-f]{24}$" }],
  ["uuid", { type: "string", format: "uuid" }],
]);
const plainTypes: ReadonlySet<string> = new Set([
  "array",
  "boolean",
  "integer",
  "null",
  "object",
  "string",
]);

/** Words of a schema that mean the same in JSON Schema. */
const sameWords: ReadonlySet<string> = new Set([
  "title",
  "description",
  "required",
  "enum",
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
]);
const depthMax = 30;

function toJsonSchema(schema: Doc): Json {
  return convert(JSON.parse(toText(schema, "relaxed")) as Json, 0);
}

function convert(schema: Json, depth: number): Json {
  if (typeof schema === "boolean") return schema;
  if (!isFields(schema) || depth > depthMax) return {};
  const own = Object.entries(schema).filter(([word]) => sameWords.has(word));
  return {
    ...typeOf(schema["bsonType"] ?? schema["type"]),
    ...Object.fromEntries(own),
    ...nestedOf(schema, depth),
  };
}

function typeOf(type: Json | undefined): Fields {
  const types = [type ?? null].flat().filter((each) => typeof each === "string");
  if (types.length === 0) return {};
  const converted = types.map((each) =>
    plainTypes.has(each) ? { type: each } : (jsonTypes.get(each) ?? {}),
  );
  return converted.length === 1 ? (converted[0] ?? {}) : { anyOf: converted };
}

function nestedOf(schema: Fields, depth: number): Fields {
  const { properties, items, additionalProperties, ...words } = schema;
  const lists = ["allOf", "anyOf", "oneOf"].flatMap((word) => {
    const list = words[word];
    return Array.isArray(list)
      ? [[word, list.map((each: Json) => convert(each, depth + 1))] as const]
      : [];
  });
  return {
    ...(isFields(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, each]) => [name, convert(each, depth + 1)]),
      ),
    }),
    ...(isFields(items) && { items: convert(items, depth + 1) }),
    ...(additionalProperties !== undefined && {
      additionalProperties: convert(additionalProperties, depth + 1),
    }),
    ...Object.fromEntries(lists),
  };
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
