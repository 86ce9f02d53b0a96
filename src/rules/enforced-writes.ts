/** Writes of a user: to documents that they see, and only what their role lets them make of these. */
import { Doc } from "../bson/doc.ts";
import { isArray, type ObjectId, type Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { compileMatch } from "../query/match.ts";
import type { Guard } from "../sources/guard.ts";
import type { FindOneAndOptions, UpdateOptions } from "../sources/source.ts";
import { asksForId, createEnvironment, joinFilters, withoutCollation } from "./enforced-reads.ts";
import type { RequestEnvironment } from "./expressions.ts";
import { chain, type Eventual } from "./expression/eventual.ts";
import { compileFilter } from "./expression/filter-test.ts";
import { sortsBy, splitFilter } from "./filter-paths.ts";
import type { NamespaceAccess } from "./namespace-access.ts";
import type { ReadPlan } from "./read-plan.ts";
import { mustHoldPlainOperators } from "./refused-operators.ts";
import { hasSchema, schemaFault, validateWrite } from "./schema.ts";
import { pathsOfUpdate, usesArrayFilters } from "./update-paths.ts";
import { type Change, mustBePermitted } from "./write-check.ts";

/** What a write asks for, as far as it says which documents and how they change. */
export interface WriteRequest {
  readonly filter: Doc;
  readonly update?: Doc | readonly Value[];
  readonly replacement?: Doc;
  readonly options: (UpdateOptions & Pick<FindOneAndOptions, "sort" | "projection">) | undefined;
}

export interface Writer {
  readonly access: NamespaceAccess;
  /** Of the request, for the expressions of a schema. */
  readonly environment: RequestEnvironment;
}

/** What stands before one write of a user. */
export function createGuard(
  { plan, ...writer }: Writer & { readonly plan: ReadPlan },
  request: WriteRequest,
): Guard {
  mustBeAllowed(plan, request);
  const { filter } = request;
  const split = splitFilter(filter, plan.asksStored);
  const { view } = plan;
  const match = split.isWhole ? undefined : compileMatch(filter, createEnvironment());
  // A document is found faster by its `_id` than by a filter of two parts.
  const isNamed = split.isWhole && asksForId(filter);
  const passes = isNamed ? compileFilter(plan.filter) : undefined;
  const selects =
    view === undefined
      ? passes
      : (doc: Doc): Eventual<boolean> =>
          passes?.(doc) !== false &&
          chain(view(doc), (seen) => seen !== undefined && match?.matches(seen) !== false);
  const paths = namedPaths(request);
  const named = paths.filter((path) => !plan.shows(path));
  const hasMadeId = !filter.has("_id") && !paths.includes("_id");
  return {
    filter: isNamed ? filter : joinFilters(plan, split.pushed),
    selects,
    check: (before, after) =>
      mustBeWritable({ verb: verbOf(before, after), before, after, hasMadeId, named }, writer),
  };
}

function verbOf(before: Doc | undefined, after: Doc | undefined): Change["verb"] {
  if (before === undefined) return "insert";
  return after === undefined ? "delete" : "update";
}

/** Checks a document that is going to be inserted. */
export function mustBeInsertable(
  document: Doc,
  writer: Writer,
  { hasMadeId }: { readonly hasMadeId: boolean },
): Eventual<void> {
  return mustBeWritable({ verb: "insert", before: undefined, after: document, hasMadeId }, writer);
}

/** The role first, then the schema. */
function mustBeWritable(change: Change, { access, environment }: Writer): Eventual<void> {
  return chain(mustBePermitted(change, access), () => {
    const { verb, before, after } = change;
    const { config } = access;
    if (after === undefined || verb === "delete" || !hasSchema(config, access)) return undefined;
    return chain(validateWrite(config, access, before, after, environment), (check) => {
      if (check.violations.length > 0) throw schemaFault(verb, check);
    });
  });
}

/** What would let a user find out what they may not see, and can not be done as they see it. */
function mustBeAllowed(plan: ReadPlan, request: WriteRequest): void {
  const { filter, update, options } = request;
  withoutCollation(options ?? {});
  mustHoldPlainOperators(filter, options?.arrayFilters, isArray(update) ? update : undefined);
  if (!plan.hidesFields) return;
  if (isArray(update))
    throw new Fault(
      "InvalidParameter",
      "an update by a pipeline is not allowed for users from whom fields are hidden",
    );
  const isChosen = usesArrayFilters(options?.arrayFilters);
  if (isChosen && !namedPaths(request).every((path) => plan.shows(firstOf(path))))
    throw new Fault(
      "InvalidParameter",
      "arrayFilters are not allowed on a field of which parts are hidden",
    );
}

function firstOf(path: string): string {
  const dot = path.indexOf(".");
  return dot < 0 ? path : path.slice(0, dot);
}

function namedPaths({ update, replacement }: WriteRequest): readonly string[] {
  if (replacement !== undefined) return replacement.keys();
  return update instanceof Doc ? pathsOfUpdate(update) : [];
}

/** Whether the order of the documents can be left to the source. */
export function isSortShown(plan: ReadPlan, sort: Doc | undefined): boolean {
  return sort === undefined || sort.size === 0 || sortsBy(sort, plan.asksStored);
}

/** Puts an `_id` in front where there is none, since a schema may ask for one. */
export function withId(
  document: Doc,
  newId: () => ObjectId,
): { readonly document: Doc; readonly hasMadeId: boolean } {
  if (document.has("_id")) return { document, hasMadeId: false };
  const made = Doc.fromParts(["_id", ...document.keys()], [newId(), ...document.values()]);
  return { document: made, hasMadeId: true };
}
