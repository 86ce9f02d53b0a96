/** A function of the app says who it is. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { CustomFunctionProvider } from "../../config/app-config.ts";
import type { CallFunction } from "../../config/scope.ts";
import { Fault } from "../../kit/fault.ts";
import type { Provider, ProvenIdentity } from "../provider.ts";
import { systemScope } from "../system-scope.ts";

const idLengthMax = 4096;

export function createCustomFunction(callFunction: CallFunction): Provider<CustomFunctionProvider> {
  return {
    async login(payload, context, { functionName }) {
      const answer = await callFunction(functionName, [payload], systemScope(context)).catch(
        (cause: unknown) => {
          // That time is up, or too much is going on, is not the function's word.
          if (cause instanceof Fault && cause.code !== "FunctionExecutionError") throw cause;
          throw notProven("the authentication function failed", cause);
        },
      );
      return readAnswer(answer);
    },
  };
}

/** The id itself, or `{ id, name }`. */
function readAnswer(answer: Value | undefined): ProvenIdentity {
  const id = answer instanceof Doc ? answer.get("id") : answer;
  const name = answer instanceof Doc ? answer.get("name") : undefined;
  if (typeof id !== "string" || id === "" || id.length > idLengthMax)
    throw notProven("the authentication function gave no id that is a text");
  return {
    providerType: "custom-function",
    name: id,
    data: typeof name === "string" ? Doc.of({ name }) : Doc.empty,
    refreshes: typeof name === "string",
  };
}

function notProven(why: string, cause?: unknown): Fault {
  return new Fault("AuthError", "unauthorized", { cause: new Error(why, { cause }) });
}
