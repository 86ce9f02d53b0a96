/** Runs batches on both sides and gathers what differs. */
import { createBatch } from "./batch.ts";
import type { Batch, Case, Family, Outcome } from "./case.ts";
import { compareOutcomes, type Difference } from "./compare.ts";
import type { Coverage } from "./coverage.ts";
import { type Compared, gatherEvidence } from "./evidence.ts";
import { findKnown } from "./known.ts";
import { shrink } from "./shrink.ts";
import type { Side } from "./side.ts";

export interface Finding {
  readonly difference: Difference;
  /** One case, shrunken, with only the documents that it needs. */
  readonly batch: Batch;
  readonly ours: Outcome;
  readonly theirs: Outcome;
}

export interface Judge {
  /** Runs a batch. @returns what differs and is not known */
  judge(seed: number, family: Family, number: number): Promise<readonly Finding[]>;
  readonly tally: Tally;
}

export interface Tally {
  cases: number;
  /** Cases that both sides answered with documents. */
  answered: number;
  readonly known: Map<string, number>;
}

export interface JudgeOptions {
  /** Findings that are made small; the rest is told as it is. */
  readonly shrinksMax: number;
  /** Whether it is worth telling. */
  readonly isRelevant: (difference: Difference, theirs: Outcome) => boolean;
}

export function createJudge(
  ours: Side,
  theirs: Side,
  coverage: Coverage,
  options: JudgeOptions,
): Judge {
  const tally: Tally = { cases: 0, answered: 0, known: new Map() };
  let shrinksLeft = options.shrinksMax;

  const compareBatch = async (batch: Batch): Promise<readonly Compared[]> => {
    const mine = await ours.run(batch);
    const yours = await theirs.run(batch);
    return batch.cases.map((run, index) => ({
      run,
      ours: mine[index] as Outcome,
      theirs: yours[index] as Outcome,
    }));
  };

  /** What is to be told of a case: nothing of what is known. */
  const differenceOf = async (
    batch: Batch,
    compared: Compared,
    { isCounted }: { readonly isCounted: boolean },
  ): Promise<Difference | null> => {
    const { run, ours: mine, theirs: yours } = compared;
    const difference = compareOutcomes(run, mine, yours);
    if (difference === null || !options.isRelevant(difference, yours)) return null;
    const evidence = gatherEvidence(difference, compared, batch, { ours, theirs });
    const known = await findKnown(evidence);
    if (known === undefined) return difference;
    if (isCounted) tally.known.set(known.reason, (tally.known.get(known.reason) ?? 0) + 1);
    return null;
  };

  const toFinding = async (batch: Batch, run: Case, difference: Difference): Promise<Finding> => {
    const alone = aloneOf(batch, run);
    const [whole] = await compareBatch(alone);
    if (whole === undefined) throw new Error("a batch of one case has one outcome");
    const kind = kindOf(whole.ours, whole.theirs);
    // What differs only beside the other cases of its batch can not be made smaller, nor what differs only in
    // order: a smaller case may have no order.
    const loose = { ...run, isOrdered: false };
    const differs = compareOutcomes(loose, whole.ours, whole.theirs) === difference;
    if (!differs || shrinksLeft <= 0) return { difference, batch: alone, ...whole };
    shrinksLeft -= 1;
    const agreed = new Set<string>();
    const small = await shrink({ ...alone, cases: [loose] }, async (smaller) => {
      const [each] = await compareBatch(smaller);
      if (each === undefined) return false;
      if (compareOutcomes(each.run, each.ours, each.theirs) === null)
        agreed.add(failureOf(each.ours, difference));
      const isAlike = kindOf(each.ours, each.theirs) === kind;
      return isAlike && (await differenceOf(smaller, each, { isCounted: false })) === difference;
    });
    const least = (await compareBatch(small))[0] ?? whole;
    const isOrder =
      least.ours.kind === "failure" &&
      least.theirs.kind === "failure" &&
      agreed.has(failureOf(least.ours, difference)) &&
      agreed.has(failureOf(least.theirs, difference));
    return { difference: isOrder ? "order" : difference, batch: small, ...least };
  };

  return {
    tally,
    async judge(seed, family, number): Promise<readonly Finding[]> {
      const batch = createBatch(seed, family, number, coverage);
      const findings: Finding[] = [];
      for (const compared of await compareBatch(batch)) {
        tally.cases += 1;
        if (compared.theirs.kind === "documents") tally.answered += 1;
        const difference = await differenceOf(batch, compared, { isCounted: true });
        if (difference !== null) findings.push(await toFinding(batch, compared.run, difference));
      }
      return findings;
    },
  };
}

/** The case with the documents that it may look at. */
function aloneOf(batch: Batch, run: Case): Batch {
  const { call } = run;
  const documents =
    call.verb === "update"
      ? batch.documents.filter((each) => each.get("_id") === call.own)
      : batch.documents;
  return { ...batch, documents, cases: [run] };
}

/** What tells one failure from another, as far as this difference goes. */
function failureOf(outcome: Outcome, difference: Difference): string {
  if (outcome.kind !== "failure") return "";
  return difference === "code" ? String(outcome.code) : outcome.message;
}

/** What has to stay the same while a case gets smaller. */
function kindOf(ours: Outcome, theirs: Outcome): string {
  return [ours, theirs].map((each) => (each.kind === "failure" ? each.code : "documents")).join();
}
