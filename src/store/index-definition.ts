/**
 * What an index is: read from `createIndex`'s arguments, checked as the server checks them.
 *
 * The definition is kept as the document that `listIndexes` shows, and compiled from it again when the store opens.
 */
import { printBson, printField } from "../bson/print.ts";
import { type Collation, collationOfOptions, readCollation } from "../query/collation.ts";
import { parseFilter } from "../query/filter.ts";
import type { FilterNode } from "../query/filter-node.ts";
import { compileMatchNode } from "../query/match.ts";
import { toDouble } from "../query/number.ts";
import { compareDocs } from "../bson/compare.ts";
import { Doc } from "../bson/doc.ts";
import { isNumber, type Value } from "../bson/value.ts";
import { MongoError, badValue } from "../kit/mongo-error.ts";
import { constantEnvironment } from "./constant-environment.ts";
import {
  compileGeoIndex,
  type GeoIndex,
  type GeoKind,
  geoKindOf,
  withGeoDefaults,
} from "./index-definition/geo.ts";
import { mustBeKeyPattern } from "./index-definition/key-pattern.ts";
import { mustBeOptions } from "./index-definition/options.ts";
import { mustBePartialFilter } from "./index-definition/partial.ts";
import {
  compileTextDefinition,
  hasSameTexts,
  mustBeTextKeys,
  mustBeWithoutCollation,
  scorePath,
  termPath,
  toTextSpec,
} from "./index-definition/text.ts";
import type { TextIndex } from "../query/text.ts";

export interface IndexField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly isDescending: boolean;
  /** Set for a field whose shapes are indexed. */
  readonly geo?: GeoKind;
  /** Set for the two parts of a text index that stand for its texts: a word, and what it counts. */
  readonly text?: "term" | "score";
}

export interface PartialFilter {
  readonly node: FilterNode;
  holds(doc: Doc): boolean;
}

export interface IndexDefinition {
  readonly name: string;
  /** As `listIndexes` shows it: `{ v, key, name, … }`. */
  readonly spec: Doc;
  readonly keyPattern: Doc;
  readonly fields: readonly IndexField[];
  readonly isUnique: boolean;
  /** Whether a key leads to one record: of a collation, different texts may have the same key. */
  readonly isDirect: boolean;
  /** Undefined for the simple one. */
  readonly collation: Collation | undefined;
  readonly isSparse: boolean;
  readonly isHashed: boolean;
  /** Set for an index of shapes. */
  readonly geo?: GeoIndex;
  /** Set for an index of words. */
  readonly text?: TextIndex;
  /** Hidden from the planner. */
  readonly isHidden: boolean;
  readonly partial?: PartialFilter;
  readonly expireAfterSeconds?: number;
}

export function idIndexSpec(collation: Collation | undefined): Doc {
  const spec = Doc.of({
    v: 2,
    key: Doc.of({ _id: 1 }),
    name: "_id_",
    ...(collation !== undefined && { collation: collation.spec }),
  });
  return Doc.fromBytes(spec.toBytes());
}

/** Compiles the document that `readIndexSpec` made. */
export function compileDefinition(spec: Doc): IndexDefinition {
  const keyPattern = spec.get("key") as Doc;
  const text = compileTextDefinition(spec);
  const fields = [...keyPattern.entries()].map(([path, direction]) => {
    const kind = geoKindOf(direction);
    const part = text === undefined ? undefined : textPartOf(path);
    return {
      path,
      parts: path.split("."),
      isDescending: isNumber(direction) && toDouble(direction) < 0,
      ...(kind !== undefined && { geo: kind }),
      ...(part !== undefined && { text: part }),
    };
  });
  const geo = compileGeoIndex(spec);
  // That of `_id` is unique without saying so.
  const isUnique = spec.get("unique") === true || isIdPattern(keyPattern);
  const collation = collationOfOptions(spec);
  const partialFilter = spec.get("partialFilterExpression");
  const expire = spec.get("expireAfterSeconds");
  return {
    name: spec.get("name") as string,
    spec,
    keyPattern,
    fields,
    isUnique,
    isDirect: isUnique && collation === undefined,
    collation,
    isSparse: isOn(spec.get("sparse")),
    isHashed: keyPattern.values().includes("hashed"),
    ...(geo !== undefined && { geo }),
    ...(text !== undefined && { text }),
    isHidden: isOn(spec.get("hidden")),
    ...(partialFilter instanceof Doc && { partial: compilePartial(partialFilter, collation) }),
    ...(isNumber(expire) && { expireAfterSeconds: Math.trunc(toDouble(expire)) }),
  };
}

