/** `$bitAnd $bitNot $bitOr $bitXor` (MongoDB 6.3 and later): on Int32 and Int64. */
import { typeName, type Value } from "../../bson/value.ts";
import { MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import { isNullish } from "../truth.ts";
import {
  compileArguments,
  compileList,
  fold,
  foldParts,
  type CompileOperator,
  type Evaluate,
} from "./operator.ts";

function combine(
  neutral: number,
  int32: (left: number, right: number) => number,
  int64: (left: bigint, right: bigint) => bigint,
): CompileOperator {
  return (operand, compiler, name) => {
    const build = (args: readonly Evaluate[]): Evaluate => {
      return (frame) => {
        let result: number | bigint = neutral;
        for (const arg of args) {
          const value = arg(frame);
          if (isNullish(value)) return null;
          const bits = mustBeInteger(value, name);
          result =
            typeof bits === "number" && typeof result === "number"
              ? int32(result, bits)
              : int64(BigInt(result), BigInt(bits));
        }
        return result;
      };
    };
    return foldParts(name, compileList(operand, compiler), build, "free", compiler);
  };
}

function mustBeInteger(value: Value, name: string): number | bigint {
  if (typeof value === "number" || typeof value === "bigint") return value;
  throw typeMismatch(`${name} only supports int and long operands.`);
}

const compileBitNot: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => {
    const value = argument(frame);
    if (isNullish(value)) return null;
    if (typeof value === "number" || typeof value === "bigint") return ~value;
    throw new MongoError(28765, `$bitNot only supports int and long, not: ${typeName(value)}.`);
  }, args);
};

export const bitwiseOperators: ReadonlyMap<string, CompileOperator> = new Map([
  [
    "$bitAnd",
    combine(
      -1,
      (a, b) => a & b,
      (a, b) => a & b,
    ),
  ],
  ["$bitNot", compileBitNot],
  [
    "$bitOr",
    combine(
      0,
      (a, b) => a | b,
      (a, b) => a | b,
    ),
  ],
  [
    "$bitXor",
    combine(
      0,
      (a, b) => a ^ b,
      (a, b) => a ^ b,
    ),
  ],
]);
