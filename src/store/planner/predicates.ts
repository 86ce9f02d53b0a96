/**
 * What a filter says about single paths: the part of it that an index can answer.
 *
 * Each predicate's intervals hold every key of a document that it matches, and perhaps others: the filter is always
 * tested on the document as well.
 */
import { printBson } from "../../bson/print.ts";
import { type Collation, foldValue, holdsText } from "../../query/collation.ts";
import type { FilterNode } from "../../query/filter-node.ts";
import { compare, rankOf } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { Double, isArray, isNumber, type Regex, Undefined, type Value } from "../../bson/value.ts";
import { toDouble } from "../../query/number.ts";
import {
  all,
  beginningWith,
  beside,
  intersect,
  type Interval,
  type Intervals,
  ofRank,
  point,
  successor,
  partOf,
  union,
} from "./intervals.ts";
import type { GeoNode } from "./geo-intervals.ts";
import { prefixOf } from "./regex-prefix.ts";

export interface Predicate {
  readonly path: string;
  readonly intervals: Intervals;
  /** Whether a key within the intervals is enough, in an index without arrays. */
  readonly isExact: boolean;
  /** The `$elemMatch` that it stands in: predicates of one hold for the same element. */
  readonly group: number | undefined;
  /** Whether it matches no document that lacks the field. */
  readonly needsField: boolean;
  /** Set for a condition on shapes: only an index of shapes has intervals for it. */
  readonly geo?: GeoNode;
  /** Set where a hint forces an index although it lacks documents. */
  readonly isForced?: boolean;
}

/**
 * What an index knows of texts: `plain`: itself the keys, in order; `unknown`: nothing, since it has another collation
 * than the query; or the collation of both, by which keys hold folds.
 */
export type Texts = "plain" | "unknown" | Collation;

/** The predicates that all have to hold; what no index can answer is left out. */
export function predicatesOf(
  node: FilterNode,
  texts: Texts = "plain",
): {
  readonly predicates: readonly Predicate[];
  /** Whether nothing was left out. */
  readonly isWhole: boolean;
} {
  const found: Predicate[] = [];
  let groups = 0;
  let isWhole = true;
  const gather = (each: FilterNode, prefix: string, group: number | undefined): void => {
    switch (each.kind) {
      case "always":
        return;
      case "and":
        for (const clause of each.clauses) gather(clause, prefix, group);
        return;
      case "elemMatchObject":
        isWhole = false;
        groups += 1;
        gather(each.clause, `${prefix}${each.path}.`, groups);
        return;
      case "elemMatchValue":
        isWhole = false;
        groups += 1;
        found.push(elementPredicate(each.clause, prefix + each.path, groups, texts));
        return;
      case "geo":
        isWhole = false;
        found.push({
          path: prefix + each.path,
          intervals: all,
          isExact: false,
          group,
          needsField: true,
          geo: each,
        });
        return;
      default: {
        const leaf = leafOf(each, texts);
        if (leaf === undefined || !leaf.isExact) isWhole = false;
        if (leaf !== undefined && "path" in each)
          found.push(predicateOf(leaf, prefix + each.path, group));
      }
    }
  };
  gather(node, "", undefined);
  return { predicates: found, isWhole };
}

interface Leaf extends Pick<Predicate, "intervals" | "isExact" | "needsField"> {
  /** Whether `intervals` is worked out when it is asked for, which must not be before an index has the path. */
  readonly isLazy?: boolean;
}

function predicateOf(leaf: Leaf, path: string, group: number | undefined): Predicate {
  const { isExact, needsField } = leaf;
  if (leaf.isLazy !== true) return { ...leaf, path, group };
  return {
    path,
    group,
    isExact,
    needsField,
    get intervals() {
      return leaf.intervals;
    },
  };
}

/** `$elemMatch` with operators: they all hold for one element, so their intervals may be cut with each other. */
function elementPredicate(
  clause: FilterNode,
  path: string,
  group: number,
  texts: Texts,
): Predicate {
  const clauses = clause.kind === "and" ? clause.clauses : [clause];
  const leaves = clauses.flatMap((each) => leafOf(each, texts) ?? []);
  const intervals = leaves.reduce<Intervals>(
    (left, { intervals: right }) => intersect(left, right),
    all,
  );
  return { path, intervals, isExact: false, group, needsField: true };
}

function leafOf(node: FilterNode, texts: Texts): Leaf | undefined {
  if (texts === "plain" || !isAboutText(node)) return plainLeaf(node);
  if (texts === "unknown") return undefined;
  if (node.kind === "compare" && node.comparison === "eq")
    return inexact(equalLeaf(foldValue(node.operand, texts)));
  if (node.kind === "in" && node.regexes.length === 0)
    return inexact(
      inLeaf(
        node.operands.map((each) => foldValue(each, texts)),
        [],
      ),
    );
  return undefined;
}

function inexact(leaf: Leaf): Leaf {
  return { ...leaf, isExact: false };
}

function isAboutText(node: FilterNode): boolean {
  switch (node.kind) {
    case "compare":
      return holdsText(node.operand);
    case "in":
      return node.regexes.length > 0 || node.operands.some(holdsText);
    default:
      return node.kind === "regex";
  }
}

function plainLeaf(node: FilterNode): Leaf | undefined {
  switch (node.kind) {
    case "compare":
      return compareLeaf(node.comparison, node.operand);
    case "in":
      return inLeaf(node.operands, node.regexes);
    case "regex":
      return { intervals: union(regexIntervals(node.regex)), isExact: false, needsField: true };
    case "exists":
      return node.exists
        ? { intervals: all, isExact: false, needsField: true }
        : { intervals: nullIntervals, isExact: false, needsField: false };
    default:
      return undefined;
  }
}

