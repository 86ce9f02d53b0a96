/** `$function`. */
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { sourceOf } from "../code.ts";
import { isDoc, mustHave } from "./named-arguments.ts";
import type { CompileOperator } from "./operator.ts";

const compileFunction: CompileOperator = (operand, compiler, name) => {
  const { code } = compiler.environment;
  if (code === undefined) throw new MongoError(2, `${name} is not allowed in this context`);
  if (!isDoc(operand))
    throw new MongoError(
      31_260,
      `$function requires an object as an argument, found: ${typeName(operand)}`,
    );
  const body = mustHave(operand, "body", 31_261, "The body function must be specified.");
  const source = readBody(body, compiler.compile(body).constant !== undefined);
  // Not optimized on the server.
  const { evaluate: args } = compiler.compileApart(
    mustHave(operand, "args", 31_263, "The args field must be specified."),
  );
  const language = mustHave(operand, "lang", 31_418, "The lang field must be specified.");
  if (language !== "js")
    throw new MongoError(31_419, "Currently the only supported language specifier is 'js'.");
  const call = code.compileFunction(source);
  // Never folded: what code gives may be another value each time.
  return (frame) => {
    const given = args(frame);
    if (!isArray(given)) throw new MongoError(31_266, "The args field must be of type array");
    return call(given);
  };
};

function readBody(body: Value, isConstant: boolean): string {
  const isExpression = isDoc(body) || isArray(body);
  if (!isConstant || isExpression)
    throw new MongoError(31_432, "The body function must be a constant expression");
  const source = sourceOf(body);
  if (source === undefined)
    throw new MongoError(31_262, "The body function must evaluate to type string or code");
  return source;
}

export const codeOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$function", compileFunction],
]);
