/** Whether two outcomes are the same. */
import { Doc } from "../../src/bson/doc.ts";
import { Double, isArray, type Value } from "../../src/bson/value.ts";
import type { Case, Outcome } from "./case.ts";

/** What differs, from grave to slight. */
export type Difference =
  | "crash"
  | "outcome"
  | "counts"
  | "documents"
  | "code"
  | "codeName"
  | "wording"
  /** There are two things wrong, and each side tells another one of them. */
  | "order";

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
    left.every((each, index) => sameDocument(each, right[index] as Doc))
  );
}

/** Byte for byte; only which of the many NaNs it is does not matter. */
function sameDocument(left: Doc, right: Doc): boolean {
  return left.toBytes().equals(right.toBytes()) || textOf(left) === textOf(right);
}

function sameInAnyOrder(left: readonly Doc[], right: readonly Doc[]): boolean {
  if (left.length !== right.length) return false;
  const other = right.map(unorderedText).toSorted();
  const texts = left.map(unorderedText).toSorted();
  return texts.every((each, index) => each === other[index]);
}

/** What sub-pipelines give has no more order than what the pipeline gives. */
const unorderedFields: readonly string[] = ["f0", "f1", "found"];

function unorderedText(document: Doc): string {
  return unorderedFields
    .filter((field) => isArray(document.get(field)))
    .reduce(
      (texts, field) => {
        const list = (document.get(field) as readonly Value[]).map((each) =>
          each instanceof Doc ? unorderedText(each) : textOf(Doc.of({ "": each })),
        );
        return `${texts}${field}:${list.toSorted().join()}`;
      },
      textOf(unorderedFields.reduce((rest, field) => rest.with(field, null), document)),
    );
}

function textOf(document: Doc): string {
  const bytes = document.toBytes();
  // Written anew, every NaN is the same.
  return (mayHoldNaN(bytes) ? rewritten(document) : bytes).toString("latin1");
}

/** The bytes that end a double or a decimal that is NaN, whatever its sign. */
function mayHoldNaN(bytes: Buffer): boolean {
  return [0x7c, 0xfc, 0xff].some((each) => bytes.includes(each));
}

function rewritten(document: Doc): Buffer {
  const fields = [...document.entries()].map(([key, value]) => [key, copyOf(value)] as const);
  return Doc.fromEntries(fields).toBytes();
}

function copyOf(value: Value): Value {
  if (isArray(value)) return value.map(copyOf);
  if (value instanceof Doc) return Doc.fromBytes(rewritten(value));
  return value instanceof Double && Number.isNaN(value.value) ? new Double(Number.NaN) : value;
}
