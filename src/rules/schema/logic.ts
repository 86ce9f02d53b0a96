/** Schemas put together. */
import { Doc } from "../../bson/doc.ts";
import { isArray } from "../../bson/value.ts";
import { chain, collect, type Eventual, someAnswer } from "../expression/eventual.ts";
import {
  type Check,
  type CompileKeyword,
  type Keyword,
  passes,
  runAll,
  type Spot,
  type Checking,
} from "./check.ts";

function compileEach({ operand, compile, wrong }: Keyword): readonly Check[] | undefined {
  if (!isArray(operand) || operand.length === 0) return wrong("expected a list of schemas");
  return operand.map((each, index) => compile(each, index));
}

export const compileAnyOf: CompileKeyword = (keyword) => {
  const checks = compileEach(keyword);
  if (checks === undefined) return undefined;
  return (spot, checking) =>
    chain(
      someAnswer(checks, true, (check) => passes(check, spot, checking)),
      (isOne) => {
        if (!isOne)
          tell("number_any_of", "must be as one of the schemas describes it", spot, checking);
      },
    );
};

export const compileOneOf: CompileKeyword = (keyword) => {
  const checks = compileEach(keyword);
  if (checks === undefined) return undefined;
  return (spot, checking) =>
    chain(collect(checks.map((check) => passes(check, spot, checking))), (sound) => {
      if (sound.filter(Boolean).length !== 1)
        tell("number_one_of", "must be as exactly one of the schemas describes it", spot, checking);
    });
};

/** What is wrong is told by each of the schemas, too. */
export const compileAllOf: CompileKeyword = (keyword) => {
  const checks = compileEach(keyword);
  if (checks === undefined) return undefined;
  return (spot, checking) => {
    let isSound = true;
    const watching: Checking = {
      ...checking,
      report(violation) {
        isSound = false;
        checking.report(violation);
      },
    };
    return chain(runAll(checks.map((check) => check(spot, watching))), () => {
      if (!isSound)
        tell("number_all_of", "must be as all of the schemas describe it", spot, checking);
    });
  };
};

export const compileNot: CompileKeyword = ({ operand, compile, wrong }) => {
  if (!(operand instanceof Doc) && typeof operand !== "boolean") return wrong("expected a schema");
  const check = compile(operand);
  return (spot, checking) =>
    chain(passes(check, spot, checking), (isSound) => {
      if (isSound) tell("number_not", "must not be as the schema describes it", spot, checking);
    });
};

/** `if`, with the `then` and `else` beside it. */
export const compileIf: CompileKeyword = ({ operand, schema, compile, wrong }) => {
  if (!(operand instanceof Doc) && typeof operand !== "boolean") return wrong("expected a schema");
  const condition = compile(operand);
  const branch = (name: "then" | "else"): Check | undefined => {
    const own = schema.get(name);
    return own === undefined ? undefined : compile(own, "..", name);
  };
  const [thenCheck, elseCheck] = [branch("then"), branch("else")];
  return (spot, checking) =>
    chain(passes(condition, spot, checking), (holds): Eventual<void> => {
      const check = holds ? thenCheck : elseCheck;
      if (check === undefined) return undefined;
      const kind = holds ? "condition_then" : "condition_else";
      return chain(passes(check, spot, checking), (isSound) => {
        if (!isSound)
          tell(kind, `must be as '${holds ? "then" : "else"}' describes it`, spot, checking);
      });
    });
};

function tell(kind: string, message: string, { field }: Spot, { report }: Checking): void {
  report({ kind, field, message });
}