const nullIntervals: Intervals = union([point(Undefined, "undefined"), point(null, "null")]);
const notANumber = partOf(new Double(Number.NaN));

/** Ranks of values that compare only with their own kind, and whose order is that of the key strings. */
const scalarRanks: ReadonlySet<number> = new Set([10, 15, 30, 35, 40, 45, 47]);

function compareLeaf(
  comparison: "eq" | "gt" | "gte" | "lt" | "lte",
  operand: Value,
): Leaf | undefined {
  if (comparison === "eq") return equalLeaf(operand);
  const rank = rankOf(operand);
  // Above or below MinKey, null, an array …: not one stretch of keys.
  if (!scalarRanks.has(rank) && !(operand instanceof Doc)) return undefined;
  if (isNumber(operand) && Number.isNaN(toDouble(operand))) {
    const isPoint = comparison === "gte" || comparison === "lte";
    return { intervals: isPoint ? [point(operand, "nan")] : [], isExact: true, needsField: true };
  }
  const beyond = beside(operand, comparison, sideText(comparison, printBson(operand), rank));
  // NaN is the least number for sorting, but below none for a filter.
  const low = rank === 10 && beyond.low.length === 1 ? successor(notANumber) : beyond.low;
  return { intervals: [{ ...beyond, low }], isExact: scalarRanks.has(rank), needsField: true };
}

function sideText(comparison: "gt" | "gte" | "lt" | "lte", text: string, rank: number): string {
  const [least, most] = edgeTexts.get(rank) ?? ["{}", "[]"];
  switch (comparison) {
    case "gt":
      return `(${text}, ${most}]`;
    case "gte":
      return `[${text}, ${most}]`;
    case "lt":
      return `[${least}, ${text})`;
    case "lte":
      return `[${least}, ${text}]`;
  }
}

/** How the server writes the ends of a type's values. */
const edgeTexts: ReadonlyMap<number, readonly [string, string]> = new Map([
  [10, ["-inf.0", "inf.0"]],
  [15, ['""', "{}"]],
  [30, ["BinData(0, )", "ObjectId('000000000000000000000000')"]],
  [35, ["ObjectId('000000000000000000000000')", "ObjectId('ffffffffffffffffffffffff')"]],
  [40, ["false", "true"]],
  [45, ["new Date(-9223372036854775808)", "new Date(9223372036854775807)"]],
  [47, ["Timestamp(0, 0)", "Timestamp(4294967295, 4294967295)"]],
]);

function equalLeaf(operand: Value): Leaf {
  if (operand === null || operand === Undefined)
    return { intervals: nullIntervals, isExact: false, needsField: false };
  if (isArray(operand)) {
    // The index holds the elements; a whole array is a key only where it is an element itself.
    const first = operand[0] ?? Undefined;
    const parts = [point(operand, printBson(operand)), point(first, printBson(first))];
    return { intervals: union(parts), isExact: false, needsField: true };
  }
  const intervals = [point(operand, printBson(operand))];
  return { intervals, isExact: true, needsField: true };
}

/** Operands from which on nothing is made of them before an index asks. */
const manyOperands = 64;
/** Operands above which an index is asked for all that lies between the least and the greatest. */
const pointsMax = 2000;

function inLeaf(operands: readonly Value[], regexes: readonly Regex[]): Leaf {
  if (regexes.length > 0 || operands.length < manyOperands || operands.some(isArray))
    return pointsLeaf(operands, regexes);
  const isExact = !operands.some((each) => each === null || each === Undefined);
  let intervals: Intervals | undefined;
  return {
    isLazy: true,
    isExact: isExact && operands.length <= pointsMax,
    needsField: isExact,
    get intervals() {
      intervals ??=
        operands.length > pointsMax ? [hullOf(operands)] : pointsLeaf(operands, regexes).intervals;
      return intervals;
    },
  };
}

function pointsLeaf(operands: readonly Value[], regexes: readonly Regex[]): Leaf {
  const equals = operands.map((each) => equalLeaf(each));
  const parts = [
    ...equals.flatMap((each) => each.intervals),
    ...regexes.flatMap((each) => regexIntervals(each)),
  ];
  return {
    intervals: union(parts),
    isExact: regexes.length === 0 && equals.every((each) => each.isExact),
    needsField: equals.every((each) => each.needsField),
  };
}

function hullOf(operands: readonly Value[]): Interval {
  let least: Value = operands[0] ?? Undefined;
  let most: Value = least;
  for (const operand of operands) {
    if (compare(operand, least) < 0) least = operand;
    if (compare(operand, most) > 0) most = operand;
  }
  // A missing field is undefined in an index, and matches null.
  if (least === null) least = Undefined;
  const text = `[${printBson(least)}, ${printBson(most)}]`;
  return { low: partOf(least), high: successor(partOf(most)), isPoint: false, text };
}

const textRank = 15;

/** A pattern matches texts, and the regex value that is written the same. */
function regexIntervals(regex: Regex): readonly Interval[] {
  const prefix = prefixOf(regex);
  const shown = printBson(regex);
  const texts =
    prefix === "" ? ofRank(textRank, '["", {})') : beginningWith(prefix, prefixText(prefix));
  return [texts, point(regex, shown)];
}

function prefixText(prefix: string): string {
  const next = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  return `["${prefix}", "${next}")`;
}
