/**
 * Differences that are meant to be there, each with its reason. Keep this list short.
 *
 * To add one: what must hold for a difference to be this one, as narrow as it can be.
 */
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import { isArray, Undefined, type Value } from "../../src/bson/value.ts";
import type { Call, Case, Outcome } from "./case.ts";
import type { Difference } from "./compare.ts";
import { createCoverage } from "./coverage.ts";
import { equalAsBags, equalButOrder, nearlyEqual } from "./nearly.ts";

export interface Known {
  readonly reason: string;
  matches(
    difference: Difference,
    ours: Outcome,
    theirs: Outcome,
    names: ReadonlySet<string>,
    call: Call,
  ): boolean;
}

/** Failures whose wording clients depend on; the wording of all others is compared, and only reported. */
export const wordingMatters: ReadonlySet<number> = new Set([2, 9, 14, 28, 40, 66, 11_000]);

const transcendental: ReadonlySet<string> = new Set([
  "$acos",
  "$acosh",
  "$asin",
  "$asinh",
  "$atan",
  "$atan2",
  "$atanh",
  "$cos",
  "$cosh",
  "$degreesToRadians",
  "$exp",
  "$ln",
  "$log",
  "$log10",
  "$pow",
  "$radiansToDegrees",
  "$sin",
  "$sinh",
  "$sqrt",
  "$tan",
  "$tanh",
]);

const samePairs: readonly (readonly [number, number])[] = [[17_310, 17_046]];

/** Broad, and therefore bounded: the test says how often it may be the answer. */
export const severalFaults =
  "of several stages that fail the server tells another one, by the order in which it optimizes and runs them";

/** Broad, and therefore bounded, too. */
export const unneeded =
  "the server leaves out what no later stage needs, and so does not fail on it";

