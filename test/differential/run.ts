/** A whole run: cases of all families in turns, on both sides. */
import { casesPerBatch } from "./batch.ts";
import { type Case, families, type Family } from "./case.ts";
import { type Coverage, createCoverage } from "./coverage.ts";
import { createJudge, type Finding, type Tally } from "./judge.ts";
import { namesIn } from "./evidence.ts";
import { wordingMatters } from "./known.ts";
import { printDoc, printOutcome, printRow } from "./row.ts";
import { type Compared, createSide } from "./side.ts";

export interface RunOptions {
  readonly seed: number;
  readonly cases: number;
  readonly only?: readonly Family[];
  /** Milliseconds after which no new batch begins. */
  readonly msMax?: number;
  /** Findings that are made small. */
  readonly shrinksMax: number;
  /** Differences in wording alone, whatever the code. */
  readonly everyWording?: boolean;
  readonly onFinding?: (finding: Finding) => void;
}

export interface Report {
  readonly tally: Tally;
  readonly findings: readonly Finding[];
  /** Those cases in which two things are wrong, and each side told another one. */
  readonly ordered: readonly Finding[];
  readonly coverage: Coverage;
}

/** How often the turn of each family comes. */
const shares: Readonly<Record<Family, number>> = {
  filter: 14,
  update: 14,
  projection: 6,
  sort: 4,
  pipeline: 21,
  expression: 41,
  geo: 10,
  text: 4,
  collation: 4,
};

export async function runDifferential(
  ours: Compared,
  theirs: Compared,
  database: string,
  options: RunOptions,
): Promise<Report> {
  const { seed, only = families, msMax = Number.POSITIVE_INFINITY, everyWording = false } = options;
  const coverage = createCoverage();
  const judge = createJudge(createSide(ours, database), createSide(theirs, database), coverage, {
    shrinksMax: options.shrinksMax,
    isRelevant: (difference, answer) =>
      difference !== "wording" ||
      everyWording ||
      (answer.kind === "failure" && wordingMatters.has(answer.code)),
  });
  const endsAt = performance.now() + msMax;
  const findings: Finding[] = [];
  const ordered: Finding[] = [];
  for (const { family, number } of schedule(only, options.cases)) {
    if (performance.now() > endsAt) break;
    for (const finding of await judge.judge(seed, family, number)) {
      (finding.difference === "order" ? ordered : findings).push(finding);
      options.onFinding?.(finding);
    }
  }
  return { tally: judge.tally, findings, ordered, coverage };
}

function* schedule(
  only: readonly Family[],
  cases: number,
): IterableIterator<{ readonly family: Family; readonly number: number }> {
  const whole = only.reduce((sum, each) => sum + shares[each], 0);
  const owed = new Map<Family, number>(only.map((each) => [each, 0]));
  const numbers = new Map<Family, number>();
  for (let count = 0; count < Math.ceil(cases / casesPerBatch); count += 1) {
    for (const each of only) owed.set(each, (owed.get(each) ?? 0) + shares[each] / whole);
    const [family, debt] = [...owed].reduce((most, each) => (each[1] > most[1] ? each : most));
    owed.set(family, debt - 1);
    const number = numbers.get(family) ?? 0;
    numbers.set(family, number + 1);
    yield { family, number };
  }
}

/** A finding as a row for `found.jsonl`, and what our side says instead. */
export function printFinding({ difference, batch, ours, theirs }: Finding): string {
  return [
    `--- ${batch.family}: ${difference}`,
    printRow({ batch, expected: theirs }),
    `ours:   ${printDoc(printOutcome(ours))}`,
    `theirs: ${printDoc(printOutcome(theirs))}`,
  ].join("\n");
}

/** The same for findings that are likely of one cause. */
export function kindOfFinding({ difference, batch, ours, theirs }: Finding): string {
  const codes = [ours, theirs].map((each) => (each.kind === "failure" ? each.code : ""));
  const { call } = batch.cases[0] as Case;
  const names = [...namesIn(Object.values(call))].toSorted();
  return [batch.family, difference, ...codes, ...names].join(" ");
}
