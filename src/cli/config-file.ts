import { existsSync, readFileSync } from "node:fs";
import { Fault } from "../kit/fault.ts";

const defaultName = "petiole.json";

/**
 * Reads the configuration file: the one that is named, else `PETIOLE_CONFIG`, else `petiole.json` if it is there.
 *
 * @throws {Fault} `InvalidParameter` for one that is no JSON
 */
export function readConfigFile(
  named: unknown,
): { readonly name: string; readonly content: unknown } | undefined {
  const variable = process.env["PETIOLE_CONFIG"] || undefined;
  const wanted = typeof named === "string" ? named : variable;
  const name = wanted ?? defaultName;
  if (wanted === undefined && !existsSync(name)) return undefined;
  const text = readFileSync(name, "utf8");
  try {
    return { name, content: JSON.parse(text) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault("InvalidParameter", `${name} is no JSON: ${reason}`);
  }
}
