/** `$and $or $not`. */
import { isTruthy } from "../truth.ts";
import {
  compileArguments,
  compileList,
  constantOf,
  fold,
  foldParts,
  type CompileOperator,
  type Evaluate,
} from "./operator.ts";

/** `deciding`: the truth of one argument that settles the result. */
function junction(deciding: boolean): CompileOperator {
  const build = (args: readonly Evaluate[]): Evaluate => {
    return (frame) => {
      for (const arg of args) if (isTruthy(arg(frame)) === deciding) return deciding;
      return !deciding;
    };
  };
  return (operand, compiler, name) => {
    const evaluate = foldParts(name, compileList(operand, compiler), build, "free", compiler);
    const last = evaluate.parts?.args.at(-1)?.constant;
    // A constant that decides makes the others superfluous, even if they would fail.
    if (last === undefined || isTruthy(last.value) !== deciding) return evaluate;
    return constantOf(deciding);
  };
}

const compileNot: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => !isTruthy(argument(frame)), args);
};

export const booleanOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$and", junction(false)],
  ["$not", compileNot],
  ["$or", junction(true)],
]);
