/** The stages that a source does in the pipeline's stead. */
import { Doc } from "../../bson/doc.ts";
import type { QueryEnvironment } from "../environment.ts";
import { firstPart } from "./needed-fields.ts";
import type { ReadRequest, Stage } from "./stage.ts";

export function andFilter(left: Doc, right: Doc): Doc {
  if (left.size === 0) return right;
  if (right.size === 0) return left;
  return Doc.fromParts(["$and"], [[left, right]]);
}

interface Taken {
  filter: Doc;
  sort?: Doc;
  skip?: number;
  limit?: number;
}

/**
 * Takes off the stages that the source can do: filters, then one sort, then what to skip and how many to give.
 */
export function takeLead(
  compiled: readonly Stage[],
  environment: QueryEnvironment,
): { readonly request: ReadRequest; readonly rest: readonly Stage[] } {
  const taken: Taken = { filter: Doc.empty };
  let count = 0;
  for (const stage of compiled) {
    if (taken.limit !== undefined || !take(stage, taken)) break;
    count += 1;
  }
  const { sort } = taken;
  const fields = sort === undefined ? undefined : sortedFields(sort, compiled[count]);
  const request = { environment, ...taken, ...(fields !== undefined && { fields }) };
  return { request, rest: compiled.slice(count) };
}

/** @returns false for a stage that has to be done after what was taken so far */
function take({ lead }: Stage, taken: Taken): boolean {
  if (lead === undefined) return false;
  const isOrdered = taken.sort !== undefined || taken.skip !== undefined;
  if ("filter" in lead) {
    if (isOrdered) return false;
    taken.filter = andFilter(taken.filter, lead.filter);
  } else if ("sort" in lead) {
    if (isOrdered) return false;
    taken.sort = lead.sort;
  } else if ("skip" in lead) taken.skip = (taken.skip ?? 0) + lead.skip;
  else taken.limit = lead.limit;
  return true;
}

/** What is looked at of documents that are sorted for a stage which makes others of them. */
function sortedFields(sort: Doc, next: Stage | undefined): readonly string[] | undefined {
  if (next?.needs === undefined) return undefined;
  return [...new Set([...sort.keys().map(firstPart), ...next.needs])];
}
