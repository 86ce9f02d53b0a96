/** Upserts: the document that is inserted where a filter matched none. */
import { compareText, identityOf } from "../bson/compare.ts";
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { QueryEnvironment } from "./environment.ts";
import type { FilterNode } from "./filter-node.ts";
import { parseFilter } from "./filter.ts";
import { fillTimestamps, refuseOperators } from "./replacement.ts";
import type { Update } from "./update.ts";
import { checkDepth, checkId, heightOf, toStored } from "./update/storable.ts";
import { finishTransform, putIdFirst } from "./update/transform.ts";

/** What an upsert puts: a compiled update, or a whole document. */
export type UpsertChange =
  | { readonly kind: "update"; readonly update: Update }
  | { readonly kind: "replacement"; readonly replacement: Doc };

/**
 * The document that an upsert inserts.
 *
 * @param newId an `_id` for a document that gets none from filter or update
 * @throws {MongoError} 54 for a filter that wants two values of one field, 66 for an update that changes the filter's
 *   `_id`, and what the update gives
 */
export function composeUpsert(
  filter: Doc,
  change: UpsertChange,
  environment: QueryEnvironment,
  newId: () => Value,
): Doc {
  if (change.kind === "replacement") {
    // Unlike for a document that is there, the server lets names with a dollar pass.
    refuseOperators(change.replacement);
    const base = createIdDocument(filter, environment);
    const replacement = fillTimestamps(change.replacement, environment);
    return finish(finishTransform(base, replacement, { isInsert: true }), newId);
  }
  const base = createUpsertDocument(filter, environment);
  return finish(change.update.apply(base, { isInsert: true }), newId);
}

function finish(doc: Doc, newId: () => Value): Doc {
  const given = doc.get("_id");
  const id = given === undefined ? newId() : given;
  const whole = given !== undefined && doc.firstKey === "_id" ? doc : putIdFirst(doc, id);
  checkId(id);
  checkDepth(0, heightOf(whole));
  return toStored(whole, true);
}

/**
 * What the filter says of the document: the fields that it wants equal to a value.
 *
 * @throws {MongoError} 54 when it wants two values of one path, or of a path and one within it
 */
export function createUpsertDocument(filter: Doc, environment: QueryEnvironment): Doc {
  return build(collectEqualities(filter, environment, () => true));
}

/** For a replacement only `_id` counts. @throws {MongoError} 111 when only parts of it are given */
function createIdDocument(filter: Doc, environment: QueryEnvironment): Doc {
  return build(collectEqualities(filter, environment, isWholeId));
}

function isWholeId(path: string): boolean {
  if (path.startsWith("_id."))
    throw new MongoError(
      111,
      `field at '_id' must be exactly specified, field at sub-path '${path}'found`,
    );
  return path === "_id";
}

interface Equality {
  readonly path: string;
  readonly value: Value;
}

/** A document in the making: fields by name, in order. */
type Level = Map<string, Value | Level>;

const pathPartsMax = 200;

function build(equalities: readonly Equality[]): Doc {
  const root: Level = new Map();
  for (const { path, value } of equalities) {
    if (path === "") throw new MongoError(20, "Cannot call setValue on the root object");
    const parts = path.split(".");
    if (parts.length > pathPartsMax) throw new MongoError(15, "FieldPath is too long");
    let level = root;
    for (const name of parts.slice(0, -1)) {
      const child = level.get(name);
      // Paths do not meet: what is there is a level.
      const below: Level = child instanceof Map ? child : new Map();
      level.set(name, below);
      level = below;
    }
    level.set(parts.at(-1) as string, value);
  }
  return toDoc(root);
}

function toDoc(level: Level): Doc {
  return Doc.fromParts(
    [...level.keys()],
    [...level.values()].map((each) => (each instanceof Map ? toDoc(each) : each)),
  );
}

/** In the order of their paths, which is that of the fields to be. */
function collectEqualities(
  filter: Doc,
  environment: QueryEnvironment,
  isWanted: (path: string) => boolean,
): readonly Equality[] {
  const node = parseFilter(filter, environment, {
    allowsWhere: true,
    allowsNear: true,
    text: "allowed",
  });
  // As on the server: of a filter that can match nothing, nothing is left.
  if (isNever(node)) return [];
  const found: Equality[] = [];
  visit(node, (path, value) => {
    if (isWanted(path)) found.push({ path, value });
  });
  found.sort((left, right) => compareText(left.path, right.path));
  const seen = new Set<string>();
  for (const { path } of found) {
    refuseConflict(path, seen);
    seen.add(path);
  }
  return found;
}

function isNever(node: FilterNode): boolean {
  return node.kind === "never" || (node.kind === "and" && node.clauses.some(isNever));
}

/** Only what every match must have: an alternative counts when it is the only one. */
function visit(node: FilterNode, found: (path: string, value: Value) => void): void {
  switch (node.kind) {
    case "and":
      for (const clause of node.clauses) visit(clause, found);
      return;
    case "or":
      if (node.clauses.length === 1) visit(node.clauses[0] as FilterNode, found);
      return;
    case "compare":
      if (node.comparison === "eq") found(node.path, node.operand);
      return;
    case "in":
      if (
        node.regexes.length === 0 &&
        new Set(node.operands.map((each) => identityOf(each))).size === 1
      )
        found(node.path, node.operands[0] as Value);
      return;
    case "document":
      if (node.name === "$expr")
        throw new MongoError(224, "$expr is not allowed in the query predicate for an upsert");
      return;
    default:
  }
}

/** @param seen the paths that come before it in their order: what it is within is among them */
function refuseConflict(path: string, seen: ReadonlySet<string>): void {
  if (seen.has(path))
    throw new MongoError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
    const other = path.slice(0, dot);
    if (seen.has(other))
      throw new MongoError(
        54,
        `cannot infer query fields to set, both paths '${path}' and '${other}' are matched`,
      );
  }
}
