/** As whom something runs: three fields that functions and the Data API's configuration share. */
import { Type } from "@sinclair/typebox";
import type { Origin, RunAs } from "../app-config.ts";
import type { JsonMembers } from "./json-node.ts";
import { at, type Reporter } from "./report.ts";
import { maybe } from "./schema.ts";

export const runAsFields = {
  run_as_system: maybe(Type.Boolean()),
  run_as_user_id: maybe(Type.String()),
  run_as_user_id_script_source: maybe(Type.String()),
} as const;

interface RunAsWire {
  readonly run_as_system?: boolean;
  readonly run_as_user_id?: string;
  readonly run_as_user_id_script_source?: string;
}

export function readRunAs(wire: RunAsWire, origin: Origin, report: Reporter): RunAs {
  // Said so by the original's reference: this overrides the other two.
  if (wire.run_as_system === true) return { kind: "system" };
  const userId = wire.run_as_user_id ?? "";
  const source = wire.run_as_user_id_script_source ?? "";
  if (userId !== "" && source !== "")
    report.wrong(
      at(origin, "run_as_user_id_script_source"),
      "nothing, since run_as_user_id is there",
      "a script",
    );
  if (userId !== "") return { kind: "user", userId };
  return source === "" ? { kind: "caller" } : { kind: "script", source };
}

export function writeRunAs(runAs: RunAs): JsonMembers {
  return {
    run_as_system: runAs.kind === "system",
    run_as_user_id: runAs.kind === "user" ? runAs.userId : undefined,
    run_as_user_id_script_source: runAs.kind === "script" ? runAs.source : undefined,
  };
}
