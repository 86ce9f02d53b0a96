/** Random roles, and what of a document each shows, by the figures of the original's documentation. */
import { Doc } from "../../src/bson/doc.ts";
import { isArray, type Value } from "../../src/bson/value.ts";
import type { Random } from "../differential/random.ts";
import { type Asker, type Expression, holds, randomExpression, write } from "./expression.ts";

export interface ReadWrite {
  readonly read?: Expression | undefined;
  readonly write?: Expression | undefined;
}

export interface Field extends ReadWrite {
  readonly fields?: ReadonlyMap<string, Field> | undefined;
}

export interface Role extends Field {
  readonly applyWhen: Expression;
  readonly documentFilters?: ReadWrite | undefined;
  readonly additional?: ReadWrite | undefined;
  readonly insert?: Expression | undefined;
  readonly delete?: Expression | undefined;
}

/** How often permissions to write are given. */
export interface Generosity {
  readonly toWrite: number;
  readonly toWriteFields: number;
}

/** Roles that mostly read. */
const reading: Generosity = { toWrite: 0.3, toWriteFields: 0.15 };
/** Roles of which some writes come through. */
export const writing: Generosity = { toWrite: 0.9, toWriteFields: 0.9 };

/** A filter of the rules. */
export interface RuleFilter {
  readonly applyWhen: boolean;
  readonly query: Expression;
}

export interface Rules {
  readonly roles: readonly Role[];
  readonly filters: readonly RuleFilter[];
}

export function randomRules(random: Random, generosity = reading): Rules {
  const count = random.pick([1, 1, 2, 3]);
  return {
    roles: Array.from({ length: count }, () => randomRole(random, generosity)),
    filters: random.chance(0.2)
      ? [{ applyWhen: random.chance(0.7), query: randomExpression(random, 1) }]
      : [],
  };
}

function randomRole(random: Random, generosity: Generosity): Role {
  const byFields = random.chance(0.5);
  const maybe = (probability: number): Expression | undefined =>
    random.chance(probability) ? randomExpression(random, 1) : undefined;
  const pair = (): ReadWrite => ({
    read: maybe(0.8),
    write: random.chance(generosity.toWrite) ? randomExpression(random, 0) : undefined,
  });
  return {
    applyWhen: random.chance(0.5) ? { kind: "constant", value: true } : randomExpression(random, 1),
    documentFilters: random.chance(0.4) ? pair() : undefined,
    read: byFields || random.chance(0.2) ? undefined : randomExpression(random, 1),
    write: maybe(byFields ? 0.15 : generosity.toWrite),
    fields: byFields
      ? randomFields(random, ["_id", "a", "b", "l", "s", "owner"], { depth: 1, generosity })
      : undefined,
    additional: random.chance(0.5) ? pair() : undefined,
    insert: maybe(0.1),
    delete: maybe(0.1),
  };
}

const inner: ReadonlyMap<string, readonly string[]> = new Map([
  ["b", ["c", "d"]],
  ["s", ["p", "q"]],
]);

function randomFields(
  random: Random,
  names: readonly string[],
  { depth, generosity }: { readonly depth: number; readonly generosity: Generosity },
): ReadonlyMap<string, Field> {
  const chosen = names.filter((name) => name === "_id" || random.chance(0.6));
  return new Map(
    chosen.map((name): [string, Field] => {
      const below = inner.get(name);
      const isInner = below !== undefined && depth > 0 && random.chance(0.5);
      return [
        name,
        {
          read: random.chance(isInner ? 0.3 : 0.85) ? randomExpression(random, 0, true) : undefined,
          write: random.chance(generosity.toWriteFields)
            ? randomExpression(random, 0, true)
            : undefined,
          fields: isInner
            ? randomFields(random, below, { depth: depth - 1, generosity })
            : undefined,
        },
      ];
    }),
  );
}

type Json = Record<string, unknown>;

/** As `rules.json` holds them. */
export function writeRules({ roles, filters }: Rules): Json {
  return {
    roles: roles.map((role, index) => ({
      name: `role${index}`,
      apply_when: write(role.applyWhen),
      ...(role.documentFilters && { document_filters: writePair(role.documentFilters) }),
      ...writePair(role),
      ...(role.fields && { fields: writeFields(role.fields) }),
      ...(role.additional && { additional_fields: writePair(role.additional) }),
      ...(role.insert && { insert: write(role.insert) }),
      ...(role.delete && { delete: write(role.delete) }),
    })),
    filters: filters.map(({ applyWhen, query }, index) => ({
      name: `filter${index}`,
      apply_when: applyWhen,
      query: query.kind === "constant" ? { _id: { $exists: query.value } } : write(query),
    })),
  };
}

function writePair(pair: ReadWrite): Json {
  return {
    ...(pair.read && { read: write(pair.read) }),
    ...(pair.write && { write: write(pair.write) }),
  };
}

function writeFields(fields: ReadonlyMap<string, Field>): Json {
  return Object.fromEntries(
    [...fields].map(([name, field]) => [
      name,
      { ...writePair(field), ...(field.fields && { fields: writeFields(field.fields) }) },
    ]),
  );
}

/** The document as a user sees it; undefined where they do not. */
export function show(doc: Doc, { roles, filters }: Rules, asker: Asker): Doc | undefined {
  for (const { applyWhen, query } of filters)
    if (applyWhen && !holds(query, doc, asker)) return undefined;
  const role = roles.find((each) => holds(each.applyWhen, doc, asker));
  if (role === undefined) return undefined;
  const { documentFilters, read } = role;
  const isFiltered = documentFilters?.read !== undefined || documentFilters?.write !== undefined;
  if (isFiltered && !mayRead(documentFilters, doc, asker)) return undefined;
  if (mayRead(role, doc, asker)) return doc;
  return read === undefined ? showFields(doc, doc, role.fields, role.additional, asker) : undefined;
}

/** Who may write may read. */
function mayRead({ read, write: writes }: ReadWrite, doc: Doc, asker: Asker, own?: Value): boolean {
  return [read, writes].some((each) => each !== undefined && holds(each, doc, asker, own));
}

/** @returns undefined where nothing is left */
function showFields(
  part: Doc,
  root: Doc,
  fields: ReadonlyMap<string, Field> | undefined,
  others: ReadWrite | undefined,
  asker: Asker,
): Doc | undefined {
  const shown: [string, Value][] = [];
  for (const [name, value] of part.entries()) {
    const field: Field = fields?.get(name) ?? others ?? {};
    const seen = mayRead(field, root, asker, value)
      ? value
      : field.fields && showPart(value, root, field.fields, asker);
    if (seen !== undefined) shown.push([name, seen]);
  }
  return shown.length === 0 ? undefined : Doc.fromEntries(shown);
}

/** Of a list those elements of which something is left. */
function showPart(
  value: Value,
  root: Doc,
  fields: ReadonlyMap<string, Field>,
  asker: Asker,
): Value | undefined {
  if (value instanceof Doc) return showFields(value, root, fields, undefined, asker);
  if (!isArray(value)) return undefined;
  const kept = value
    .map((each) => showPart(each, root, fields, asker))
    .filter((each) => each !== undefined);
  return kept.length === 0 ? undefined : kept;
}
