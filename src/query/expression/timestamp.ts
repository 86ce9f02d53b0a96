/** `$tsSecond` and `$tsIncrement`. */
import { Timestamp, typeName } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { isNullish } from "../truth.ts";
import { compileArguments, fold, type CompileOperator } from "./operator.ts";

function compileWith(read: (timestamp: Timestamp) => number, code: number): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 1);
    return fold((frame) => {
      const value = args[0]?.(frame);
      if (isNullish(value)) return null;
      // The space in front is the server's.
      if (!(value instanceof Timestamp))
        throw new MongoError(
          code,
          ` Argument to ${name} must be a timestamp, but is ${typeName(value)}`,
        );
      return BigInt(read(value));
    }, args);
  };
}

export const timestampOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$tsSecond", compileWith(({ t }) => t, 5_687_301)],
  ["$tsIncrement", compileWith(({ i }) => i, 5_687_302)],
]);
