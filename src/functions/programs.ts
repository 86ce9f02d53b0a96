/** The scripts that hosts are given: of most functions their sources, of others what these are converted to. */
import type { FunctionConfig } from "../config/app-config.ts";
import { convertSource } from "./convert-source.ts";
import { failureOf } from "./script-failure.ts";

const known = new WeakMap<FunctionConfig, string | Promise<string>>();

/** @returns a promise only until a function has been converted */
export function scriptOf(made: FunctionConfig): string | Promise<string> {
  const found = known.get(made);
  if (found !== undefined) return found;
  const { source } = made;
  if (failureOf(source) === undefined) {
    known.set(made, source);
    return source;
  }
  const converting = convertSource(source).then((converted) => {
    // One that is broken gives its callers the engine's own message.
    const script = converted.kind === "script" ? converted.script : source;
    known.set(made, script);
    return script;
  });
  known.set(made, converting);
  return converting;
}
