import { expect, test } from "vitest";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import type { Value } from "../bson/value.ts";
import type { Expression } from "../config/app-config.ts";
import { compileExpression, type ExpressionPlace } from "./expressions.ts";

function toValue(text: unknown): Value {
  return parseEjsonValue(Buffer.from(JSON.stringify(text)));
}

test.for<[expression: unknown, place: ExpressionPlace, problem: string]>([
  [{ "%%usr.id": 1 }, "document", "%%usr.id: there is no expansion %%usr.id"],
  [{ owner: "%%usr.id" }, "document", "owner: there is no expansion %%usr.id"],
  [{ "%xor": [] }, "document", "%xor: there is no operator %xor"],
  [{ a: { "%gt": 1, $foo: 2 } }, "document", "a.$foo: there is no operator $foo"],
  [{ a: { $foo: 2 } }, "document", "a.$foo: $foo can not stand here"],
  [
    { $gt: 1 },
    "document",
    "$gt: $gt has nothing to compare: it stands within a field or an expansion",
  ],
  [{ "%and": { a: 1 } }, "document", "%and: %and takes a list of expressions"],
  [{ "%or": [] }, "document", "%or: %or takes a list of expressions"],
  [{ "%or": [{ a: 1 }, 5] }, "document", "%or.1: expected true, false or an object"],
  [{ "%not": 1 }, "document", "%not: expected true, false or an object"],
  [{ a: { $not: 1 } }, "document", "a.$not: $not takes an object of operators"],
  [
    { "%function": { arguments: [] } },
    "document",
    "%function: a function has a name and arguments",
  ],
  [
    { "%function": { name: "f", arguments: {} } },
    "document",
    "%function.arguments: expected a list",
  ],
  [
    { a: { "%stringToOid": { "%function": { name: "f" } } } },
    "document",
    "a.%stringToOid: %stringToOid takes a plain value or an expansion",
  ],
  [{ "%%root.a": 1 }, "call", "%%root.a: there is no document here that %%root.a could be"],
  [{ x: "%%this" }, "call", "x: there is no document here that %%this could be"],
  [{ a: 1 }, "request", "a: there is no document here whose field a could be"],
])("expressions: what is wrong is told: %j in a %s", ([expression, place, problem]) => {
  const problems: string[] = [];
  compileExpression(toValue(expression) as Expression, place, ({ path, message }) =>
    problems.push(`${path.join(".")}: ${message}`),
  );
  expect(problems).toEqual([problem]);
});
