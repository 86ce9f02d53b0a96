/** `can_evaluate` of an endpoint or of the Data API: whether a user may make a call at all. */
import { Doc } from "../bson/doc.ts";
import type { Expression } from "../config/app-config.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import { type CompiledExpression, compileExpression, evaluate } from "../rules/expressions.ts";
import type { Services } from "./services.ts";

/** An endpoint's configuration, or the Data API's: one object per deployment. */
export interface Guarded {
  readonly canEvaluate?: Expression;
}

const compiled = new WeakMap<Guarded, CompiledExpression>();

/**
 * @param what the call is of, as in `the endpoint /stats`
 * @returns a promise only where a function has to be called, or a secret to be read
 * @throws {Fault} `NoMatchingRuleFound`
 */
export function mustBeAllowed(
  guarded: Guarded,
  what: string,
  scope: Scope,
  { access, openSecret }: Services,
): undefined | Promise<void> {
  const { canEvaluate } = guarded;
  if (canEvaluate === undefined || isOpen(canEvaluate)) return undefined;
  let expression = compiled.get(guarded);
  if (expression === undefined) {
    expression = compileExpression(canEvaluate, "call");
    compiled.set(guarded, expression);
  }
  const { callFunction } = access;
  const isAllowed = evaluate(expression, { scope, callFunction, readSecret: openSecret });
  if (isAllowed instanceof Promise)
    return isAllowed.then((answer) => {
      if (!answer) throw refused(what);
    });
  if (!isAllowed) throw refused(what);
  return undefined;
}

function isOpen(expression: Expression): boolean {
  return expression === true || (expression instanceof Doc && expression.size === 0);
}

function refused(what: string): Fault {
  return new Fault("NoMatchingRuleFound", `rule not matched for ${what}`);
}
