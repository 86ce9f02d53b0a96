/** What an editor of functions holds, and how it is sent. */
import { toCondition } from "../../parts/condition-field.tsx";
import { type RunsAs, toRunAsWire, toRunsAs } from "../../api/run-as.ts";
import type { AppFunction, FunctionChange } from "../../api/parts-of-app.ts";

/** A function as it stands in the editor. */
export interface FunctionDraft extends RunsAs {
  readonly name: string;
  readonly source: string;
  readonly isPrivate: boolean;
  readonly hidesArguments: boolean;
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
    ...toRunsAs(made),
    condition: toCondition(made.can_evaluate),
  };
}

export function toChange(draft: FunctionDraft): FunctionChange {
  const { name, source, isPrivate, hidesArguments, condition } = draft;
  return {
    name,
    source,
    private: isPrivate,
    disable_arg_logs: hidesArguments,
    ...toRunAsWire(draft),
    can_evaluate: condition ?? {},
  };
}

export function isChanged(draft: FunctionDraft, made: AppFunction | undefined): boolean {
  if (made === undefined) return true;
  return Object.entries(toChange(draft)).some(
    ([key, value]) => JSON.stringify(made[key as keyof AppFunction]) !== JSON.stringify(value),
  );
}
