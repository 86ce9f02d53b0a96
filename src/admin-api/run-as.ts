/** As whom something runs, in bodies of functions and of the Data API's settings. */
import { Type } from "@sinclair/typebox";
import type { RunAs } from "../config/app-config.ts";

export const runAsFields = {
  run_as_system: Type.Optional(Type.Boolean()),
  run_as_user_id: Type.Optional(Type.String()),
  run_as_user_id_script_source: Type.Optional(Type.String()),
} as const;

interface RunAsWire {
  readonly run_as_system?: boolean | undefined;
  readonly run_as_user_id?: string | undefined;
  readonly run_as_user_id_script_source?: string | undefined;
}

/** What a change does not name stays as it was. */
export function toRunAs(wire: RunAsWire, former: RunAs): RunAs {
  const { run_as_system: system, run_as_user_id: userId } = wire;
  const source = wire.run_as_user_id_script_source;
  if (system === true) return { kind: "system" };
  if (source !== undefined && source !== "") return { kind: "script", source };
  if (userId !== undefined && userId !== "") return { kind: "user", userId };
  const isNamed = system !== undefined || userId !== undefined || source !== undefined;
  return isNamed ? { kind: "caller" } : former;
}

export function describeRunAs(runAs: RunAs): Required<RunAsWire> {
  return {
    run_as_system: runAs.kind === "system",
    run_as_user_id: runAs.kind === "user" ? runAs.userId : "",
    run_as_user_id_script_source: runAs.kind === "script" ? runAs.source : "",
  };
}
