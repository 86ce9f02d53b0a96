/** Random rule expressions: how they are written, and what they say of a document, told as simply as can be. */
import { Doc } from "../../src/bson/doc.ts";
import { DateTime, type Value } from "../../src/bson/value.ts";
import type { QueryEnvironment } from "../../src/query/environment.ts";
import { compileMatch } from "../../src/query/match.ts";
import type { Random } from "../differential/random.ts";

export interface Asker {
  readonly id: string;
  readonly team: string;
}

type Operand = { readonly literal: Value } | { readonly of: keyof Asker };

export type Expression =
  | { readonly kind: "constant"; readonly value: boolean }
  | {
      readonly kind: "test";
      readonly of: "root" | "bare" | "this" | "team";
      readonly path: string;
      readonly operator: string;
      readonly operand: Operand;
    }
  | { readonly kind: "and" | "or"; readonly parts: readonly Expression[] }
  | { readonly kind: "not"; readonly part: Expression };

/** No `_id`: its index would give what an `or` of conditions finds in an order of its own. */
export const paths: readonly string[] = [
  "a",
  "b",
  "b.c",
  "b.d",
  "l",
  "s",
  "s.p",
  "s.q",
  "owner",
  "gone",
];
export const owners: readonly string[] = ["u0", "u1", "u2"];
export const teams: readonly string[] = ["red", "blue"];

export function randomValue(random: Random): Value {
  return random.pick<Value>([0, 1, 2, 3, "x", "X", "u0", "u1", null, true]);
}

/** @param withThis whether the expression stands at a field */
export function randomExpression(random: Random, depth: number, withThis = false): Expression {
  if (random.chance(0.25)) return { kind: "constant", value: random.chance(0.6) };
  if (depth > 0 && random.chance(0.3)) {
    if (random.chance(0.3))
      return { kind: "not", part: randomExpression(random, depth - 1, withThis) };
    const parts = [0, 1].map(() => randomExpression(random, depth - 1, withThis));
    return { kind: random.chance(0.5) ? "and" : "or", parts };
  }
  if (random.chance(0.2))
    return {
      kind: "test",
      of: "team",
      path: "",
      operator: "eq",
      operand: { literal: random.pick(teams) },
    };
  const of = withThis && random.chance(0.5) ? "this" : random.pick(["root", "bare"] as const);
  if (random.chance(0.35) && of !== "this")
    return { kind: "test", of, path: "owner", operator: "eq", operand: { of: "id" } };
  const operator = random.pick(["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "exists"]);
  return {
    kind: "test",
    of,
    path: random.pick(paths),
    operator,
    operand: { literal: operandFor(random, operator) },
  };
}

function operandFor(random: Random, operator: string): Value {
  if (operator === "exists") return random.chance(0.5);
  if (operator === "in" || operator === "nin") return [randomValue(random), randomValue(random)];
  return operator === "eq" || operator === "ne"
    ? randomValue(random)
    : random.pick<Value>([0, 1, 2, "x"]);
}

/** As it stands in a file. */
export function write(expression: Expression): boolean | Record<string, unknown> {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "and":
    case "or":
      return { [`%${expression.kind}`]: expression.parts.map(write) };
    case "not":
      return { "%not": write(expression.part) };
    case "test": {
      const { operator, operand } = expression;
      const value = "of" in operand ? "%%user.id" : operand.literal;
      return { [leftOf(expression)]: operator === "eq" ? value : { [`%${operator}`]: value } };
    }
  }
}

function leftOf({ of, path }: Extract<Expression, { kind: "test" }>): string {
  switch (of) {
    case "root":
      return `%%root.${path}`;
    case "bare":
      return path;
    case "this":
      return "%%this";
    case "team":
      return "%%user.data.team";
  }
}

export const environment: QueryEnvironment = {
  now: new DateTime(0),
  random: () => 0.5,
  variables: new Map(),
};

/** @param own the field's value, for `%%this` */
export function holds(expression: Expression, doc: Doc, asker: Asker, own?: Value): boolean {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "and":
      return expression.parts.every((each) => holds(each, doc, asker, own));
    case "or":
      return expression.parts.some((each) => holds(each, doc, asker, own));
    case "not":
      return !holds(expression.part, doc, asker, own);
    case "test": {
      const { of, path, operator, operand } = expression;
      const value = "of" in operand ? asker[operand.of] : operand.literal;
      if (of === "team") return asker.team === value;
      const [subject, at] =
        of === "this" ? [own === undefined ? Doc.empty : Doc.of({ v: own }), "v"] : [doc, path];
      const filter = Doc.fromParts([at], [Doc.fromParts([`$${operator}`], [value])]);
      return compileMatch(filter, environment).matches(subject);
    }
  }
}
