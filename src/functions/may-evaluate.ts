/** `can_evaluate` of a function: whether a user may call it at all. */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { FunctionConfig } from "../config/app-config.ts";
import type { CallFunction, Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import { type CompiledExpression, compileExpression, evaluate } from "../rules/expressions.ts";

const compiled = new WeakMap<FunctionConfig, CompiledExpression>();

export function hasCondition({ canEvaluate }: FunctionConfig): boolean {
  if (canEvaluate === undefined || canEvaluate === true) return false;
  return !(canEvaluate instanceof Doc && canEvaluate.size === 0);
}

/** @throws {Fault} `NoMatchingRuleFound` */
export async function mustMayEvaluate(
  made: FunctionConfig,
  scope: Scope,
  args: readonly Value[],
  environment: {
    readonly callFunction: CallFunction;
    readonly readSecret: (appId: string, name: string) => Promise<string | undefined>;
  },
): Promise<void> {
  const { canEvaluate, name } = made;
  if (canEvaluate === undefined || !hasCondition(made)) return;
  let expression = compiled.get(made);
  if (expression === undefined) {
    expression = compileExpression(canEvaluate, "call");
    compiled.set(made, expression);
  }
  if (await evaluate(expression, { ...environment, scope, args })) return;
  throw new Fault("NoMatchingRuleFound", `rule not matched for function "${name}"`);
}
