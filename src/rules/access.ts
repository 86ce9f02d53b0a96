/** What a data source's permission and a key's role allow. Rules come on top of it, never in its place. */
import type { Permission } from "../config/app.ts";
import { Fault } from "../kit/fault.ts";

export type Verb = "find" | "aggregate" | "insert" | "update" | "delete";

/**
 * Refuses what the narrower of both permissions does not allow.
 *
 * @throws {Fault} `NoMatchingRuleFound`: without access nothing tells a closed namespace from one without rules
 */
export function mustAllow(
  verb: Verb,
  namespace: { readonly database: string; readonly name: string },
  ...given: readonly Permission[]
): void {
  if (given.includes("noAccess")) {
    const { database, name } = namespace;
    throw new Fault("NoMatchingRuleFound", `no rule exists for namespace '${database}.${name}'`);
  }
  const writes = verb !== "find" && verb !== "aggregate";
  if (writes && given.includes("readOnly"))
    throw new Fault("NoMatchingRuleFound", `${verb} not permitted`);
}
