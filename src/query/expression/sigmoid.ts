/** `$sigmoid` (MongoDB 8.1): as the server has it, short for other operators. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { isDoc, mustHave, readNamedArguments } from "./named-arguments.ts";
import type { CompileOperator } from "./operator.ts";

const compileSigmoid: CompileOperator = (operand, compiler) => {
  const isNamed = isDoc(operand) && operand.keys()[0]?.startsWith("$") !== true;
  if (!isNamed) return compiler.compile(sigmoidOf(operand));
  const named = readNamedArguments(operand, {
    names: ["input", "onNull"],
    notAnObject: [9, "$sigmoid expects an object of named arguments"],
    unknown: [40_415, (name) => `BSON field '$sigmoid.${name}' is an unknown field.`],
  });
  const input = mustHave(
    named,
    "input",
    40_414,
    "BSON field '$sigmoid.input' is missing but a required field",
  );
  const onNull = named.get("onNull");
  const whole = sigmoidOf(input);
  return compiler.compile(onNull === undefined ? whole : Doc.of({ $ifNull: [whole, onNull] }));
};

function sigmoidOf(input: Value): Doc {
  const negated = Doc.of({ $multiply: [-1, input] });
  const divisor = Doc.of({ $add: [1, Doc.of({ $exp: negated })] });
  return Doc.of({ $divide: [1, divisor] });
}

export const sigmoidOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$sigmoid", compileSigmoid],
]);
