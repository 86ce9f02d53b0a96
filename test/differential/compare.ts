/** Whether two outcomes are the same. */
import type { Doc } from "../../src/bson/doc.ts";
import type { Case, Outcome } from "./case.ts";

/** What differs, from grave to slight. */
export type Difference =
  | "crash"
  | "outcome"
  | "counts"
  | "documents"
  | "code"
  | "codeName"
  | "wording";

/** @returns null when both ended alike: documents byte for byte, failures in code, name and wording */
export function compareOutcomes(run: Case, ours: Outcome, theirs: Outcome): Difference | null {
  if (ours.kind === "failure") {
    if (ours.code === -1) return "crash";
    if (theirs.kind !== "failure") return "outcome";
    if (ours.code !== theirs.code) return "code";
    if (ours.codeName !== theirs.codeName) return "codeName";
    return ours.message === theirs.message ? null : "wording";
  }
  if (theirs.kind === "failure") return "outcome";
  if (String(ours.counts) !== String(theirs.counts)) return "counts";
  const isSame = run.isOrdered ? sameInOrder : sameInAnyOrder;
  return isSame(ours.documents, theirs.documents) ? null : "documents";
}

function sameInOrder(left: readonly Doc[], right: readonly Doc[]): boolean {
  return (
    left.length === right.length &&
    left.every((each, index) => each.toBytes().equals((right[index] as Doc).toBytes()))
  );
}

function sameInAnyOrder(left: readonly Doc[], right: readonly Doc[]): boolean {
  if (left.length !== right.length) return false;
  const other = sortedTexts(right);
  return sortedTexts(left).every((each, index) => each === other[index]);
}

function sortedTexts(documents: readonly Doc[]): string[] {
  return documents.map((each) => each.toBytes().toString("latin1")).toSorted();
}
