/**
 * What every data source answers: rows of documents, a call, and its outcome as a `mongod` gives it.
 *
 * To add a case: a row in one of the lists of `contract/`. A suite runs each on a collection of its own.
 */
import { Doc } from "../bson/doc.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { collationCases } from "./contract/collation.ts";
import { changeCases } from "./contract/changes.ts";
import { all, type ContractCase, doc, type Plain, show } from "./contract/case.ts";
import { geoNearCases } from "./contract/geo-near.ts";
import { geoCases } from "./contract/geo.ts";
import { guardedCases } from "./contract/guarded.ts";
import { indexCases } from "./contract/indexes.ts";
import { mergeCases } from "./contract/merge.ts";
import { planCases } from "./contract/plans.ts";
import { readCases } from "./contract/reads.ts";
import { textScoreCases } from "./contract/text-score.ts";
import { textCases } from "./contract/text.ts";
import { updateCases } from "./contract/updates.ts";
import { writeCases } from "./contract/writes.ts";
import type { Collection, DataSource } from "./source.ts";

export const contractCases: readonly ContractCase[] = [
  ...readCases,
  ...writeCases,
  ...updateCases,
  ...indexCases,
  ...mergeCases,
  ...planCases,
  ...collationCases,
  ...geoCases,
  ...geoNearCases,
  ...textCases,
  ...textScoreCases,
  ...changeCases,
  ...guardedCases,
];

export interface Outcome {
  readonly gives?: string;
  readonly fails?: readonly [code: number, message: string];
  readonly leaves?: string;
}

/** Runs one case on an empty collection. */
export async function runCase(
  contractCase: ContractCase,
  source: DataSource,
  collection: Collection,
): Promise<Outcome> {
  const documents = contractCase.documents ?? [];
  if (documents.length > 0) await collection.insertMany(documents.map((each) => doc(each)));
  for (const keys of contractCase.indexes ?? []) {
    const { $options: options, ...own } = keys;
    // Indexes of one case may depend on each other's order.
    // oxlint-disable-next-line no-await-in-loop
    await collection.createIndex(
      doc(own),
      options === undefined ? undefined : doc(options as { readonly [key: string]: Plain }),
    );
  }
  const outcome = await attempt(() => contractCase.run(collection, source));
  if (contractCase.leaves === undefined) return outcome;
  const left = await all(collection.find(Doc.empty, { sort: doc({ _id: 1 }) }));
  return { ...outcome, leaves: show(left) };
}

async function attempt(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { gives: show(await run()) };
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    return { fails: [cause.code, cause.message] };
  }
}

/**
 * What of an outcome is not as the case has it; empty when all is.
 *
 * A message need only contain what the case says of it.
 */
export function differencesOf(contractCase: ContractCase, outcome: Outcome): readonly string[] {
  const { gives, fails, leaves } = contractCase;
  const differences: string[] = [];
  const isAsExpected =
    fails === undefined
      ? outcome.fails === undefined
      : outcome.fails?.[0] === fails[0] && outcome.fails[1].includes(fails[1]);
  if (!isAsExpected)
    differences.push(`fails with ${JSON.stringify(outcome.fails)}, not ${JSON.stringify(fails)}`);
  if (gives !== undefined && outcome.gives !== gives)
    differences.push(`gives ${outcome.gives}, not ${gives}`);
  if (leaves !== undefined && outcome.leaves !== leaves)
    differences.push(`leaves ${outcome.leaves}, not ${leaves}`);
  return differences;
}
