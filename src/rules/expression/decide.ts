/** Simplified expressions, compiled: what they say of documents. */
import type { Value } from "../../bson/value.ts";
import { chain, type Eventual, someAnswer } from "./eventual.ts";
import { compileFilter, decide, wrap } from "./filter-test.ts";
import { testFilter, toFilter } from "./filter.ts";
import { callsFunctions, type ExpressionNode, isDocumentSource } from "./node.ts";
import { baseOf, type Documents, valueAt } from "./reference.ts";
import { type RequestEnvironment, resolve, runCall } from "./resolve.ts";

/** What a simplified expression says of documents. */
export type Decision = (documents: Documents) => Eventual<boolean>;

/** Compiles what `specialize` gave. */
export function evaluateNode(node: ExpressionNode, environment: RequestEnvironment): Decision {
  switch (node.kind) {
    case "constant":
      return () => node.value;
    case "not": {
      const inner = evaluateNode(node.clause, environment);
      return (documents) => chain(inner(documents), (value) => !value);
    }
    case "and":
    case "or": {
      const deciding = node.kind === "or";
      const late = node.clauses.filter(callsFunctions);
      const early = node.clauses.filter((each) => !callsFunctions(each));
      const inner = [...early, ...late].map((each) => evaluateNode(each, environment));
      return (documents) =>
        chain(
          someAnswer(inner, deciding, (each) => each(documents)),
          (isDecisive) => isDecisive === deciding,
        );
    }
    case "call":
      return (documents) =>
        chain(runCall(node.call, environment, documents), (value) => value === node.wanted);
    case "query": {
      const matches = compileFilter(toFilter(node, () => undefined).filter);
      return ({ root }) => root !== undefined && matches(root);
    }
    case "test":
      return evaluateTest(node, environment);
  }
}

function evaluateTest(
  node: Extract<ExpressionNode, { kind: "test" }>,
  environment: RequestEnvironment,
): Decision {
  const { left, operator, operand } = node;
  const path = left.path === "" ? "v" : `v.${left.path}`;
  if (operand.kind === "literal" || operand.kind === "found") {
    const filter = testFilter(
      path,
      operator,
      operand.value,
      operand.kind === "literal" ? "file" : "request",
    );
    const matches = compileFilter(filter);
    return (documents) => matches(wrap(baseOf(left, documents)));
  }
  return (documents) => {
    const given = resolve(operand, environment, documents);
    return chain(given, (value) => decideAgainst(node, value, documents));
  };
}

function decideAgainst(
  { left, operator, operand }: Extract<ExpressionNode, { kind: "test" }>,
  value: Value | undefined,
  documents: Documents,
): boolean {
  const base = baseOf(left, documents);
  const path = left.path === "" ? "v" : `v.${left.path}`;
  // Of two fields that are both missing none has changed: they are equal.
  const comparesFields = operand.kind === "reference" && isDocumentSource(operand.reference.source);
  if (value === undefined && comparesFields && (operator === "$eq" || operator === "$ne"))
    return (valueAt(base, left.path) === undefined) === (operator === "$eq");
  return decide(base, testFilter(path, operator, value, comparesFields ? "document" : "request"));
}
