/** Whether a user may make of one document another one. */
import { Doc } from "../bson/doc.ts";
import { isArray, typeOf, type Value } from "../bson/value.ts";
import type { Findings, NamespaceTally } from "../config/findings.ts";
import { Fault } from "../kit/fault.ts";
import { chain, collect, type Eventual } from "./expression/eventual.ts";
import { never } from "./expression/node.ts";
import type { Documents } from "./expression/reference.ts";
import type { CompiledExpression } from "./expressions.ts";
import { type NamespaceAccess, roleOf } from "./namespace-access.ts";
import type { CompiledField, CompiledRole, ReadWrite } from "./namespace-rules.ts";
import { hasFilters } from "./document-view.ts";

/** A document before and after; one of both may be absent. */
export interface Change {
  readonly verb: "insert" | "update" | "delete";
  readonly before: Doc | undefined;
  readonly after: Doc | undefined;
  /** Whether the server made the `_id`, for which nobody needs a permission. */
  readonly hasMadeId?: boolean;
  /** Paths that the update names and that the user may not see: even to leave them as they are tells something. */
  readonly named?: readonly string[];
}

/** Asks an expression about the document as it was, or as it becomes. */
type Ask = (expression: CompiledExpression, documents: Documents) => Eventual<boolean>;

/**
 * Throws where a role, or the lack of one, denies a change.
 *
 * @param findings is told whose the document is, and why the change is denied, which its sender is not
 * @throws {Fault} `NoMatchingRuleFound`, in the same words whatever the reason, which is its cause
 */
export function mustBePermitted(
  change: Change,
  access: NamespaceAccess,
  findings?: Findings,
): Eventual<void> {
  const { verb, before, after } = change;
  const documents: Documents =
    verb === "delete"
      ? // What is taken out stays as it is until then.
        { root: before, prevRoot: before, this: undefined, prev: undefined }
      : { root: after, prevRoot: before, this: undefined, prev: undefined };
  const namespace = `${access.database}.${access.collection}`;
  const tally = findings?.tallyOf(namespace);
  const denied = (reason: string): Fault => {
    findings?.remark(`${namespace}: ${verb} not permitted: ${reason}`);
    return notPermitted(verb, reason);
  };
  return chain(access.roles(), (roles) =>
    chain(findReason({ change, documents, roles, ask: access.decide, tally }), (reason) => {
      if (reason !== undefined) throw denied(reason);
      if (verb !== "update") return undefined;
      const asBefore = { change, documents, roles, ask: access.decideBefore };
      return chain(findReason(asBefore), (formerReason) => {
        if (formerReason !== undefined) throw denied(formerReason);
      });
    }),
  );
}

export function notPermitted(verb: Change["verb"], reason: string): Fault {
  return new Fault("NoMatchingRuleFound", `${verb} not permitted`, { cause: new Error(reason) });
}

/** Why not; undefined where nothing speaks against it. */
type Reason = string | undefined;

function findReason({
  change,
  documents,
  roles,
  ask,
  tally,
}: {
  readonly change: Change;
  readonly documents: Documents;
  readonly roles: readonly CompiledRole[];
  readonly ask: Ask;
  readonly tally?: NamespaceTally | undefined;
}): Eventual<Reason> {
  return chain(
    roleOf(roles, (role) => ask(role.applyWhen, documents)),
    (role) => {
      tally?.add(role?.name, 1);
      return role === undefined ? "no role applies" : findRoleReason(change, documents, role, ask);
    },
  );
}

function findRoleReason(
  change: Change,
  documents: Documents,
  role: CompiledRole,
  ask: Ask,
): Eventual<Reason> {
  const { verb } = change;
  const verbExpression = verb === "update" ? undefined : role[verb];
  return firstReason([
    () =>
      hasFilters(role)
        ? need(
            role.documentFilters?.write,
            documents,
            ask,
            `document_filters.write of ${role.name}`,
          )
        : undefined,
    () =>
      verbExpression === undefined
        ? undefined
        : need(verbExpression, documents, ask, `${verb} of ${role.name}`),
    () => findFieldReason(change, documents, role, ask),
  ]);
}

function firstReason(asked: readonly (() => Eventual<Reason>)[]): Eventual<Reason> {
  const [first, ...rest] = asked;
  if (first === undefined) return undefined;
  return chain(first(), (reason) => reason ?? firstReason(rest));
}

function need(
  expression: CompiledExpression | undefined,
  documents: Documents,
  ask: Ask,
  what: string,
): Eventual<Reason> {
  if (expression === undefined) return what;
  return chain(ask(expression, documents), (holds) => (holds ? undefined : what));
}

/** The document's own `write`; where that leaves it to the fields, those that change. */
function findFieldReason(
  change: Change,
  documents: Documents,
  role: CompiledRole,
  ask: Ask,
): Eventual<Reason> {
  const { write, leavesWriteToFields, additionalFields, fields } = role;
  if (write !== undefined && !leavesWriteToFields)
    return need(write, documents, ask, `write of ${role.name}`);
  const others = leavesWriteToFields ? {} : additionalFields;
  const before = change.verb === "insert" ? undefined : change.before;
  const after = change.verb === "delete" ? undefined : change.after;
  const context: FieldContext = { documents, ask, role, isTakenOut: change.verb === "delete" };
  const exempt = change.verb === "delete" || change.hasMadeId === true ? "_id" : undefined;
  return firstReason([
    () => findChangedReason(before, after, { byName: fields, others, path: "", exempt }, context),
    ...(change.named ?? []).map(
      (path) => () => findNamedReason(path, before, after, fields, others, context),
    ),
  ]);
}

