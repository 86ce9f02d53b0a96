/** Whether a role lets a user make one document of another, told as simply as can be. */
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import { isArray, type Value } from "../../src/bson/value.ts";
import { type Asker, type Expression, holds } from "./expression.ts";
import type { Field, ReadWrite, Role, Rules } from "./role.ts";

export interface Change {
  readonly verb: "insert" | "update" | "delete";
  readonly before: Doc | undefined;
  readonly after: Doc | undefined;
  readonly hasMadeId?: boolean;
  /** Paths that the write names and that may be hidden from the user. */
  readonly named?: readonly string[];
}

export function isPermitted(change: Change, { roles }: Rules, asker: Asker): boolean {
  const { verb, before, after } = change;
  const documents = verb === "insert" ? [after] : verb === "delete" ? [before] : [after, before];
  return documents.every((doc) => {
    const root = doc as Doc;
    const role = roles.find((each) => holds(each.applyWhen, root, asker));
    return (
      role !== undefined && roleAllows(change, role, (test, own) => holds(test, root, asker, own))
    );
  });
}

/** @param own the field's value, for `%%this` */
type Ask = (test: Expression, own?: Value) => boolean;

function roleAllows(change: Change, role: Role, ask: Ask): boolean {
  const { verb } = change;
  const { documentFilters, fields } = role;
  const isFiltered = documentFilters?.read !== undefined || documentFilters?.write !== undefined;
  if (isFiltered && !isGiven(documentFilters?.write, ask)) return false;
  const own = verb === "update" ? undefined : role[verb];
  if (own !== undefined && !ask(own)) return false;
  const isLeftToFields = leavesWriteToFields(role);
  if (role.write !== undefined && !isLeftToFields) return ask(role.write);
  return fieldsAllow(change, fields, isLeftToFields ? {} : (role.additional ?? {}), ask);
}

/** `write: false` beside fields. */
function leavesWriteToFields({ write, fields }: Role): boolean {
  return write?.kind === "constant" && !write.value && (fields?.size ?? 0) > 0;
}

function fieldsAllow(
  change: Change,
  fields: ReadonlyMap<string, Field> | undefined,
  others: ReadWrite,
  ask: Ask,
): boolean {
  const { verb } = change;
  const before = verb === "insert" ? undefined : change.before;
  const after = verb === "delete" ? undefined : change.after;
  const isExempt = verb === "delete" || change.hasMadeId === true;
  const scope = { byName: fields, others, isTakenOut: verb === "delete", ask };
  return (
    partsAllow(before, after, scope, isExempt ? "_id" : undefined) &&
    (change.named ?? []).every((path) => pathAllows(path.split("."), before, after, scope))
  );
}

function isGiven(test: Expression | undefined, ask: Ask, own?: Value): boolean {
  return test !== undefined && ask(test, own);
}

interface Scope {
  readonly byName: ReadonlyMap<string, Field> | undefined;
  readonly others: ReadWrite;
  readonly isTakenOut: boolean;
  readonly ask: Ask;
}

function partsAllow(
  before: Doc | undefined,
  after: Doc | undefined,
  scope: Scope,
  exempt?: string,
): boolean {
  const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...names].every((name) => {
    const [was, is] = [before?.get(name), after?.get(name)];
    if (name === exempt || isSame(was, is)) return true;
    const field: Field = scope.byName?.get(name) ?? scope.others;
    if (isGiven(field.write, scope.ask, scope.isTakenOut ? was : is)) return true;
    return (
      field.fields !== undefined &&
      valueAllows(was, is, { ...scope, byName: field.fields, others: {} })
    );
  });
}

function valueAllows(was: Value | undefined, is: Value | undefined, scope: Scope): boolean {
  const both = [was, is];
  if (both.every((each): each is Doc | undefined => each === undefined || each instanceof Doc)) {
    const [before, after] = both as [Doc | undefined, Doc | undefined];
    return (before?.size ?? 0) + (after?.size ?? 0) > 0 && partsAllow(before, after, scope);
  }
  if (!both.every((each) => each === undefined || isArray(each))) return false;
  const [before, after] = both as [readonly Value[] | undefined, readonly Value[] | undefined];
  const length = Math.max(before?.length ?? 0, after?.length ?? 0);
  if (length === 0) return false;
  return Array.from({ length }, (_, index) => index).every(
    (index) =>
      isSame(before?.[index], after?.[index]) ||
      valueAllows(before?.[index], after?.[index], scope),
  );
}

function pathAllows(
  [name = "", ...rest]: readonly string[],
  before: Doc | undefined,
  after: Doc | undefined,
  scope: Scope,
): boolean {
  const field: Field = scope.byName?.get(name) ?? scope.others;
  if (isGiven(field.write, scope.ask, after?.get(name))) return true;
  if (rest.length === 0 || field.fields === undefined) return false;
  const [was, is] = [before?.get(name), after?.get(name)];
  return pathAllows(
    rest,
    was instanceof Doc ? was : undefined,
    is instanceof Doc ? is : undefined,
    { ...scope, byName: field.fields, others: {} },
  );
}

function isSame(left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return toText([left], "canonical") === toText([right], "canonical");
}

/** What an expression comes to, whatever the document; undefined where that decides. */
export function outcomeOf(test: Expression, asker: Asker): boolean | undefined {
  switch (test.kind) {
    case "constant":
      return test.value;
    case "not": {
      const outcome = outcomeOf(test.part, asker);
      return outcome === undefined ? undefined : !outcome;
    }
    case "and":
    case "or": {
      const outcomes = new Set(test.parts.map((each) => outcomeOf(each, asker)));
      const deciding = test.kind === "or";
      if (outcomes.has(deciding)) return deciding;
      return outcomes.has(undefined) ? undefined : !deciding;
    }
    case "test":
      return test.of === "team" ? holds(test, Doc.empty, asker) : undefined;
  }
}

/** Those that may apply to some document of the user. */
export function rolesOf({ roles }: Rules, asker: Asker): readonly Role[] {
  const found: Role[] = [];
  for (const role of roles) {
    const outcome = outcomeOf(role.applyWhen, asker);
    if (outcome !== false) found.push(role);
    if (outcome === true) break;
  }
  return found;
}

/** Whether a field is shown in every document, whatever it holds. */
export function isSurelyShown(path: string, rules: Rules, asker: Asker): boolean {
  const [name = ""] = path.split(".");
  return rolesOf(rules, asker).every(({ read, write, fields, additional }) => {
    if (read !== undefined || (write && outcomeOf(write, asker) === true)) return true;
    const field: ReadWrite = fields?.get(name) ?? additional ?? {};
    return [field.read, field.write].some((each) => each && outcomeOf(each, asker) === true);
  });
}
