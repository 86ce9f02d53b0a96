/** Makes a failing case small: fewer and simpler documents, simpler operands, as long as it fails alike. */
import { Doc } from "../../src/bson/doc.ts";
import { isArray, type Value } from "../../src/bson/value.ts";
import type { Batch, Call, Case } from "./case.ts";

const trialsMax = 400;

/** Names that have to stay. */
const collections: ReadonlySet<Value> = new Set(["other", "target"]);

/**
 * Shrinks a batch of one case.
 *
 * @param fails whether a smaller batch still shows the same difference
 */
export async function shrink(
  batch: Batch,
  fails: (smaller: Batch) => Promise<boolean>,
): Promise<Batch> {
  let smallest = batch;
  let trials = 0;
  for (let progress = true; progress && trials < trialsMax;) {
    progress = false;
    for (const candidate of smallerBatches(smallest)) {
      if (weigh(candidate) >= weigh(smallest)) continue;
      if ((trials += 1) > trialsMax) break;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      progress = true;
      break;
    }
  }
  return smallest;
}

function weigh({ documents, others, cases }: Batch): number {
  const { call } = cases[0] as Case;
  return Doc.of({ documents, others, call: toDoc(call) }).toBytes().length;
}

function toDoc(call: Call): Doc {
  const fields: readonly (readonly [string, Value])[] = Object.entries(call);
  return Doc.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function* smallerBatches(batch: Batch): IterableIterator<Batch> {
  const { documents, others } = batch;
  const only = batch.cases[0] as Case;
  for (const fewer of halves(documents)) yield { ...batch, documents: fewer };
  // The index of texts stays: without it every search fails.
  const isIndexed = batch.family === "text";
  if (!isIndexed) for (const fewer of halves(others)) yield { ...batch, others: fewer };
  for (const call of smallerCalls(only.call)) yield { ...batch, cases: [{ ...only, call }] };
  for (const fewer of smallerLists(documents)) yield { ...batch, documents: fewer };
  if (!isIndexed) for (const fewer of smallerLists(others)) yield { ...batch, others: fewer };
}

function* halves(documents: readonly Doc[]): IterableIterator<readonly Doc[]> {
  const half = Math.ceil(documents.length / 2);
  if (documents.length > 2) {
    yield documents.slice(0, half);
    yield documents.slice(half);
  }
}

function* smallerLists(documents: readonly Doc[]): IterableIterator<readonly Doc[]> {
  for (const index of documents.keys()) yield documents.toSpliced(index, 1);
  for (const [index, document] of documents.entries()) {
    for (const smaller of smallerValues(document)) {
      if (!(smaller instanceof Doc) || smaller.get("_id") !== document.get("_id")) continue;
      yield documents.with(index, smaller);
    }
  }
}

function* smallerCalls(call: Call): IterableIterator<Call> {
  const spec = toDoc(call);
  const fixed = new Set(["verb", "own", "isReplacement", "upsert"]);
  const optional = new Set(["projection", "sort", "skip", "limit", "arrayFilters", "collation"]);
  for (const [key, value] of spec.entries()) {
    if (fixed.has(key)) continue;
    if (optional.has(key)) yield Object.fromEntries(spec.without(key).entries()) as unknown as Call;
    const isOwnFilter = call.verb === "update" && key === "filter";
    for (const smaller of smallerValues(value)) {
      if (isArray(value) !== isArray(smaller)) continue;
      if (
        key === "arrayFilters" &&
        !(smaller as readonly Value[]).every((each) => each instanceof Doc)
      )
        continue;
      if (value instanceof Doc !== smaller instanceof Doc) continue;
      if (isOwnFilter && (smaller as Doc).get("_id") !== call.filter.get("_id")) continue;
      yield { ...call, [key]: smaller };
    }
  }
}

/** Simpler values, simplest first. */
function* smallerValues(value: Value): IterableIterator<Value> {
  if (isArray(value)) yield* smallerArrays(value);
  else if (value instanceof Doc) yield* smallerDocuments(value);
  else yield* smallerScalars(value);
}

function* smallerArrays(list: readonly Value[]): IterableIterator<Value> {
  for (const index of list.keys()) yield list.toSpliced(index, 1);
  yield* list;
  for (const [index, each] of list.entries())
    for (const smaller of smallerValues(each)) yield list.with(index, smaller);
}

function* smallerDocuments(document: Doc): IterableIterator<Value> {
  for (const key of document.keys()) yield document.without(key);
  yield* document.values();
  for (const [key, each] of document.entries()) {
    // A smaller sample is a random one.
    if (key === "size") continue;
    for (const smaller of smallerValues(each)) yield document.with(key, smaller);
  }
}

function* smallerScalars(value: Value): IterableIterator<Value> {
  if (collections.has(value)) return;
  if (value !== null) yield null;
  if (typeof value === "string" && value.length > 1) {
    yield value.startsWith("$") && value.includes(".")
      ? value.slice(0, value.lastIndexOf("."))
      : "a";
    return;
  }
  yield 1;
}