function textPartOf(path: string): IndexField["text"] {
  if (path === termPath) return "term";
  return path === scorePath ? "score" : undefined;
}

function compilePartial(filter: Doc, collation: Collation | undefined): PartialFilter {
  const environment = { ...constantEnvironment, collation };
  const node = parseFilter(filter, environment);
  const match = compileMatchNode(node, environment);
  return { node, holds: (doc) => match.matches(doc) };
}

function isOn(value: Value | undefined): boolean {
  return value === true || (isNumber(value) && toDouble(value) !== 0);
}

export function isIdPattern(keyPattern: Doc): boolean {
  return keyPattern.size === 1 && keyPattern.keys()[0] === "_id" && isNumber(keyPattern.valueAt(0));
}

/** The name that drivers give: `a_1_b_-1`. */
export function nameOfKeys(keys: Doc): string {
  return [...keys.entries()]
    .map(
      ([path, direction]) =>
        `${path}_${isNumber(direction) ? toDouble(direction) : (direction as string)}`,
    )
    .join("_");
}

/**
 * Reads and checks the arguments of `createIndex`.
 *
 * @returns the document that `listIndexes` shows
 * @throws {MongoError} 67 `CannotCreateIndex`, 197 `InvalidIndexSpecificationOption`, 14 and 2, in the server's words
 */
export function readIndexSpec(keys: Doc, options: Doc, defaultCollation?: Collation): Doc {
  const name = options.get("name") ?? nameOfKeys(keys);
  const rest = [...options.entries()].filter(([option]) => option !== "name" && option !== "v");
  const asked = Doc.fromEntries([["key", keys], ["name", name], ...rest]);
  const fail = (code: number, message: string): MongoError =>
    new MongoError(code, `Error in specification ${printBson(asked)} :: caused by :: ${message}`);
  if (typeof name !== "string")
    throw fail(14, `The field 'name' must be a string, but got ${nameOfType(name)}`);
  mustBeKeyPattern(keys, isOn(options.get("unique")), fail);
  if (name === "") throw fail(67, "index name cannot be empty");
  if (name === "*") throw badValue("The index name '*' is not valid.");
  if (name === "_id_" && !isIdPattern(keys))
    throw badValue(
      `The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found key: ${printBson(keys)}`,
    );
  mustBeTextKeys(keys, asked);
  mustBeOptions(asked, options, fail);
  const partial = options.get("partialFilterExpression");
  if (partial !== undefined) mustBePartialFilter(partial, options, fail);
  if (keys.keys().includes("_id") && keys.size === 1) mustBeIdSpec(asked);
  const kept = rest.filter(([option]) => option !== "collation").map(normalise);
  const own = options.get("collation");
  const collation = own instanceof Doc ? readCollation(own, "collation") : defaultCollation;
  mustBeWithoutCollation(asked, collation?.spec);
  const stored = toTextSpec(keys, kept);
  return Doc.fromEntries([
    ["v", options.get("v") ?? 2],
    ["key", stored.keys],
    ["name", name],
    ...withGeoDefaults(keys, stored.options),
    ...(collation === undefined ? [] : [["collation", collation.spec] as [string, Value]]),
  ]);
}

function nameOfType(value: Value): string {
  return isNumber(value) && typeof value === "number" ? "int" : typeof value;
}

/** `unique` and `sparse` are kept as booleans, whatever number they came as. */
function normalise([option, value]: [string, Value]): [string, Value] {
  const isFlag = option === "unique" || option === "sparse" || option === "hidden";
  return isFlag && isNumber(value) ? [option, toDouble(value) !== 0] : [option, value];
}