interface FieldContext {
  readonly documents: Documents;
  readonly ask: Ask;
  readonly role: CompiledRole;
  /** Then a value is what it was until the end. */
  readonly isTakenOut: boolean;
}

interface FieldScope {
  readonly byName: ReadonlyMap<string, CompiledField> | undefined;
  readonly others: ReadWrite | undefined;
  /** Of the document whose fields they are; ends with a dot. */
  readonly path: string;
  readonly exempt?: string | undefined;
}

function findChangedReason(
  before: Doc | undefined,
  after: Doc | undefined,
  scope: FieldScope,
  context: FieldContext,
): Eventual<Reason> {
  const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  const asked: (() => Eventual<Reason>)[] = [];
  for (const name of names) {
    if (name === scope.exempt) continue;
    const [former, next] = [before?.get(name), after?.get(name)];
    if (isSame(former, next)) continue;
    const field = scope.byName?.get(name) ?? scope.others ?? {};
    asked.push(() => findValueReason(former, next, field, `${scope.path}${name}`, context));
  }
  return firstReason(asked);
}

function findValueReason(
  former: Value | undefined,
  next: Value | undefined,
  field: CompiledField,
  path: string,
  context: FieldContext,
): Eventual<Reason> {
  const { documents, ask, role, isTakenOut } = context;
  const denied = `write of field ${path} of ${role.name}`;
  const own: Documents = { ...documents, this: isTakenOut ? former : next, prev: former };
  return chain(need(field.write, own, ask, denied), (reason) => {
    if (reason === undefined || field.fields === undefined) return reason;
    return findInnerReason(
      former,
      next,
      { byName: field.fields, others: undefined, path: `${path}.` },
      context,
    );
  });
}

/** A value of which only parts may be written: what changes has to lie in them. */
function findInnerReason(
  former: Value | undefined,
  next: Value | undefined,
  scope: FieldScope,
  context: FieldContext,
): Eventual<Reason> {
  if (isDocOrNothing(former) && isDocOrNothing(next)) {
    // Nothing of it is a field that somebody could have been allowed to write.
    if ((former?.size ?? 0) + (next?.size ?? 0) === 0) return `write of field ${scope.path}`;
    return findChangedReason(former, next, scope, context);
  }
  if (!isListOrNothing(former) || !isListOrNothing(next)) return `write of field ${scope.path}`;
  const length = Math.max(former?.length ?? 0, next?.length ?? 0);
  if (length === 0) return `write of field ${scope.path}`;
  return firstReason(
    Array.from({ length }, (_, index) => () => {
      const [was, is] = [former?.[index], next?.[index]];
      return isSame(was, is) ? undefined : findInnerReason(was, is, scope, context);
    }),
  );
}

function isDocOrNothing(value: Value | undefined): value is Doc | undefined {
  return value === undefined || value instanceof Doc;
}

function isListOrNothing(value: Value | undefined): value is readonly Value[] | undefined {
  return value === undefined || isArray(value);
}

/** For a field that the user may not see nothing less counts than that they may write it. */
function findNamedReason(
  path: string,
  before: Doc | undefined,
  after: Doc | undefined,
  fields: ReadonlyMap<string, CompiledField> | undefined,
  others: ReadWrite,
  context: FieldContext,
): Eventual<Reason> {
  const { documents, ask, role } = context;
  const [name = "", ...rest] = path.split(".");
  const own: Documents = { ...documents, this: after?.get(name), prev: before?.get(name) };
  const denied = `write of field ${path} of ${role.name}`;
  const field: CompiledField = fields?.get(name) ?? others;
  return chain(need(field.write, own, ask, denied), (reason) => {
    if (reason === undefined || rest.length === 0 || field.fields === undefined) return reason;
    const [was, is] = [before?.get(name), after?.get(name)];
    return findNamedReason(
      rest.join("."),
      was instanceof Doc ? was : undefined,
      is instanceof Doc ? is : undefined,
      field.fields,
      {},
      context,
    );
  });
}

/** As stored: another type of number is another value. */
function isSame(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined || typeOf(left) !== typeOf(right)) return false;
  if (typeof left !== "object" || typeof right !== "object") return false;
  if (left instanceof Doc && right instanceof Doc) return left.toBytes().equals(right.toBytes());
  if (isArray(left) && isArray(right))
    return left.length === right.length && left.every((each, index) => isSame(each, right[index]));
  return toBytes(left).equals(toBytes(right));
}

function toBytes(value: Value): Buffer {
  return Doc.fromParts(["v"], [value]).toBytes();
}

/** Whether a user may insert, change and take out whatever they see. */
export function mayWriteAll(access: NamespaceAccess): Eventual<boolean> {
  return chain(access.roles(), (roles) => {
    const [role, ...others] = roles;
    if (role === undefined || others.length > 0) return false;
    const { applyWhen, documentFilters, write } = role;
    const needed = [
      applyWhen,
      write,
      ...(hasFilters(role) ? [documentFilters?.write] : []),
      ...(role.insert === undefined ? [] : [role.insert]),
      ...(role.delete === undefined ? [] : [role.delete]),
    ];
    return chain(
      collect(needed.map((each) => (each === undefined ? never : access.node(each)))),
      (nodes) => nodes.every((node) => node.kind === "constant" && node.value),
    );
  });
}
