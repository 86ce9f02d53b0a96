/** What depends on the last digits of transcendental functions, which no two mathematical libraries have alike. */
import type { Doc } from "../../src/bson/doc.ts";
import type { Outcome } from "./case.ts";

export const transcendental: ReadonlySet<string> = new Set([
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

const functions = [
  "acos",
  "acosh",
  "asin",
  "asinh",
  "atan",
  "atan2",
  "atanh",
  "cos",
  "cosh",
  "exp",
  "log",
  "log10",
  "pow",
  "sin",
  "sinh",
  "tan",
  "tanh",
] as const;

/** Runs `work` while each function's result is the next double up or down; what is exact in any library stays. */
export async function withShakenMath<T>(steps: 1 | -1, work: () => Promise<T>): Promise<T> {
  const originals = functions.map((name) => [name, Math[name]] as const);
  const shaken = originals.map(([name, compute]) => {
    const moved = (...values: readonly number[]): number =>
      nextTo(Reflect.apply(compute, Math, values), steps);
    return [name, moved] as const;
  });
  try {
    Object.assign(Math, Object.fromEntries(shaken));
    return await work();
  } finally {
    Object.assign(Math, Object.fromEntries(originals));
  }
}

function nextTo(value: number, steps: 1 | -1): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0] = (bits[0] as bigint) + BigInt(steps);
  return new Float64Array(bits.buffer)[0] as number;
}

/** Whether all that one side says and the other does not changes with the last digits. */
export function isShaky(ours: Outcome, theirs: Outcome, shaken: readonly Outcome[]): boolean {
  if (ours.kind === "failure") return shaken.some((each) => kindOf(each) !== kindOf(ours));
  if (theirs.kind === "failure") return shaken.some((each) => kindOf(each) === kindOf(theirs));
  const alike = shaken.filter((each) => each.kind === "documents");
  const changed = without(ours.documents, theirs.documents);
  const isEachChanged = changed.every((document) =>
    alike.some((each) => without([document], each.documents).length > 0),
  );
  const isSameCount = ours.documents.length === theirs.documents.length;
  return (
    isEachChanged &&
    (isSameCount || alike.some((each) => each.documents.length !== ours.documents.length))
  );
}

function kindOf(outcome: Outcome): number | "documents" {
  return outcome.kind === "failure" ? outcome.code : "documents";
}

/** The documents of one list that the other does not have. */
function without(documents: readonly Doc[], others: readonly Doc[]): readonly Doc[] {
  const left = others.map((each) => each.toBytes());
  return documents.filter((document) => {
    const bytes = document.toBytes();
    const at = left.findIndex((each) => each.equals(bytes));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