const known: readonly Known[] = [
  {
    reason: "the last digits of transcendental functions depend on the mathematical library",
    matches: (_difference, ours, theirs, names) =>
      [...names].some((each) => transcendental.has(each)) &&
      eachHasItsLike(ours, theirs, nearlyEqual),
  },
  {
    reason: "what a function of a function's last digits gives may be anything",
    matches: (_difference, _ours, _theirs, names) =>
      [...names].filter((each) => transcendental.has(each)).length > 1,
  },
  {
    reason: "$setIsSubset has two codes for one failure, depending on how it was optimized",
    matches: (_difference, ours, theirs) =>
      ours.kind === "failure" &&
      theirs.kind === "failure" &&
      samePairs.some((pair) => pair.includes(ours.code) && pair.includes(theirs.code)),
  },
  {
    reason: "a field that was taken away comes back in its old place if it is set at once",
    matches: (_difference, ours, theirs, names) =>
      ["$setField", "$unset", "$unwind"].some((each) => names.has(each)) &&
      eachHasItsLike(ours, theirs, equalButOrder),
  },
  {
    reason: "the server fails on what it itself makes of an empty $in or $all",
    matches: (_difference, ours, theirs, names) =>
      theirs.kind === "failure" &&
      (theirs.message.endsWith("unknown operator: $alwaysFalse") ||
        (ours.kind === "documents" &&
          (names.has("$all") || names.has("$in")) &&
          theirs.message.startsWith("Cannot use an expression without a top-level field name"))),
  },
  {
    reason:
      "the server moves a $sort before other stages, or leaves it out, and fails on other documents",
    matches: (_difference, ours, theirs, names) =>
      names.has("$sort") &&
      [ours, theirs].some(
        (each) =>
          each.kind === "failure" &&
          each.message.endsWith("cannot sort with keys that are parallel arrays"),
      ),
  },
  {
    reason: "the server moves a $match before other stages, which then fail on fewer documents",
    matches: (_difference, ours, theirs, _names, call) =>
      ours.kind === "failure" &&
      theirs.kind !== "failure" &&
      (call.verb === "aggregate" || call.verb === "write") &&
      call.pipeline.slice(1).some((each) => each instanceof Doc && each.has("$match")),
  },
  {
    reason:
      "the collection that $out fills before it takes the other's place has a name of its own",
    matches: (difference, _ours, theirs, names) =>
      difference === "wording" &&
      names.has("$out") &&
      theirs.kind === "failure" &&
      theirs.message.includes(".tmp.agg_out."),
  },
  {
    reason: "the server tears characters apart where $replaceAll looks for an empty text",
    matches: (_difference, ours, theirs, names) =>
      names.has("$replaceAll") && theirs.kind === "documents" && ours.kind === "documents",
  },
  {
    reason:
      "the server does not optimize the pipelines of updates, so that all of their parts are computed",
    matches: (_difference, ours, theirs, names, call) =>
      theirs.kind === "failure" &&
      (call.verb === "update" ? !(call.update instanceof Doc) : names.has("$merge")) &&
      (ours.kind === "failure" ||
        ["$or", "$and", "$cond", "$switch", "$ifNull"].some((each) => names.has(each))),
  },
  {
    reason: "$sortArray may change the order of elements that are equal for it",
    matches: (_difference, ours, theirs, names) =>
      names.has("$sortArray") && eachHasItsLike(ours, theirs, equalAsBags),
  },
  {
    reason: "the server fails on $$ROOT as the partition of a window",
    matches: (_difference, _ours, theirs) =>
      theirs.kind === "failure" &&
      theirs.message.endsWith("FieldPath::tail() called on single element path"),
  },
  {
    reason: "what $rename says of the document shows what other operators have done to it by then",
    matches: (difference, _ours, _theirs, names) =>
      difference === "wording" && names.has("$rename"),
  },
  {
    reason: "$top and its kin fail where a sort key is a document with numbers for names",
    matches: (_difference, _ours, theirs) =>
      theirs.kind === "failure" && theirs.message.includes("Ambiguous field name found in array"),
  },
  {
    reason: "%j in $dateFromString came with a later server",
    matches: (_difference, _ours, theirs) =>
      theirs.kind === "failure" &&
      theirs.message.endsWith("Invalid format character '%j' in format string"),
  },
  {
    reason: "the bytes of values that print alike: a decimal's zeros, a NaN",
    matches: (_difference, ours, theirs) =>
      ours.kind === "documents" &&
      theirs.kind === "documents" &&
      ours.documents.map((each) => toText(each, "canonical")).join() ===
        theirs.documents.map((each) => toText(each, "canonical")).join(),
  },
  {
    reason: "a $graphLookup's cache does not find again what an array within an array led to",
    matches: (_difference, ours, theirs, names) =>
      names.has("$graphLookup") && eachHasItsLike(ours, theirs, equalButFoundFewer),
  },
  {
    reason: severalFaults,
    matches: (difference, ours, theirs, _names, call) =>
      difference === "code" &&
      ours.kind === "failure" &&
      theirs.kind === "failure" &&
      (call.verb === "aggregate" || call.verb === "write") &&
      call.pipeline.length > 1,
  },
  {
    reason: unneeded,
    matches: (_difference, ours, theirs, names, call) =>
      (ours.kind === "failure") !== (theirs.kind === "failure") &&
      (call.verb === "aggregate" || names.has("$expr")),
  },
  {
    reason: "a literal undefined of a command arrives as null, as the drivers send it",
    matches: (_difference, _ours, _theirs, _names, call) => Object.values(call).some(hasUndefined),
  },
  {
    reason:
      "the order among equals: of joined documents, of windows, and of groups sorted by an array",
    matches: (_difference, ours, theirs, names) =>
      ["$group", "$sortByCount", "$bucket", "$lookup", "$graphLookup", "$setWindowFields"].some(
        (each) => names.has(each),
      ) && eachHasItsLike(ours, theirs, equalAsBags),
  },
  {
    reason: "the server reads the name of a time zone up to a NUL",
    matches: (_difference, ours, theirs) =>
      ours.kind === "failure" && ours.code === 40_485 && theirs.kind === "documents",
  },
];

export function findKnown(
  difference: Difference,
  ours: Outcome,
  theirs: Outcome,
  run: Case,
): Known | undefined {
  const names = namesIn(Object.values(run.call));
  return known.find((each) => each.matches(difference, ours, theirs, names, run.call));
}

/** Whether the documents of one side can be paired with those of the other. */
function eachHasItsLike(
  ours: Outcome,
  theirs: Outcome,
  isLike: (left: Doc, right: Doc) => boolean,
): boolean {
  if (ours.kind === "failure" || theirs.kind === "failure") return false;
  const left = [...theirs.documents];
  for (const each of ours.documents) {
    const at = left.findIndex((other) => isLike(each, other));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.length === 0;
}

/** Equality, but that the server found fewer documents. */
function equalButFoundFewer(left: Doc, right: Doc): boolean {
  const [more, fewer] = [left.get("found"), right.get("found")];
  if (!isArray(more) || !isArray(fewer)) return equalAsBags(left, right);
  return (
    equalAsBags(left.without("found"), right.without("found")) &&
    fewer.every((each) => more.some((other) => equalAsBags(other, each)))
  );
}

/** The operators and stages of a call. */
export function namesIn(parts: readonly Value[]): ReadonlySet<string> {
  const coverage = createCoverage();
  for (const part of parts) coverage.count(part);
  return new Set(coverage.counts.keys());
}

function hasUndefined(value: Value): boolean {
  if (value === Undefined) return true;
  if (isArray(value)) return value.some(hasUndefined);
  return value instanceof Doc && value.values().some(hasUndefined);
}
