/** What an editor of functions holds, and how it is sent. */
import { toCondition } from "../../parts/condition-field.tsx";
import type { AppFunction, FunctionChange } from "../../api/parts-of-app.ts";

export type RunAs = "caller" | "system" | "user" | "script";

/** A function as it stands in the editor. */
export interface FunctionDraft {
  readonly name: string;
  readonly source: string;
  readonly isPrivate: boolean;
  readonly hidesArguments: boolean;
  readonly runAs: RunAs;
  readonly userId: string;
  readonly script: string;
  /** `can_evaluate`: a JSON expression; undefined: everybody may. */
  readonly condition: unknown;
}

/** It answers behind an endpoint, and without a request too. */
const firstSource = `exports = async function (request) {
  const name = request?.query?.name ?? "world";
  return { greeting: \`Hello, \${name}\` };
};
`;

/** Runs as system, so that it can stand behind an endpoint that asks for no credentials. */
const fresh: FunctionDraft = {
  name: "",
  source: firstSource,
  isPrivate: false,
  hidesArguments: false,
  runAs: "system",
  userId: "",
  script: "",
  condition: undefined,
};

export function toDraft(made: AppFunction | undefined): FunctionDraft {
  if (made === undefined) return fresh;
  return {
    name: made.name,
    source: made.source,
    isPrivate: made.private,
    hidesArguments: made.disable_arg_logs,
    runAs: runAsOf(made),
    userId: made.run_as_user_id,
    script: made.run_as_user_id_script_source,
    condition: toCondition(made.can_evaluate),
  };
}

function runAsOf(made: AppFunction): RunAs {
  if (made.run_as_system) return "system";
  if (made.run_as_user_id_script_source !== "") return "script";
  return made.run_as_user_id === "" ? "caller" : "user";
}

export function toChange(draft: FunctionDraft): FunctionChange {
  const { name, source, isPrivate, hidesArguments, runAs, userId, script, condition } = draft;
  return {
    name,
    source,
    private: isPrivate,
    disable_arg_logs: hidesArguments,
    run_as_system: runAs === "system",
    run_as_user_id: runAs === "user" ? userId : "",
    run_as_user_id_script_source: runAs === "script" ? script : "",
    can_evaluate: condition ?? {},
  };
}

export function isChanged(draft: FunctionDraft, made: AppFunction | undefined): boolean {
  if (made === undefined) return true;
  return Object.entries(toChange(draft)).some(
    ([key, value]) => JSON.stringify(made[key as keyof AppFunction]) !== JSON.stringify(value),
  );
}
