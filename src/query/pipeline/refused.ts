/** Stages that this server never runs, or not yet: each is refused with the server's error where it has one. */
import { MongoError } from "../../kit/mongo-error.ts";

export const refusals: ReadonlyMap<string, { readonly code: number; readonly message: string }> =
  new Map([
    [
      "$listSessions",
      { code: 73, message: "$listSessions may only be run against config.system.sessions" },
    ],
    [
      "$listLocalSessions",
      {
        code: 73,
        message:
          "$listLocalSessions must be run against the database with {aggregate: 1}, not a collection",
      },
    ],
    [
      "$currentOp",
      {
        code: 73,
        message: "$currentOp must be run against the 'admin' database with {aggregate: 1}",
      },
    ],
    ["$planCacheStats", { code: 115, message: "$planCacheStats is not supported" }],
    [
      "$changeStream",
      { code: 115, message: "$changeStream is not supported within a request; use watch" },
    ],
  ]);

/** @throws {MongoError} always */
export function refuseStage(name: string): never {
  const refusal = refusals.get(name);
  throw new MongoError(refusal?.code ?? 115, refusal?.message ?? `${name} is not supported`);
}