const idOptions: ReadonlySet<string> = new Set(["key", "name", "v", "ns", "collation"]);

function mustBeIdSpec(asked: Doc): void {
  const stray = asked.keys().find((each) => !idOptions.has(each));
  if (stray === undefined) return;
  throw new MongoError(
    197,
    `The field '${stray}' is not valid for an _id index specification. Specification: ${printBson(asked.with("v", 2))}`,
  );
}

/**
 * Compares a wanted index with one that is there.
 *
 * @returns whether it is the same one; false when the two can stand side by side
 * @throws {MongoError} 85 `IndexOptionsConflict` or 86 `IndexKeySpecsConflict`
 */
export function isSameIndex(wanted: IndexDefinition, present: IndexDefinition): boolean {
  const isSameKey = isSameKeyPattern(wanted.keyPattern, present.keyPattern);
  const isSameIdentity = isSameKey && isSameUniqueness(wanted, present);
  if (wanted.name === present.name) {
    const isSame =
      wanted.expireAfterSeconds === present.expireAfterSeconds &&
      hasSameTexts(wanted.spec, present.spec);
    if (isSameIdentity && isSame) return true;
    const both = `Requested index: ${describeSpec(wanted)}, existing index: ${describeSpec(present)}`;
    if (isSameIdentity)
      throw new MongoError(
        85,
        `An equivalent index already exists with the same name but different options. ${both}`,
      );
    throw new MongoError(
      86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${both}`,
    );
  }
  if (isSameIdentity && isIdPattern(wanted.keyPattern)) return true;
  if (isSameIdentity && !hasSameTexts(wanted.spec, present.spec))
    throw new MongoError(
      85,
      `An equivalent index already exists with a different name and options. Requested index: ${describeSpec(wanted)}, existing index: ${describeSpec(present)}`,
    );
  if (isSameIdentity)
    throw new MongoError(85, `Index already exists with a different name: ${present.name}`);
  return false;
}

function isSameKeyPattern(left: Doc, right: Doc): boolean {
  return compareDocs(left, right) === 0;
}

/** What tells two indexes on the same keys apart. */
function isSameUniqueness(left: IndexDefinition, right: IndexDefinition): boolean {
  if (left.isUnique !== right.isUnique || left.isSparse !== right.isSparse) return false;
  if (left.collation?.name !== right.collation?.name) return false;
  const [a, b] = [left, right].map((each) => each.spec.get("partialFilterExpression"));
  if (!(a instanceof Doc) || !(b instanceof Doc)) return a === b;
  return compareDocs(a, b) === 0;
}

/** In the order in which the server prints a specification. */
function describeSpec({ spec }: IndexDefinition): string {
  const first = ["v", "unique", "key", "name"];
  const parts = first.flatMap((key) => {
    const value = spec.get(key);
    return value === undefined || value === false ? [] : [printField(key, value)];
  });
  const rest = [...spec.entries()]
    .filter(([key, value]) => !first.includes(key) && value !== false)
    .map(([key, value]) => printField(key, value));
  return `{ ${[...parts, ...rest].join(", ")} }`;
}

/** @throws {MongoError} 2 for an index on `_id` of another collation than the collection's */
export function mustBeIdCollation(spec: Doc, collation: Collation | undefined): void {
  if (!isIdPattern(spec.get("key") as Doc)) return;
  const own = spec.get("collation") as Doc | undefined;
  if (
    own === undefined
      ? collation === undefined
      : collation !== undefined && compareDocs(collation.spec, own) === 0
  )
    return;
  const simple = Doc.of({ locale: "simple" });
  throw badValue(
    `The _id index must have the same collation as the collection. Index collation: ${printBson(own ?? simple)}, collection collation: ${printBson(collation?.spec ?? simple)}`,
  );
}

/** @throws {MongoError} 2 for an index on `_id` in any other direction than up */
export function mustBeIdKey(keys: Doc): void {
  if (!isIdPattern(keys)) return;
  const direction = keys.valueAt(0);
  if (!isNumber(direction) || toDouble(direction) !== 1)
    throw badValue(`The field 'key' for an _id index must be {_id: 1}, but got ${printBson(keys)}`);
}
