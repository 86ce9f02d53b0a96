/** Expressions made simpler by what a request says: what is left depends on the document alone. */
import { equals } from "../../bson/compare.ts";
import type { Value } from "../../bson/value.ts";
import { chain, collect, type Eventual } from "./eventual.ts";
import { decide } from "./filter-test.ts";
import { testFilter } from "./filter.ts";
import {
  allOf,
  always,
  anyOf,
  callsFunctions,
  type Conversion,
  type ExpressionNode,
  isDocumentSource,
  isOfRequest,
  never,
  notOf,
  type Operand,
  type Reference,
} from "./node.ts";
import { convert } from "./operand.ts";
import { noDocuments, resolveOfRequest } from "./reference.ts";
import { type RequestEnvironment, resolve, runCall } from "./resolve.ts";

/** Replaces all that does not depend on a document by what it is for this request. */
export function specialize(
  node: ExpressionNode,
  environment: RequestEnvironment,
): Eventual<ExpressionNode> {
  switch (node.kind) {
    case "constant":
      return node;
    case "not":
      return chain(specialize(node.clause, environment), notOf);
    case "and":
    case "or":
      return specializeClauses(node, environment);
    case "call":
      return specializeCall(node, environment);
    case "query":
      return chain(settle(node.operand, environment), (operand): ExpressionNode => ({
        kind: "query",
        operand,
      }));
    case "test":
      return specializeTest(node, environment);
  }
}

/** Functions come last: what is at hand may decide without them. */
function specializeClauses(
  { kind, clauses }: Extract<ExpressionNode, { kind: "and" | "or" }>,
  environment: RequestEnvironment,
): Eventual<ExpressionNode> {
  const join = kind === "and" ? allOf : anyOf;
  const early = clauses.filter((each) => !callsFunctions(each));
  const late = clauses.filter(callsFunctions);
  return chain(collect(early.map((each) => specialize(each, environment))), (first) => {
    const known = join(first);
    if (late.length === 0 || isDecided(known, kind)) return known;
    return specializeRest(late, kind, known, environment);
  });
}

function specializeRest(
  late: readonly ExpressionNode[],
  kind: "and" | "or",
  known: ExpressionNode,
  environment: RequestEnvironment,
): Eventual<ExpressionNode> {
  const [next, ...rest] = late;
  if (next === undefined || isDecided(known, kind)) return known;
  const join = kind === "and" ? allOf : anyOf;
  return chain(specialize(next, environment), (made) =>
    specializeRest(rest, kind, join([known, made]), environment),
  );
}

function isDecided(node: ExpressionNode, kind: "and" | "or"): boolean {
  return node.kind === "constant" && node.value === (kind === "or");
}

function specializeCall(
  node: Extract<ExpressionNode, { kind: "call" }>,
  environment: RequestEnvironment,
): Eventual<ExpressionNode> {
  const { call, wanted } = node;
  if (call.args.every(isOfRequest))
    return chain(runCall(call, environment, noDocuments), (value) =>
      value === wanted ? always : never,
    );
  return chain(
    collect(call.args.map((each) => settle(each, environment))),
    (args): ExpressionNode => ({ kind: "call", call: { name: call.name, args }, wanted }),
  );
}

function specializeTest(
  node: Extract<ExpressionNode, { kind: "test" }>,
  environment: RequestEnvironment,
): Eventual<ExpressionNode> {
  const { left, operator } = node;
  return chain(settle(node.operand, environment), (operand): Eventual<ExpressionNode> => {
    if (left.source === "found" || isDocumentSource(left.source))
      return { kind: "test", left, operator, operand };
    const given = resolveOfRequest(
      left,
      environment.scope,
      environment.args,
      environment.readSecret,
    );
    return chain(given, (value) => testOfRequest(value, operator, operand));
  });
}

/** Tests that can be turned round: what the request says is compared with a field of the document. */
const turned: ReadonlyMap<string, string> = new Map([
  ["$eq", "$eq"],
  ["$ne", "$ne"],
  ["$in", "$holds"],
  ["$nin", "$lacks"],
  ["$gt", "$lt"],
  ["$gte", "$lte"],
  ["$lt", "$gt"],
  ["$lte", "$gte"],
]);

function testOfRequest(
  value: Value | undefined,
  operator: string,
  operand: Operand,
): ExpressionNode {
  if (operand.kind === "literal" || operand.kind === "found") {
    const origin = operand.kind === "literal" ? "file" : "request";
    return decide(value, testFilter("v", operator, operand.value, origin)) ? always : never;
  }
  const other = turned.get(operator);
  if (other !== undefined && operand.kind === "reference")
    return compareWith(operand.reference, other, value);
  if (operand.kind === "conversion" && (operator === "$eq" || operator === "$ne")) {
    const original = inverse(operand, value);
    if (original !== undefined) return compareWith(original.reference, operator, original.value);
  }
  return { kind: "test", left: { source: "found", path: "", value }, operator, operand };
}

function compareWith(left: Reference, operator: string, value: Value | undefined): ExpressionNode {
  return { kind: "test", left, operator, operand: { kind: "found", value } };
}

const inverses: Readonly<Record<Conversion, Conversion>> = {
  stringToOid: "oidToString",
  oidToString: "stringToOid",
  stringToUuid: "uuidToString",
  uuidToString: "stringToUuid",
};

/** What a field has to be, so that converted it is a value: an index can be asked for that. */
function inverse(
  { conversion, of }: Extract<Operand, { kind: "conversion" }>,
  value: Value | undefined,
): { readonly reference: Reference; readonly value: Value | undefined } | undefined {
  if (of.kind !== "reference") return undefined;
  const original = convert(inverses[conversion], value);
  const back = convert(conversion, original);
  const isSame = back !== undefined && value !== undefined && equals(back, value);
  return { reference: of.reference, value: isSame ? original : undefined };
}

/** An operand with all in it that is of the request found out. */
function settle(operand: Operand, environment: RequestEnvironment): Eventual<Operand> {
  if (operand.kind === "literal" || operand.kind === "found") return operand;
  if (!isOfRequest(operand)) return settleParts(operand, environment);
  return chain(resolve(operand, environment, noDocuments), (value): Operand => ({
    kind: "found",
    value,
  }));
}

function settleParts(operand: Operand, environment: RequestEnvironment): Eventual<Operand> {
  switch (operand.kind) {
    case "call":
      return chain(
        collect(operand.call.args.map((each) => settle(each, environment))),
        (args): Operand => ({ kind: "call", call: { name: operand.call.name, args } }),
      );
    case "document":
      return chain(
        collect(operand.values.map((each) => settle(each, environment))),
        (values): Operand => ({ kind: "document", keys: operand.keys, values }),
      );
    case "list":
      return chain(
        collect(operand.items.map((each) => settle(each, environment))),
        (items): Operand => ({ kind: "list", items }),
      );
    default:
      return operand;
  }
}
