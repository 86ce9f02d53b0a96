import { describe, expect, test } from "vitest";
import { evaluateText, expressionEnvironment } from "../../test/support/expression.ts";
import { Doc } from "../bson/doc.ts";
import { parseEjson, parseEjsonValue } from "../bson/parse-ejson.ts";
import { toText } from "../bson/stringify.ts";
import type { Value } from "../bson/value.ts";
import type { QueryEnvironment } from "./environment.ts";
import { compileExpression, compileExpressionFor } from "./expression.ts";

const parse = (text: string): Value => parseEjsonValue(Buffer.from(text));
const parseDoc = (text: string): Doc => parseEjson(Buffer.from(text));
const print = (value: Value | undefined): string =>
  value === undefined ? "missing" : toText(value, "relaxed");

describe("compileExpression", () => {
  test.for([
    ["1", true],
    ['"x"', true],
    ['{"$add":[1,2]}', true],
    ['{"a":[1,{"$concat":["a","b"]}]}', true],
    ['"$$NOW"', true],
    ['"$a"', false],
    ['{"$add":[1,"$a"]}', false],
    ['{"$rand":{}}', false],
  ] as const)("%s is constant: %s", ([spec, isConstant]) => {
    const { constant } = compileExpression(parse(spec), expressionEnvironment);
    expect(constant !== undefined).toBe(isConstant);
  });

  test("variables of the environment are read when evaluating", () => {
    const variables = new Map<string, Value | undefined>([["x", 1]]);
    const environment: QueryEnvironment = { ...expressionEnvironment, variables };
    const expression = compileExpression(parse('["$$x","$$x.a"]'), environment);
    expect(print(expression.evaluate(Doc.empty))).toBe("[1,null]");
    variables.set("x", parseDoc('{"a":2}'));
    expect(print(expression.evaluate(Doc.empty))).toBe('[{"a":2},2]');
  });

  test("an inner variable hides the environment's", () => {
    const environment = { ...expressionEnvironment, variables: new Map([["x", 1]]) };
    const expression = compileExpression(
      parse('{"$let":{"vars":{"x":2},"in":"$$x"}}'),
      environment,
    );
    expect(expression.evaluate(Doc.empty)).toBe(2);
  });

  test.for([
    ['{"$constructor":1}', "168 Unrecognized expression '$constructor'"],
    ['{"$__proto__":1}', "168 Unrecognized expression '$__proto__'"],
    ['{"$function":{}}', "2 $function is not allowed in this context"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec)).toBe(wanted);
  });

  test("nesting has a bound", () => {
    let spec: Value = 1;
    for (let level = 0; level < 300; level += 1) spec = Doc.of({ $abs: spec });
    expect(() => compileExpression(spec, expressionEnvironment)).toThrow(
      "expression exceeds maximum nested object depth: 200",
    );
  });

  test.for([
    [
      '{"__proto__":"$a","constructor":1}',
      '{"__proto__":{"$numberInt":"5"},"constructor":{"$numberInt":"1"}}',
    ],
    ['"$__proto__"', "missing"],
    ['"$constructor.name"', "missing"],
  ] as const)("prototype keys are plain names: %s", ([spec, wanted]) => {
    expect(evaluateText(spec, '{"a":5}')).toBe(wanted);
  });
});

describe("compileExpressionFor", () => {
  test("sets variables and the current document", () => {
    const expression = compileExpressionFor(
      parse('["$a","$$ROOT.a","$$this","$$new.a"]'),
      expressionEnvironment,
      { variables: ["this", "new"] },
    );
    const root = parseDoc('{"a":1}');
    const current = parseDoc('{"a":2}');
    expect(print(expression.evaluate(root, ["x", current], current))).toBe('[2,1,"x",2]');
    expect(print(expression.evaluate(root, ["x", undefined]))).toBe('[1,1,"x",null]');
  });

  test("hands a failure over instead of throwing it", () => {
    const spec = parse('{"$cond":["$a",1,{"$divide":[1,0]}]}');
    const expression = compileExpressionFor(spec, expressionEnvironment, { keepsFailure: true });
    expect(expression.failure?.message).toBe("can't $divide by zero");
    expect(expression.evaluate(parseDoc('{"a":1}'))).toBe(1);
    expect(() => compileExpressionFor(spec, expressionEnvironment)).toThrow(
      "can't $divide by zero",
    );
  });
});

describe("an evaluation ends", () => {
  const many = '{"$range":[0,"$n"]}';
  const grow = (step: string, initial = '"x"'): string =>
    `{"$reduce":{"input":${many},"initialValue":${initial},"in":${step}}}`;
  test.for([
    [
      "loops within loops",
      `{"$map":{"input":${many},"in":{"$map":{"input":${many},"in":{"$map":{"input":${many},"in":1}}}}}}`,
      /^(?:50|10334) /,
    ],
    ["arrays of arrays", grow('["$$value","$$value"]'), /^10334 /],
    ["documents of documents", grow('{"a":"$$value","b":"$$value"}'), /^10334 /],
    [
      "doubling arrays",
      grow('{"$concatArrays":["$$value","$$value"]}', "[1]"),
      /^(?:50|146|10334) /,
    ],
    ["doubling texts", grow('{"$concat":["$$value","$$value"]}'), /^\d+ /],
    ["merging", grow('{"$mergeObjects":[{"a":"$$value","b":["$$value"]}]}'), /^10334 /],
  ] as const)("%s", ([, spec, wanted]) => {
    expect(evaluateText(spec, '{"n":2000}')).toMatch(wanted);
  });
});
