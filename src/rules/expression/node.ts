/** Rule expressions, parsed: what the files beside this one check, simplify, evaluate and turn into filters. */
import type { Value } from "../../bson/value.ts";

/** Where a value comes from; what the last four give changes with the document. */
export type Source =
  | "user"
  | "request"
  | "values"
  | "environment"
  | "args"
  | "root"
  | "prevRoot"
  | "this"
  | "prev";

export interface Reference {
  readonly source: Source;
  /** Dotted; empty for the whole. */
  readonly path: string;
}

/** What a test looks at: a value of the document, or one of the request that has been found out. */
export type Left =
  | Reference
  | { readonly source: "found"; readonly path: ""; readonly value: Value | undefined };

export type Conversion = "stringToOid" | "oidToString" | "stringToUuid" | "uuidToString";

export interface Call {
  readonly name: string;
  readonly args: readonly Operand[];
}

/** What a field is compared with. */
export type Operand =
  | { readonly kind: "literal"; readonly value: Value }
  /** Found out before: what a reference or a call gave, for this request. Undefined: nothing. */
  | { readonly kind: "found"; readonly value: Value | undefined }
  | { readonly kind: "reference"; readonly reference: Reference }
  | { readonly kind: "conversion"; readonly conversion: Conversion; readonly of: Operand }
  | { readonly kind: "call"; readonly call: Call }
  | {
      readonly kind: "document";
      readonly keys: readonly string[];
      readonly values: readonly Operand[];
    }
  | { readonly kind: "list"; readonly items: readonly Operand[] };

export type ExpressionNode =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "and" | "or"; readonly clauses: readonly ExpressionNode[] }
  | { readonly kind: "not"; readonly clause: ExpressionNode }
  /** Whether a function gives `wanted`, and nothing that is merely like it. */
  | { readonly kind: "call"; readonly call: Call; readonly wanted: boolean }
  /** A whole filter of MongoDB's, with operators that expressions do not have. */
  | { readonly kind: "query"; readonly operand: Operand }
  | {
      readonly kind: "test";
      readonly left: Left;
      /** MongoDB's name of it. Besides, `$holds`: an array that has the operand, or one of its elements; `$lacks`. */
      readonly operator: string;
      readonly operand: Operand;
    };

export const always: ExpressionNode = { kind: "constant", value: true };
export const never: ExpressionNode = { kind: "constant", value: false };

export function isDocumentSource(source: Source | "found"): boolean {
  return source === "root" || source === "prevRoot" || source === "this" || source === "prev";
}

/** The sources that an expression reads, of which a function's arguments are part. */
export function sourcesOf(node: ExpressionNode): ReadonlySet<Source> {
  const found = new Set<Source>();
  addSources(node, found);
  return found;
}

function addSources(node: ExpressionNode, found: Set<Source>): void {
  switch (node.kind) {
    case "constant":
      return;
    case "and":
    case "or":
      for (const each of node.clauses) addSources(each, found);
      return;
    case "not":
      addSources(node.clause, found);
      return;
    case "call":
      for (const each of node.call.args) addOperandSources(each, found);
      return;
    case "query":
      found.add("root");
      addOperandSources(node.operand, found);
      return;
    case "test":
      if (node.left.source !== "found") found.add(node.left.source);
      addOperandSources(node.operand, found);
  }
}

function addOperandSources(operand: Operand, found: Set<Source>): void {
  switch (operand.kind) {
    case "literal":
    case "found":
      return;
    case "reference":
      found.add(operand.reference.source);
      return;
    case "conversion":
      addOperandSources(operand.of, found);
      return;
    case "call":
      for (const each of operand.call.args) addOperandSources(each, found);
      return;
    case "document":
      for (const each of operand.values) addOperandSources(each, found);
      return;
    case "list":
      for (const each of operand.items) addOperandSources(each, found);
  }
}

/** Whether an operand is known once the request is, whatever the document. */
export function isOfRequest(operand: Operand): boolean {
  const found = new Set<Source>();
  addOperandSources(operand, found);
  return ![...found].some(isDocumentSource);
}

/** All of them; nothing to ask for where one is false. */
export function allOf(clauses: readonly ExpressionNode[]): ExpressionNode {
  return joined("and", clauses);
}

export function anyOf(clauses: readonly ExpressionNode[]): ExpressionNode {
  return joined("or", clauses);
}

/** @param kind `and`: false decides and true does not count; `or`: the other way round */
function joined(kind: "and" | "or", clauses: readonly ExpressionNode[]): ExpressionNode {
  const deciding = kind === "or";
  const open: ExpressionNode[] = [];
  for (const each of clauses) {
    if (each.kind !== "constant") open.push(each);
    else if (each.value === deciding) return each;
  }
  if (open.length === 0) return deciding ? never : always;
  return open.length === 1 ? (open[0] as ExpressionNode) : { kind, clauses: open };
}

export function notOf(clause: ExpressionNode): ExpressionNode {
  if (clause.kind === "constant") return clause.value ? never : always;
  return clause.kind === "not" ? clause.clause : { kind: "not", clause };
}

/** Functions cost more than all else: they are asked last. */
export function callsFunctions(node: ExpressionNode): boolean {
  switch (node.kind) {
    case "constant":
      return false;
    case "not":
      return callsFunctions(node.clause);
    case "and":
    case "or":
      return node.clauses.some(callsFunctions);
    case "call":
      return true;
    case "query":
    case "test":
      return holdsCall(node.operand);
  }
}

function holdsCall(operand: Operand): boolean {
  switch (operand.kind) {
    case "call":
      return true;
    case "document":
      return operand.values.some(holdsCall);
    case "list":
      return operand.items.some(holdsCall);
    default:
      return false;
  }
}

/**
 * The expression for the document as it was before a write. What looks at the new document alone then looks at the
 * former one; what knows of both, or of the value that is written, says the same as before.
 *
 * Atlas: so a write has to be allowed on the document before and after, and a condition on the change itself is asked once.
 */
export function atBefore(node: ExpressionNode): ExpressionNode {
  switch (node.kind) {
    case "constant":
    case "query":
      return node;
    case "and":
    case "or":
      return { kind: node.kind, clauses: node.clauses.map(atBefore) };
    case "not":
      return { kind: "not", clause: atBefore(node.clause) };
    case "call":
      return looksAtRootAlone(node)
        ? { ...node, call: { ...node.call, args: node.call.args.map(operandBefore) } }
        : node;
    case "test":
      return looksAtRootAlone(node)
        ? { ...node, left: leftBefore(node.left), operand: operandBefore(node.operand) }
        : node;
  }
}

function looksAtRootAlone(node: ExpressionNode): boolean {
  const documents = [...sourcesOf(node)].filter(isDocumentSource);
  return documents.length === 1 && documents[0] === "root";
}

function leftBefore(left: Left): Left {
  return left.source === "root" ? { source: "prevRoot", path: left.path } : left;
}

function operandBefore(operand: Operand): Operand {
  switch (operand.kind) {
    case "literal":
    case "found":
      return operand;
    case "reference": {
      const { source, path } = operand.reference;
      return source === "root"
        ? { kind: "reference", reference: { source: "prevRoot", path } }
        : operand;
    }
    case "conversion":
      return { ...operand, of: operandBefore(operand.of) };
    case "call":
      return {
        kind: "call",
        call: { ...operand.call, args: operand.call.args.map(operandBefore) },
      };
    case "document":
      return { ...operand, values: operand.values.map(operandBefore) };
    case "list":
      return { ...operand, items: operand.items.map(operandBefore) };
  }
}
