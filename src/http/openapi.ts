/** OpenAPI 3.1 of an app: what its actions take and answer. */
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import {
  describeEndpoints,
  describeNamespaces,
  describeSchemas,
  type Json,
} from "./openapi-app.ts";

interface ActionShape {
  readonly summary: string;
  readonly required: readonly string[];
  readonly fields: Readonly<Record<string, Json>>;
  readonly status: 200 | 201;
  readonly answer: Readonly<Record<string, Json>>;
}

const object = { type: "object" } as const;
const filter = { filter: object } as const;
const upsert = { upsert: { type: "boolean", default: false } } as const;
const update = {
  update: { oneOf: [object, { type: "array", items: object }] },
} as const;
const id = { description: "The _id: a string in JSON, an EJSON value in EJSON." } as const;
const count = { type: "integer" } as const;
const documents = { documents: { type: "array", items: object } } as const;
const updated = { matchedCount: count, modifiedCount: count, upsertedId: id } as const;

/** Name of an action → its shape. A test holds it against the actions there are. */
export const actionShapes: ReadonlyMap<string, ActionShape> = new Map(
  Object.entries<ActionShape>({
    findOne: {
      summary: "Find one document",
      required: [],
      fields: { ...filter, projection: object, sort: object },
      status: 200,
      answer: { document: { type: ["object", "null"] } },
    },
    find: {
      summary: "Find documents",
      required: [],
      fields: { ...filter, projection: object, sort: object, limit: count, skip: count },
      status: 200,
      answer: documents,
    },
    insertOne: {
      summary: "Insert one document",
      required: ["document"],
      fields: { document: object },
      status: 201,
      answer: { insertedId: id },
    },
    insertMany: {
      summary: "Insert documents",
      required: ["documents"],
      fields: documents,
      status: 201,
      answer: { insertedIds: { type: "array", items: id } },
    },
    updateOne: {
      summary: "Update one document",
      required: ["filter", "update"],
      fields: { ...filter, ...update, ...upsert },
      status: 200,
      answer: updated,
    },
    updateMany: {
      summary: "Update documents",
      required: ["filter", "update"],
      fields: { ...filter, ...update, ...upsert },
      status: 200,
      answer: updated,
    },
    replaceOne: {
      summary: "Replace one document",
      required: ["filter", "replacement"],
      fields: { ...filter, replacement: object, ...upsert },
      status: 200,
      answer: updated,
    },
    deleteOne: {
      summary: "Delete one document",
      required: ["filter"],
      fields: filter,
      status: 200,
      answer: { deletedCount: count },
    },
    deleteMany: {
      summary: "Delete documents",
      required: ["filter"],
      fields: filter,
      status: 200,
      answer: { deletedCount: count },
    },
    aggregate: {
      summary: "Run an aggregation pipeline",
      required: ["pipeline"],
      fields: { pipeline: { type: "array", items: object } },
      status: 200,
      answer: documents,
    },
  }),
);

const error = {
  description: "What went wrong.",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
} as const;

/**
 * @param baseUrl scheme, host and port without a slash at the end
 * @param config undefined where nothing was ever pushed
 */
export function describeApi(
  app: App,
  version: string,
  baseUrl: string,
  config: AppConfig | undefined,
): Json {
  const base = `${baseUrl}/app/${app.clientAppId}/endpoint`;
  const own = config === undefined ? {} : describeEndpoints(config, base, error);
  const schemas = config === undefined ? {} : describeSchemas(config);
  return {
    openapi: "3.1.0",
    info: { title: `${app.name} Data API`, version },
    servers: [{ url: `${base}/data/${version}` }],
    security: [{ apiKey: [] }, { bearer: [] }, { email: [], password: [] }, { jwt: [] }],
    paths: {
      ...Object.fromEntries(
        [...actionShapes].map(([name, shape]) => [
          `/action/${name}`,
          { post: describeAction(name, shape, [...app.dataSources.keys()]) },
        ]),
      ),
      ...own,
    },
    components: {
      securitySchemes: {
        apiKey: { type: "apiKey", in: "header", name: "apiKey" },
        bearer: { type: "http", scheme: "bearer" },
        email: { type: "apiKey", in: "header", name: "email" },
        password: { type: "apiKey", in: "header", name: "password" },
        jwt: { type: "apiKey", in: "header", name: "jwtTokenString" },
      },
      schemas: {
        ...schemas,
        Error: errorSchema,
      },
    },
    ...(config !== undefined && { "x-namespaces": describeNamespaces(config) }),
  };
}

export const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: { type: "string" },
    error_code: { type: "string" },
    link: { type: "string" },
  },
} as const;

function describeAction(name: string, shape: ActionShape, dataSources: readonly string[]): Json {
  const properties = {
    dataSource: { type: "string", examples: dataSources },
    database: { type: "string" },
    collection: { type: "string" },
    ...shape.fields,
  };
  const required = ["dataSource", "database", "collection", ...shape.required];
  return {
    operationId: name,
    summary: shape.summary,
    requestBody: {
      required: true,
      content: inBothFormats({ type: "object", required, properties }),
    },
    responses: {
      [shape.status]: {
        description: "Done.",
        content: inBothFormats(answerSchemaOf(shape)),
      },
      default: error,
    },
  };
}

/** The whole body of a success. */
export function answerSchemaOf({ answer }: ActionShape): Json {
  return { type: "object", properties: answer, additionalProperties: false };
}

function inBothFormats(schema: Json): Json {
  return { "application/json": { schema }, "application/ejson": { schema } };
}
