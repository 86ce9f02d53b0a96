/** A schema that documents have in common: a beginning, for whoever knows them better. */
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";

/** What has been seen in one place of many documents. */
interface Seen {
  count: number;
  /** By name of `bsonType`. */
  readonly types: Map<string, number>;
  /** Of the objects among them. */
  readonly fields: Map<string, Seen>;
  /** Of the arrays among them. */
  items: Seen | undefined;
}

/** Documents may use values as field names: a place with more fields is left open. */
const fieldsMax = 200;
const depthMax = 20;
/** Items of one array that are looked at. */
const itemsMax = 50;

export interface Sampling {
  add(document: Doc): void;
  /** `schema.json`. @param title of the type */
  schema(title: string): Doc;
}

export function sampleSchema(): Sampling {
  const root = nothingSeen();
  return {
    add(document) {
      note(root, document, 0);
    },
    schema: (title) => Doc.of({ title, ...membersOf(root) }),
  };
}

function nothingSeen(): Seen {
  return { count: 0, types: new Map(), fields: new Map(), items: undefined };
}

function note(seen: Seen, value: Value, depth: number): void {
  seen.count += 1;
  const type = typeOf(value);
  seen.types.set(type, (seen.types.get(type) ?? 0) + 1);
  if (depth >= depthMax) return;
  if (value instanceof Doc) {
    for (const [name, member] of value.entries()) {
      let field = seen.fields.get(name);
      if (field === undefined) {
        if (seen.fields.size > fieldsMax) return;
        field = nothingSeen();
        seen.fields.set(name, field);
      }
      note(field, member, depth + 1);
    }
  } else if (isArray(value)) {
    seen.items ??= nothingSeen();
    for (const item of value.slice(0, itemsMax)) note(seen.items, item, depth + 1);
  }
}

function typeOf(value: Value): string {
  const name = typeName(value);
  const isUuid =
    name === "binData" &&
    typeof value === "object" &&
    value !== null &&
    "subType" in value &&
    value.subType === 4;
  return isUuid ? "uuid" : name;
}

function membersOf(seen: Seen): Readonly<Record<string, Value>> {
  const { types, fields, items } = seen;
  // A type of that name lets nothing pass.
  const names = [...types.keys()].filter((name) => name !== "undefined").toSorted();
  const [only = ""] = names;
  return {
    ...(names.length > 0 && { bsonType: names.length === 1 ? only : names }),
    ...(types.has("object") && fields.size <= fieldsMax && objectMembers(seen)),
    ...(items !== undefined && items.count > 0 && { items: Doc.of(membersOf(items)) }),
  };
}

function objectMembers({ types, fields }: Seen): Readonly<Record<string, Value>> {
  const objects = types.get("object") ?? 0;
  const required = [...fields].filter(([, field]) => field.count === objects && !isNullable(field));
  return {
    properties: Doc.fromEntries(propertiesOf(fields)),
    ...(required.length > 0 && { required: required.map(([name]) => name) }),
  };
}

function propertiesOf(fields: ReadonlyMap<string, Seen>): [string, Value][] {
  return [...fields].map(([name, field]) => [name, Doc.of(membersOf(field))]);
}

function isNullable({ types }: Seen): boolean {
  return types.has("null") || types.has("undefined");
}
