/**
 * Differences that are meant to be there, each with its reason. Keep this list short.
 *
 * To add one: what must hold for a difference to be this one, as narrow as it can be.
 */
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import { isArray, Undefined, type Value } from "../../src/bson/value.ts";
import type { Outcome } from "./case.ts";
import { compareOutcomes } from "./compare.ts";
import type { Evidence } from "./evidence.ts";
import { isShaky, transcendental } from "./shaken-math.ts";
import { equalAsBags, equalButOrder, nearlyEqual } from "./nearly.ts";

export interface Known {
  readonly reason: string;
  matches(evidence: Evidence): boolean | Promise<boolean>;
}

/** Failures whose wording clients depend on; the wording of all others is compared, and only reported. */
export const wordingMatters: ReadonlySet<number> = new Set([2, 9, 14, 28, 40, 66, 11_000]);

/** Checked by asking again, and yet bounded: the test says how often it may be the answer. */
export const otherwiseOptimized =
  "the server answers alike where it does not join, move and leave out stages";

const samePairs: readonly (readonly [number, number])[] = [[17_310, 17_046]];

const known: readonly Known[] = [
  {
    reason: "the last digits of transcendental functions depend on the mathematical library",
    matches: ({ difference, names, ours, theirs }) =>
      [...names].some((each) => transcendental.has(each)) &&
      (difference === "wording" || eachHasItsLike(ours, theirs, nearlyEqual)),
  },
  {
    reason: "another answer if the last digits of transcendental functions are others",
    matches: async ({ names, ours, theirs, shaken }) =>
      [...names].some((each) => transcendental.has(each)) && isShaky(ours, theirs, await shaken()),
  },
  {
    reason: "$setIsSubset has two codes for one failure, depending on how it was optimized",
    matches: ({ ours, theirs }) =>
      ours.kind === "failure" &&
      theirs.kind === "failure" &&
      samePairs.some((pair) => pair.includes(ours.code) && pair.includes(theirs.code)),
  },
  {
    reason: "a field that was taken away comes back in its old place if it is set at once",
    matches: ({ ours, theirs, names }) =>
      ["$setField", "$unset", "$unsetField", "$unwind"].some((each) => names.has(each)) &&
      eachHasItsLike(ours, theirs, equalButOrder),
  },
  {
    reason: "the server fails on what it itself makes of an empty $in or $all",
    matches: ({ ours, theirs, names }) =>
      theirs.kind === "failure" &&
      (theirs.message.endsWith("unknown operator: $alwaysFalse") ||
        (ours.kind === "documents" &&
          (names.has("$all") || names.has("$in")) &&
          theirs.message.startsWith("Cannot use an expression without a top-level field name"))),
  },
  {
    reason:
      "the collection that $out fills before it takes the other's place has a name of its own",
    matches: ({ difference, theirs, names }) =>
      difference === "wording" &&
      names.has("$out") &&
      theirs.kind === "failure" &&
      theirs.message.includes(".tmp.agg_out."),
  },
  {
    reason: "the server tears characters apart where $replaceAll looks for an empty text",
    matches: ({ ours, theirs, names }) =>
      names.has("$replaceAll") &&
      (theirs.kind === "failure"
        ? theirs.message.endsWith("Result code: -10")
        : ours.kind === "documents"),
  },
  {
    reason: "$sortArray may change the order of elements that are equal for it",
    matches: ({ ours, theirs, names }) =>
      names.has("$sortArray") && eachHasItsLike(ours, theirs, equalAsBags),
  },
  {
    reason: "the server fails on $$ROOT as the partition of a window",
    matches: ({ theirs }) =>
      theirs.kind === "failure" &&
      theirs.message.endsWith("FieldPath::tail() called on single element path"),
  },
  {
    reason: "what $rename says of the document shows what other operators have done to it by then",
    matches: ({ difference, names }) => difference === "wording" && names.has("$rename"),
  },
  {
    reason: "$top and its kin fail where a sort key is a document with numbers for names",
    matches: ({ theirs }) =>
      theirs.kind === "failure" && theirs.message.includes("Ambiguous field name found in array"),
  },
  {
    reason: "%j in $dateFromString came with a later server",
    matches: ({ theirs }) =>
      theirs.kind === "failure" &&
      theirs.message.endsWith("Invalid format character '%j' in format string"),
  },
  {
    reason: "the bytes of values that print alike: a decimal's zeros, a NaN",
    matches: ({ ours, theirs }) =>
      ours.kind === "documents" &&
      theirs.kind === "documents" &&
      ours.documents.map((each) => toText(each, "canonical")).join() ===
        theirs.documents.map((each) => toText(each, "canonical")).join(),
  },
  {
    reason: "a $graphLookup's cache does not find again what an array within an array led to",
    matches: ({ ours, theirs, names }) =>
      names.has("$graphLookup") && eachHasItsLike(ours, theirs, equalButFoundFewer),
  },
  {
    reason: "a literal undefined of a command arrives as null, as the drivers send it",
    matches: ({ call }) => Object.values(call).some(hasUndefined),
  },
  {
    reason:
      "the order among equals: of joined documents, of windows, and of groups sorted by an array",
    matches: ({ ours, theirs, names }) =>
      ["$group", "$sortByCount", "$bucket", "$lookup", "$graphLookup", "$setWindowFields"].some(
        (each) => names.has(each),
      ) && eachHasItsLike(ours, theirs, equalAsBags),
  },
  {
    reason: "the server optimizes a $lookup's pipeline anew with the variables of each document",
    matches: ({ names, theirs }) =>
      names.has("$lookup") &&
      theirs.kind === "failure" &&
      /^PlanExecutor error .* :: caused by :: Failed to optimize /.test(theirs.message),
  },
  {
    reason: "the server can not plan the negation of a range with a DBPointer or Code in an index",
    matches: ({ theirs }) => theirs.kind === "failure" && theirs.code === 4_457_011,
  },
  {
    reason: "$elemMatch of a projection loses the bits of a binary mask",
    matches: ({ call, names, ours, theirs }) =>
      call.verb === "find" &&
      call.projection !== undefined &&
      [...names].some((each) => each.startsWith("$bits")) &&
      names.has("$elemMatch") &&
      ours.kind === "documents" &&
      theirs.kind === "documents",
  },
  {
    reason: "documents are chosen at random",
    matches: ({ names, ours, theirs }) =>
      names.has("$sampleRate") && ours.kind === "documents" && theirs.kind === "documents",
  },
  {
    reason: "the server reads the name of a time zone up to a NUL",
    matches: ({ ours, theirs }) =>
      ours.kind === "failure" && ours.code === 40_485 && theirs.kind === "documents",
  },
  {
    reason: "which metadata a sub-pipeline has the server finds out when it runs it",
    matches: ({ names, ours, theirs }) =>
      ours.kind === "failure" &&
      ours.code === 40_218 &&
      theirs.kind === "failure" &&
      ["$lookup", "$unionWith"].some((each) => names.has(each)),
  },
  {
    reason: "the server does not always tell the same one of several faults",
    matches: async ({ run, ours, theirs, again }) =>
      theirs.kind === "failure" &&
      (await again()).some((each) => compareOutcomes(run, ours, each) === null),
  },
  {
    reason: "a conversion to what only later servers convert to",
    matches: ({ names, theirs }) =>
      names.has("$convert") &&
      theirs.kind === "failure" &&
      /Unsupported conversion from \w+ to (?:binData|undefined)|Unknown type name: /.test(
        theirs.message,
      ),
  },
  {
    reason: otherwiseOptimized,
    matches: async ({ run, ours, unoptimized }) => {
      const plain = await unoptimized();
      if (plain === undefined) return false;
      const difference = compareOutcomes(run, ours, plain);
      return difference === null || difference === "wording";
    },
  },
];

export async function findKnown(evidence: Evidence): Promise<Known | undefined> {
  for (const each of known) if (await each.matches(evidence)) return each;
  return undefined;
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

function hasUndefined(value: Value): boolean {
  if (value === Undefined) return true;
  if (isArray(value)) return value.some(hasUndefined);
  return value instanceof Doc && value.values().some(hasUndefined);
}
