/**
 * Rule expressions: compiled once per deployment, evaluated per call or per document.
 *
 * `can_evaluate`, `apply_when`, permissions and `validate` are such expressions. To add an operator: see
 * `expression/parse.ts`; an expansion: `expression/reference.ts`.
 *
 * @module
 */
import type { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { Expression } from "../config/app-config.ts";
import { evaluateNode } from "./expression/decide.ts";
import { chain, type Eventual } from "./expression/eventual.ts";
import { type ExpressionNode, never, type Source, sourcesOf } from "./expression/node.ts";
import { parseExpression, parseQuery, type Steps } from "./expression/parse.ts";
import type { Documents } from "./expression/reference.ts";
import type { RequestEnvironment } from "./expression/resolve.ts";
import { specialize } from "./expression/specialize.ts";

export type { ReadSecret } from "./expression/reference.ts";
export type { RequestEnvironment } from "./expression/resolve.ts";

/**
 * Where an expression stands, which decides what it may read: `document`: a role or a schema; `call`: `can_evaluate`, whose
 * bare names are arguments; `request`: a filter, which is asked before any document is read.
 */
export type ExpressionPlace = "document" | "call" | "request";

export interface CompiledExpression {
  readonly node: ExpressionNode;
  readonly sources: ReadonlySet<Source>;
}

export interface ExpressionProblem {
  /** Field names and positions, from the expression on. */
  readonly path: Steps;
  readonly message: string;
}

/**
 * Compiles an expression. One with a mistake is false whatever it is asked: it must not open anything.
 *
 * @param onProblem is told each mistake; a deployment with one is refused
 */
export function compileExpression(
  expression: Expression,
  place: ExpressionPlace,
  onProblem?: (problem: ExpressionProblem) => void,
): CompiledExpression {
  let isSound = true;
  const parsed = parseExpression(expression, {
    bare: barePlaces[place],
    hasDocument: place === "document",
    wrong(path, message) {
      isSound = false;
      onProblem?.({ path, message });
    },
  });
  const node = isSound ? parsed : never;
  return { node, sources: sourcesOf(node) };
}

/**
 * Compiles the query of a filter: an expression, or any filter of MongoDB's with expansions for values.
 *
 * @param onProblem as for `compileExpression`
 */
export function compileQuery(
  query: Doc,
  onProblem?: (problem: ExpressionProblem) => void,
): CompiledExpression {
  const problems: ExpressionProblem[] = [];
  const asExpression = compileExpression(query, "document", (each) => problems.push(each));
  if (problems.length === 0) return asExpression;
  const node = parseQuery(query);
  if (node !== undefined) return { node, sources: sourcesOf(node) };
  for (const each of problems) onProblem?.(each);
  return asExpression;
}

const barePlaces = { document: "root", call: "args", request: undefined } as const;

/** What an expression is evaluated with. A document or value that there is none of is absent. */
export interface ExpressionEnvironment extends RequestEnvironment {
  /** The document after the write; on reading, the document. */
  readonly root?: Doc | undefined;
  /** The document before the write; on reading, the document. */
  readonly prevRoot?: Doc | undefined;
  /** The field's value after the write. */
  readonly this?: Value | undefined;
  /** The field's value before the write. */
  readonly prev?: Value | undefined;
}

/**
 * Whether an expression holds; a promise only where a function has to be called or a secret to be read for it.
 *
 * A function that fails makes its test false.
 */
export function evaluate(
  compiled: CompiledExpression,
  environment: ExpressionEnvironment,
): Eventual<boolean> {
  const documents: Documents = {
    root: environment.root,
    prevRoot: environment.prevRoot,
    this: environment.this,
    prev: environment.prev,
  };
  return chain(specialize(compiled.node, environment), (node) =>
    evaluateNode(node, environment)(documents),
  );
}
