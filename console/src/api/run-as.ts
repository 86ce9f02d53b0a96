/** As whom something runs: three fields of functions and of the Data API's settings. */

export interface RunAsWire {
  readonly run_as_system: boolean;
  readonly run_as_user_id: string;
  readonly run_as_user_id_script_source: string;
}

/** The same as a form holds it: what was typed for another choice stays. */
export interface RunsAs {
  readonly runAs: "caller" | "system" | "user" | "script";
  readonly userId: string;
  readonly script: string;
}

export function toRunsAs(wire: RunAsWire): RunsAs {
  const { run_as_system: system, run_as_user_id: userId } = wire;
  const script = wire.run_as_user_id_script_source;
  const chosen = script !== "" ? "script" : userId === "" ? "caller" : "user";
  return { runAs: system ? "system" : chosen, userId, script };
}

export function toRunAsWire({ runAs, userId, script }: RunsAs): RunAsWire {
  return {
    run_as_system: runAs === "system",
    run_as_user_id: runAs === "user" ? userId : "",
    run_as_user_id_script_source: runAs === "script" ? script : "",
  };
}
