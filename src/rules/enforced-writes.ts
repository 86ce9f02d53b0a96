/** Writes of a user: to documents that they see, and only what their role lets them make of these. */
import { Doc } from "../bson/doc.ts";
import { isArray, type ObjectId, type Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { compileMatch } from "../query/match.ts";
import type { Guard } from "../sources/guard.ts";
import type { FindOneAndOptions, UpdateOptions } from "../sources/source.ts";
import { asksForId, asksOf, joinFilters } from "./enforced-reads.ts";
import type { RequestEnvironment } from "./expressions.ts";
import { chain, type Eventual } from "./expression/eventual.ts";
import { compileFilter } from "./expression/filter-test.ts";
import { sortsBy, splitFilter } from "./filter-paths.ts";
import type { NamespaceAccess } from "./namespace-access.ts";
import { noteQuery, readFindingsOf } from "./read-findings.ts";
import type { ReadPlan } from "./read-plan.ts";
import { createEnvironment, hasCollation } from "./query-environment.ts";
import { mustHoldPlainOperators } from "./refused-operators.ts";
import { hasSchema, type SchemaCheck, schemaFault, validateWrite } from "./schema.ts";
import { firstOf, pathsOfUpdate, usesArrayFilters, usesPosition } from "./update-paths.ts";
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
  const { access, environment } = writer;
  noteQuery(readFindingsOf(environment.scope.findings, access, plan), filter, request.options);
  const options = request.options ?? {};
  const split = splitFilter(filter, asksOf(plan, options));
  const { view = (doc: Doc): Eventual<Doc | undefined> => doc } = plan;
  const match = split.isWhole
    ? undefined
    : compileMatch(filter, createEnvironment(options.collation));
  // A document is found faster by its `_id` than by a filter of two parts.
  const isNamed = split.isWhole && !hasCollation(options) && asksForId(filter);
  const passes = isNamed ? compileFilter(plan.filter) : undefined;
  const selects =
    plan.view === undefined && match === undefined
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
      mustBeWritable(
        { verb: verbOf(before, after), before, after, hasMadeId, named },
        { ...writer, shows: plan.shows },
      ),
    // What a server says of a field that it can not change tells of what is in it.
    failed: (before) =>
      named.length === 0
        ? undefined
        : mustBePermitted({ verb: "update", before, after: before, named }, access),
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
function mustBeWritable(
  change: Change,
  { access, environment, shows }: Writer & { readonly shows?: ReadPlan["shows"] },
): Eventual<void> {
  const { findings } = environment.scope;
  return chain(mustBePermitted(change, access, findings), () => {
    const { verb, before, after } = change;
    const { config } = access;
    if (after === undefined || verb === "delete" || !hasSchema(config, access)) return undefined;
    return chain(validateWrite(config, access, before, after, environment), (check) => {
      if (check.violations.length === 0) return;
      findings?.addViolations(check.violations);
      // All that is inserted comes from the user.
      throw schemaFault(verb, verb === "update" && shows ? hideFields(check, shows) : check);
    });
  });
}

/** What is wrong with a field that may be hidden is told in the log alone. */
function hideFields({ violations }: SchemaCheck, shows: ReadPlan["shows"]): SchemaCheck {
  return {
    violations: violations.map((each) => {
      const [, ...steps] = each.field.split(".");
      const isShown = steps.length === 0 || shows(steps.join("."));
      if (isShown) return each;
      const message = "a field that is hidden is not as its schema wants it";
      return { kind: each.kind, field: "(root)", message };
    }),
  };
}

/** What would let a user find out what they may not see, and can not be done as they see it. */
function mustBeAllowed(plan: ReadPlan, request: WriteRequest): void {
  const { filter, update, options } = request;
  mustHoldPlainOperators(plan, filter, options?.arrayFilters, isArray(update) ? update : undefined);
  if (!plan.hidesFields) return;
  if (isArray(update))
    throw new Fault(
      "InvalidParameter",
      "an update by a pipeline is not allowed for users from whom fields are hidden",
    );
  const isWhole = splitFilter(filter, asksOf(plan, options ?? {})).isWhole;
  if (update !== undefined && usesPosition(update) && !isWhole)
    throw new Fault(
      "InvalidParameter",
      "the positional operator is not allowed beside a filter on a field that may be hidden",
    );
  const isChosen = usesArrayFilters(options?.arrayFilters);
  if (isChosen && !namedPaths(request).every((path) => plan.shows(firstOf(path))))
    throw new Fault(
      "InvalidParameter",
      "arrayFilters are not allowed on a field of which parts are hidden",
    );
}

function namedPaths({ update, replacement }: WriteRequest): readonly string[] {
  if (replacement !== undefined) return replacement.keys();
  return update instanceof Doc ? pathsOfUpdate(update) : [];
}

/** @throws {Fault} `InvalidParameter` where the order of the documents can not be left to the source */
export function mustSortThere(plan: ReadPlan, options: FindOneAndOptions): void {
  const { sort } = options;
  if (sort === undefined || sort.size === 0 || sortsBy(sort, asksOf(plan, options))) return;
  throw new Fault(
    "InvalidParameter",
    hasCollation(options)
      ? "a sort by a collation is not allowed here for users whose rules have conditions"
      : "a sort by a field that may be hidden is not allowed here",
  );
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
