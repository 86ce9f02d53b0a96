/**
 * What the log is told of a user's reads of a namespace: whose documents they were, and which of the fields that were
 * asked for are hidden.
 */
import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import type { Findings, NamespaceTally } from "../config/findings.ts";
import type { Batches, FindOptions } from "../sources/source.ts";
import type { ReadPlan } from "./read-plan.ts";

export interface ReadFindings {
  readonly tally: NamespaceTally;
  /** Remarks on paths that are hidden from the user; absent where none is. @param part as in `the filter` */
  readonly noteUse?: (part: string, paths: readonly string[]) => void;
}

/** Undefined where no log entry asks. */
export function readFindingsOf(
  findings: Findings | undefined,
  { database, collection }: { readonly database: string; readonly collection: string },
  plan: ReadPlan,
): ReadFindings | undefined {
  if (findings === undefined) return undefined;
  const namespace = `${database}.${collection}`;
  const tally = findings.tallyOf(namespace);
  if (!plan.hidesFields) return { tally };
  return {
    tally,
    noteUse(part, paths) {
      for (const path of paths) {
        if (plan.shows(path)) continue;
        const meaning = plan.asksStored(path) ? "is asked as it is stored" : "acts as missing";
        findings.remark(
          `${namespace}: ${part} names '${path}', which is hidden from the user and ${meaning}`,
        );
      }
    },
  };
}

/** Remarks on what a query names of the fields that are hidden. */
export function noteQuery(
  findings: ReadFindings | undefined,
  filter: Doc,
  { sort, projection }: Pick<FindOptions, "sort" | "projection"> = {},
): void {
  if (findings?.noteUse === undefined) return;
  findings.noteUse("the filter", pathsOfFilter(filter));
  findings.noteUse("the sort", sort?.keys() ?? []);
  findings.noteUse("the projection", projection?.keys() ?? []);
}

/** Documents that came by the query alone, counted as they pass. */
export async function* counted(
  batches: Batches,
  plan: ReadPlan,
  tally: NamespaceTally | undefined,
): Batches {
  for await (const batch of batches) {
    if (tally !== undefined) plan.count(batch, tally);
    yield batch;
  }
}

const pathsMax = 20;

/** The paths that a filter names. */
function pathsOfFilter(filter: Doc): readonly string[] {
  const found = new Set<string>();
  collectPaths(filter, found);
  return [...found];
}

function collectPaths(filter: Value | undefined, found: Set<string>): void {
  if (isArray(filter)) for (const each of filter) collectPaths(each, found);
  if (!(filter instanceof Doc)) return;
  for (const [key, value] of filter.entries()) {
    if (found.size >= pathsMax) return;
    if (key === "$and" || key === "$or" || key === "$nor") collectPaths(value, found);
    else if (!key.startsWith("$")) found.add(key);
  }
}

/** Stages after which fields are no longer those of the documents. */
const reshaping: ReadonlySet<string> = new Set([
  "$bucket",
  "$bucketAuto",
  "$count",
  "$facet",
  "$group",
  "$project",
  "$replaceRoot",
  "$replaceWith",
  "$sortByCount",
  "$unionWith",
]);

/** The paths of its documents that a pipeline names, up to the first stage that makes others of them. */
export function pathsOfPipeline(pipeline: readonly Value[]): readonly string[] {
  const found = new Set<string>();
  for (const stage of pipeline) {
    const name = stage instanceof Doc ? stage.keys()[0] : undefined;
    if (!(stage instanceof Doc) || name === undefined) break;
    const spec = stage.valueAt(0);
    if (name === "$match") collectPaths(spec, found);
    else if (name === "$sort" && spec instanceof Doc) for (const key of spec.keys()) found.add(key);
    else collectReferences(spec, found);
    if (reshaping.has(name)) break;
  }
  return [...found].slice(0, pathsMax);
}

/** As in `"$total"`. */
function collectReferences(value: Value, found: Set<string>): void {
  if (found.size >= pathsMax) return;
  if (typeof value === "string") {
    if (/^\$[^$]/.test(value)) found.add(value.slice(1));
  } else if (isArray(value)) for (const each of value) collectReferences(each, found);
  else if (value instanceof Doc) for (const each of value.values()) collectReferences(each, found);
}
