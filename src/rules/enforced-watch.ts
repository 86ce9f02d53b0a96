/** Changes that a user is told of: those of documents that they see, with what they see of them. */
import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import { compileChangePipeline } from "../sources/change-pipeline.ts";
import type { Batches, Collection, WatchOptions } from "../sources/source.ts";
import { createEnvironment } from "./query-environment.ts";
import { type ReadPlan, showDocument } from "./read-plan.ts";
import { mustHoldPlainOperators } from "./refused-operators.ts";
import { firstOf } from "./update-paths.ts";

/**
 * Listens to a collection under the rules. The pipeline is run over the events as the user sees them.
 *
 * Atlas: what the original told of a delete is not known, which can not be looked up any more. Here it is told of
 * documents that this stream has told of before, and of all where the user sees every document.
 */
export async function watchVisible(
  raw: Collection,
  plan: ReadPlan,
  pipeline: readonly Value[],
  options: WatchOptions = {},
): Promise<Batches> {
  mustHoldPlainOperators(plan, pipeline);
  const { fullDocument = "default" } = options;
  const namespace = { database: raw.database, collection: raw.name };
  const transform = compileChangePipeline(
    pipeline,
    createEnvironment(options.collation),
    namespace,
    options.signal,
  );
  const stored = await raw.watch([], {
    ...options,
    // Whether an update may be told is a question about the document.
    fullDocument: fullDocument === "default" ? "updateLookup" : fullDocument,
  });
  const view: View = {
    plan,
    told: new Set(),
    seesAll: plan.filter === true && plan.isExact && !plan.mayVanish,
    hasImage: fullDocument !== "default",
  };
  return follow(stored, view, transform);
}

interface View {
  readonly plan: ReadPlan;
  /** Documents that events have told of, by their `_id`s. */
  readonly told: Set<string>;
  readonly seesAll: boolean;
  /** Whether updates carry the document. */
  readonly hasImage: boolean;
}

async function* follow(
  stored: Batches,
  view: View,
  transform: (events: readonly Doc[]) => Batches,
): Batches {
  for await (const batch of stored) {
    const shown: Doc[] = [];
    for (const event of batch) {
      const seen = await showEvent(event, view);
      if (seen !== undefined) shown.push(seen);
    }
    if (shown.length > 0) yield* transform(shown);
  }
}

/** Of what happens to a collection as a whole, all; nothing that newer servers add is handed on unseen. */
const openFields = ["_id", "operationType", "clusterTime", "wallTime", "ns", "to"] as const;

async function showEvent(event: Doc, view: View): Promise<Doc | undefined> {
  switch (event.get("operationType")) {
    case "insert":
    case "replace":
    case "update":
      return showChange(event, view);
    case "delete":
      return showDelete(event, view);
    default:
      return pick(event, {});
  }
}

async function showChange(event: Doc, view: View): Promise<Doc | undefined> {
  const { plan, hasImage } = view;
  const stored = event.get("fullDocument");
  const shown = stored instanceof Doc ? await showDocument(plan, stored) : undefined;
  if (shown === undefined) return undefined;
  const isUpdate = event.get("operationType") === "update";
  const description = isUpdate
    ? showDescription(event.get("updateDescription"), shown, plan)
    : undefined;
  // All that has changed is hidden: nothing has happened.
  if (isUpdate && description === undefined) return undefined;
  remember(view, idOf(event));
  return pick(event, {
    fullDocument: isUpdate && !hasImage ? undefined : shown,
    documentKey: keyOf(event, shown),
    updateDescription: description,
  });
}

function showDelete(event: Doc, { plan, told, seesAll }: View): Doc | undefined {
  const id = idOf(event);
  if (id === undefined || (!seesAll && !told.has(id))) return undefined;
  const key = event.get("documentKey");
  const isShown = key instanceof Doc && plan.shows("_id");
  return pick(event, {
    documentKey: isShown ? Doc.of({ _id: key.get("_id") as Value }) : undefined,
  });
}

function pick(event: Doc, shown: Readonly<Record<string, Doc | undefined>>): Doc {
  const entries: [string, Value][] = [];
  for (const [name, value] of event.entries()) {
    const own = name in shown ? shown[name] : undefined;
    if (own !== undefined) entries.push([name, own]);
    else if (openFields.some((each) => each === name)) entries.push([name, value]);
  }
  return Doc.fromEntries(entries);
}

/** Of a sharded collection, a document's key holds fields besides its `_id`. */
function keyOf(event: Doc, shown: Doc): Doc | undefined {
  const key = event.get("documentKey");
  if (!(key instanceof Doc)) return undefined;
  const seen = [...key.entries()].filter(([name]) => shown.has(name));
  return seen.length === 0 ? undefined : Doc.fromEntries(seen);
}

const toldMax = 10_000;

function idOf(event: Doc): string | undefined {
  const key = event.get("documentKey");
  if (!(key instanceof Doc)) return undefined;
  return Doc.of({ _id: key.get("_id") as Value })
    .toBytes()
    .toString("latin1");
}

function remember({ told, seesAll }: View, id: string | undefined): void {
  if (seesAll || id === undefined) return;
  told.delete(id);
  told.add(id);
  if (told.size <= toldMax) return;
  const [oldest] = told;
  if (oldest !== undefined) told.delete(oldest);
}

/** @returns undefined where nothing of it is shown */
function showDescription(
  description: Value | undefined,
  shown: Doc,
  { shows }: ReadPlan,
): Doc | undefined {
  if (!(description instanceof Doc)) return undefined;
  const isShown = (path: Value | undefined): boolean =>
    typeof path === "string" && shows(firstOf(path));
  const updated = new Map<string, Value>();
  for (const [path, value] of fieldsOf(description.get("updatedFields")))
    if (isShown(path)) updated.set(path, value);
    else {
      const seen = seenAt(shown, path);
      if (seen !== undefined) updated.set(...seen);
    }
  const removed = listOf(description.get("removedFields")).filter(isShown);
  const truncated = listOf(description.get("truncatedArrays")).filter(
    (each) => each instanceof Doc && isShown(each.get("field")),
  );
  if (updated.size + removed.length + truncated.length === 0) return undefined;
  return Doc.of({
    updatedFields: Doc.fromEntries(updated),
    removedFields: removed,
    truncatedArrays: truncated,
  });
}

/** What is shown of a field that is shown in part; of a list all that is, since its elements have other numbers. */
function seenAt(shown: Doc, path: string): [path: string, value: Value] | undefined {
  const parts = path.split(".");
  let value: Value | undefined = shown;
  for (const [index, part] of parts.entries()) {
    if (!(value instanceof Doc)) return undefined;
    value = value.get(part);
    if (isArray(value)) return [parts.slice(0, index + 1).join("."), value];
  }
  return value === undefined ? undefined : [path, value];
}

function fieldsOf(value: Value | undefined): Iterable<readonly [string, Value]> {
  return value instanceof Doc ? value.entries() : [];
}

function listOf(value: Value | undefined): readonly Value[] {
  return isArray(value) ? value : [];
}
