/** What the fields of a sample hold: types and their shares, examples, ranges and lengths. */
import { compare, identityOf } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import {
  DateTime,
  Double,
  isArray,
  isNumber,
  toInteger,
  typeName,
  type Value,
} from "../../bson/value.ts";

export interface Analysis {
  add(document: Doc): void;
  /** `{ sampled, fields: [{ path, count, types, distinct?, values?, least?, greatest?, lengths? }], isCut }` */
  describe(): Doc;
}

/** Documents may use values as names of fields. */
const fieldsMax = 500;
const depthMax = 8;
const itemsMax = 50;
/** Different values of a field that are told apart. */
const distinctMax = 300;
const examplesMax = 8;
const exampleCharsMax = 120;

interface Seen {
  /** Of documents, or of elements for what is within an array. */
  count: number;
  readonly types: Map<string, number>;
  readonly values: Map<string | number, { readonly value: Value; count: number }>;
  least: Value | undefined;
  greatest: Value | undefined;
  readonly lengths: { least: number; greatest: number; sum: number; count: number };
}

export function createAnalysis(): Analysis {
  const fields = new Map<string, Seen>();
  let sampled = 0;
  let isCut = false;

  function seenAt(path: string): Seen | undefined {
    const known = fields.get(path);
    if (known !== undefined) return known;
    if (fields.size >= fieldsMax) {
      isCut = true;
      return undefined;
    }
    const made: Seen = {
      count: 0,
      types: new Map(),
      values: new Map(),
      least: undefined,
      greatest: undefined,
      lengths: { least: Number.POSITIVE_INFINITY, greatest: 0, sum: 0, count: 0 },
    };
    fields.set(path, made);
    return made;
  }

  function visit(value: Value, path: string, depth: number): void {
    const seen = seenAt(path);
    if (seen === undefined) return;
    note(seen, value);
    if (depth >= depthMax) return;
    if (isArray(value))
      for (const each of value.slice(0, itemsMax)) visit(each, `${path}[]`, depth + 1);
    else if (value instanceof Doc)
      for (const [name, member] of value.entries()) visit(member, `${path}.${name}`, depth + 1);
  }

  return {
    add(document) {
      sampled += 1;
      for (const [name, value] of document.entries()) visit(value, name, 1);
    },
    describe: () =>
      Doc.of({
        sampled,
        fields: [...fields].map(([path, seen]) => describeField(path, seen)),
        isCut,
      }),
  };
}

function note(seen: Seen, value: Value): void {
  seen.count += 1;
  const type = typeName(value);
  seen.types.set(type, (seen.types.get(type) ?? 0) + 1);
  const length = lengthOf(value);
  if (length !== undefined) {
    const { lengths } = seen;
    lengths.least = Math.min(lengths.least, length);
    lengths.greatest = Math.max(lengths.greatest, length);
    lengths.sum += length;
    lengths.count += 1;
  }
  if (isArray(value) || value instanceof Doc) return;
  if (isNumber(value) || value instanceof DateTime) {
    if (seen.least === undefined || compare(value, seen.least) < 0) seen.least = value;
    if (seen.greatest === undefined || compare(value, seen.greatest) > 0) seen.greatest = value;
  }
  const short = typeof value === "string" ? value.slice(0, exampleCharsMax) : value;
  const identity = identityOf(short);
  const known = seen.values.get(identity);
  if (known !== undefined) known.count += 1;
  else if (seen.values.size < distinctMax) seen.values.set(identity, { value: short, count: 1 });
}

/** Of what has one. */
function lengthOf(value: Value): number | undefined {
  if (typeof value === "string" || isArray(value)) return value.length;
  return undefined;
}

const byCount = (left: { count: number }, right: { count: number }): number =>
  right.count - left.count;

function describeField(path: string, seen: Seen): Doc {
  const { count, types, values, least, greatest, lengths } = seen;
  const examples = [...values.values()].toSorted(byCount).slice(0, examplesMax);
  return Doc.of({
    path,
    count: toInteger(count),
    types: [...types]
      .map(([type, each]) => ({ type, count: each }))
      .toSorted(byCount)
      .map((each) => Doc.of({ type: each.type, count: toInteger(each.count) })),
    distinct: toInteger(values.size),
    values: examples.map((each) => Doc.of({ value: each.value, count: toInteger(each.count) })),
    ...(least !== undefined && { least }),
    ...(greatest !== undefined && { greatest }),
    ...(lengths.count > 0 && {
      lengths: Doc.of({
        least: toInteger(lengths.least),
        greatest: toInteger(lengths.greatest),
        mean: new Double(lengths.sum / lengths.count),
      }),
    }),
  });
}
