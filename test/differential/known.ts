/**
 * Differences that are meant to be there, each with its reason. Keep this list short.
 *
 * To add one: what must hold for a difference to be this one, as narrow as it can be.
 */
import type { Doc } from "../../src/bson/doc.ts";
import type { Value } from "../../src/bson/value.ts";
import type { Case, Outcome } from "./case.ts";
import type { Difference } from "./compare.ts";
import { createCoverage } from "./coverage.ts";
import { nearlyEqual } from "./nearly.ts";

export interface Known {
  readonly reason: string;
  matches(
    difference: Difference,
    ours: Outcome,
    theirs: Outcome,
    names: ReadonlySet<string>,
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

const known: readonly Known[] = [
  {
    reason: "the last digits of transcendental functions depend on the mathematical library",
    matches: (difference, ours, theirs, names) =>
      difference === "documents" &&
      ours.kind === "documents" &&
      theirs.kind === "documents" &&
      [...names].some((each) => transcendental.has(each)) &&
      ours.documents.every((each, index) =>
        nearlyEqual(each, (theirs.documents as readonly (Doc | undefined)[])[index]),
      ),
  },
  {
    reason: "%j in $dateFromString came with a later server",
    matches: (_difference, _ours, theirs) =>
      theirs.kind === "failure" &&
      theirs.message.endsWith("Invalid format character '%j' in format string"),
  },
];

export function findKnown(
  difference: Difference,
  ours: Outcome,
  theirs: Outcome,
  run: Case,
): Known | undefined {
  const names = namesIn(Object.values(run.call));
  return known.find((each) => each.matches(difference, ours, theirs, names));
}

/** The operators and stages of a call. */
export function namesIn(parts: readonly Value[]): ReadonlySet<string> {
  const coverage = createCoverage();
  for (const part of parts) coverage.count(part);
  return new Set(coverage.counts.keys());
}
