/**
 * Differences that are meant to be there, each with its reason. Keep this list short.
 *
 * To add one: what must hold for a difference to be this one, as narrow as it can be.
 */
import type { Difference } from "./compare.ts";
import type { Case, Outcome } from "./case.ts";

export interface Known {
  readonly reason: string;
  matches(difference: Difference, ours: Outcome, theirs: Outcome, run: Case): boolean;
}

/** Failures whose wording clients depend on; the wording of all others is compared, and only reported. */
export const wordingMatters: ReadonlySet<number> = new Set([2, 9, 14, 28, 40, 66, 11_000]);

const known: readonly Known[] = [
  {
    reason: "TEMPORARY not built yet",
    matches: (_d, ours) =>
      ours.kind === "failure" &&
      /Unrecognized expression '\$(?!unknown)|Unknown expression \$(?!unknown)|unavailable/.test(
        ours.message,
      ),
  },
];

export function findKnown(
  difference: Difference,
  ours: Outcome,
  theirs: Outcome,
  run: Case,
): Known | undefined {
  return known.find((each) => each.matches(difference, ours, theirs, run));
}
