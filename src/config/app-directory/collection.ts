/** What stands about a collection: `rules.json`, `schema.json`, `relationships.json`. */
import { Type } from "@sinclair/typebox";
import type {
  Origin,
  Relationship,
  RelationshipsConfig,
  RulesConfig,
  SchemaConfig,
} from "../app-config.ts";
import { type Codec, docAt, fromValue } from "./codec.ts";
import { fieldsOf, type JsonMembers, type JsonNode, objectNode, toNode } from "./json-node.ts";
import { at, type Reporter } from "./report.ts";
import { filterSchema, readFilter, readRole, roleSchema, writeFilter, writeRole } from "./role.ts";
import { anything, ids, maybe, nonEmpty, strict } from "./schema.ts";
import { validate } from "./validate.ts";

/** Rules are evaluated per request: nothing in them is a template. */
const everything: ReadonlySet<string> = new Set(["roles", "filters", "schema", "relationships"]);

const rulesSchema = Type.Object(
  {
    ...ids,
    database: maybe(nonEmpty),
    collection: maybe(nonEmpty),
    roles: maybe(Type.Array(roleSchema)),
    filters: maybe(Type.Array(filterSchema)),
    // Before 20210101 these stood here.
    schema: anything(),
    relationships: anything(),
  },
  strict,
);

export interface RulesPart extends RulesConfig {
  /** Absent in a default rule, and where the folders say it. */
  readonly database?: string;
  readonly collection?: string;
}

export const rulesCodec: Codec<typeof rulesSchema, RulesPart> = {
  schema: rulesSchema,
  verbatim: everything,
  read: (wire, origin, report) => ({
    ...(wire.database === undefined ? {} : { database: wire.database }),
    ...(wire.collection === undefined ? {} : { collection: wire.collection }),
    roles: (wire.roles ?? []).map((role, index) =>
      readRole(role, origin, ["roles", index], report),
    ),
    filters: (wire.filters ?? []).map((filter, index) =>
      readFilter(filter, origin, ["filters", index], report),
    ),
    origin,
  }),
  write: (rules) => ({
    database: rules.database,
    collection: rules.collection,
    roles: rules.roles.map(writeRole),
    filters:
      rules.filters.length > 0 || rules.origin !== undefined
        ? rules.filters.map(writeFilter)
        : undefined,
  }),
};

const schemaSchema = Type.Unsafe<object>({ type: "object" });

export const schemaCodec: Codec<typeof schemaSchema, SchemaConfig> = {
  schema: schemaSchema,
  verbatim: new Set(),
  read(_, origin, report) {
    const schema = docAt(origin, [], report);
    if (schema === undefined) return undefined;
    const bsonType = schema.get("bsonType") ?? schema.get("type") ?? "object";
    if (bsonType !== "object")
      report.wrong(
        at(origin, schema.has("bsonType") ? "bsonType" : "type"),
        '"object", as a document is one',
        typeof bsonType === "string" ? JSON.stringify(bsonType) : "something else",
      );
    return { schema, origin };
  },
  write: ({ schema }) => fromValue(schema),
};

const reference = /^#\/(?:relationship|stitch)\/([^/]+)\/([^/]+)\/([^/]+)$/;

const relationshipSchema = Type.Object(
  {
    ref: Type.String({
      pattern: reference.source,
      description: "#/relationship/DATA_SOURCE/DATABASE/COLLECTION",
    }),
    source_key: maybe(Type.String()),
    foreign_key: nonEmpty,
    is_list: maybe(Type.Boolean()),
  },
  strict,
);

const relationshipsSchema = Type.Unsafe<object>({ type: "object" });

export const relationshipsCodec: Codec<typeof relationshipsSchema, RelationshipsConfig> = {
  schema: relationshipsSchema,
  verbatim: new Set(),
  read(_, origin, report) {
    const byField = new Map<string, Relationship>();
    for (const [field, node] of fieldsOf(origin.expanded)) {
      const relationship = readRelationship(field, node, origin, report);
      if (relationship !== undefined) byField.set(field, relationship);
    }
    return { byField, origin };
  },
  write: ({ byField }) =>
    objectNode(
      new Map([...byField].map(([field, each]) => [field, toNode(writeRelationship(each))])),
    ),
};

function writeRelationship(relationship: Relationship): JsonMembers {
  const { dataSource, database, collection } = relationship;
  return {
    ref: `#/relationship/${dataSource}/${database}/${collection}`,
    source_key: relationship.sourceKey,
    foreign_key: relationship.foreignKey,
    is_list: relationship.isList,
  };
}

function readRelationship(
  field: string,
  node: JsonNode,
  origin: Origin,
  report: Reporter,
): Relationship | undefined {
  const wire = validate(relationshipSchema, node, at(origin, field), report);
  const [, dataSource, database, collection] = reference.exec(wire?.ref ?? "") ?? [];
  if (wire === undefined || dataSource === undefined) return undefined;
  return {
    dataSource,
    database: database ?? "",
    collection: collection ?? "",
    sourceKey: wire.source_key ?? field,
    foreignKey: wire.foreign_key,
    isList: wire.is_list ?? false,
  };
}
