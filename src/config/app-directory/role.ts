/** Roles and filters, as `rules.json` and `default_rule.json` hold them. Expressions are kept, not compiled. */
import { type Static, Type } from "@sinclair/typebox";
import type {
  Expression,
  FieldPermission,
  FilterConfig,
  Origin,
  RoleConfig,
} from "../app-config.ts";
import { docAt, expressionAt, fromValue } from "./codec.ts";
import { given } from "./given.ts";
import {
  childOf,
  fieldsOf,
  type JsonInput,
  type JsonMembers,
  type JsonNode,
  type JsonPath,
  objectNode,
  toNode,
} from "./json-node.ts";
import { at, type Reporter } from "./report.ts";
import { expression, ids, maybe, strict } from "./schema.ts";
import { validate } from "./validate.ts";

const name = Type.String({
  minLength: 1,
  maxLength: 100,
  description: "a name of 1 to 100 characters",
});
const readAndWrite = { read: maybe(expression()), write: maybe(expression()) } as const;
/** What stands in it is checked field by field. */
const fields = maybe(Type.Unsafe<object>({ type: "object" }));

const permissionSchema = Type.Object({ ...readAndWrite, fields }, strict);

export const roleSchema = Type.Object(
  {
    ...ids,
    name,
    apply_when: expression(),
    document_filters: maybe(Type.Object(readAndWrite, strict)),
    ...readAndWrite,
    insert: maybe(expression()),
    delete: maybe(expression()),
    search: maybe(expression()),
    fields,
    additional_fields: maybe(Type.Object(readAndWrite, strict)),
  },
  strict,
);

const query = maybe(Type.Unsafe<object>({ type: "object" }));

export const filterSchema = Type.Object(
  {
    ...ids,
    name,
    apply_when: expression(),
    query,
    projection: query,
    // One example of the original spells it so.
    project: query,
  },
  strict,
);

export function readRole(
  wire: Static<typeof roleSchema>,
  origin: Origin,
  path: JsonPath,
  report: Reporter,
): RoleConfig {
  const get = (...steps: JsonPath): Expression | undefined =>
    expressionAt(origin, [...path, ...steps], report);
  const pair = (step: "document_filters" | "additional_fields"): ReadAndWrite | undefined =>
    wire[step] === undefined
      ? undefined
      : { ...given("read", get(step, "read")), ...given("write", get(step, "write")) };
  return {
    name: wire.name,
    applyWhen: get("apply_when") ?? false,
    ...given("documentFilters", pair("document_filters")),
    ...given("read", get("read")),
    ...given("write", get("write")),
    ...given("insert", get("insert")),
    ...given("delete", get("delete")),
    ...given("search", get("search")),
    ...given("fields", readFields(origin, [...path, "fields"], report)),
    ...given("additionalFields", pair("additional_fields")),
  };
}

interface ReadAndWrite {
  readonly read?: Expression;
  readonly write?: Expression;
}

function readFields(
  origin: Origin,
  path: JsonPath,
  report: Reporter,
): ReadonlyMap<string, FieldPermission> | undefined {
  const node = nodeAt(origin, path);
  if (node?.kind !== "object") return undefined;
  const permissions = new Map<string, FieldPermission>();
  for (const [field, inner] of fieldsOf(node)) {
    const innerPath = [...path, field];
    const flat = withoutFields(inner);
    if (validate(permissionSchema, flat, at(origin, ...innerPath), report) === undefined) continue;
    permissions.set(field, {
      ...given("read", expressionAt(origin, [...innerPath, "read"], report)),
      ...given("write", expressionAt(origin, [...innerPath, "write"], report)),
      ...given("fields", readFields(origin, [...innerPath, "fields"], report)),
    });
  }
  return permissions;
}

/** What lies in it is checked in its turn: else the depths would be read once per level. */
function withoutFields(node: JsonNode): JsonNode {
  const inner = node.kind === "object" ? node.fields.get("fields") : undefined;
  if (node.kind !== "object" || inner?.kind !== "object") return node;
  return objectNode(new Map(node.fields).set("fields", objectNode(new Map())));
}

function nodeAt(origin: Origin, path: JsonPath): JsonNode | undefined {
  let node: JsonNode | undefined = origin.expanded;
  for (const step of path) node = node === undefined ? undefined : childOf(node, step);
  return node;
}

export function readFilter(
  wire: Static<typeof filterSchema>,
  origin: Origin,
  path: JsonPath,
  report: Reporter,
): FilterConfig {
  const projection = wire.projection === undefined ? "project" : "projection";
  return {
    name: wire.name,
    applyWhen: expressionAt(origin, [...path, "apply_when"], report) ?? false,
    ...given("query", docAt(origin, [...path, "query"], report)),
    ...given("projection", docAt(origin, [...path, projection], report)),
  };
}

export function writeRole(role: RoleConfig): JsonMembers {
  return {
    name: role.name,
    apply_when: fromValue(role.applyWhen),
    document_filters: writePair(role.documentFilters),
    read: fromValue(role.read),
    write: fromValue(role.write),
    insert: fromValue(role.insert),
    delete: fromValue(role.delete),
    search: fromValue(role.search),
    fields: writeFields(role.fields),
    additional_fields: writePair(role.additionalFields),
  };
}

function writePair(pair: ReadAndWrite | undefined): JsonInput {
  return pair === undefined
    ? undefined
    : { read: fromValue(pair.read), write: fromValue(pair.write) };
}

function writeFields(permissions: RoleConfig["fields"]): JsonInput {
  if (permissions === undefined) return undefined;
  const nodes = new Map<string, JsonNode>();
  for (const [field, permission] of permissions)
    nodes.set(
      field,
      toNode({
        read: fromValue(permission.read),
        write: fromValue(permission.write),
        fields: writeFields(permission.fields),
      }),
    );
  return objectNode(nodes);
}

export function writeFilter(filter: FilterConfig): JsonMembers {
  return {
    name: filter.name,
    apply_when: fromValue(filter.applyWhen),
    query: fromValue(filter.query),
    projection: fromValue(filter.projection),
  };
}
