/** `petiole logs`. */
import type { Command } from "commander";
import type { LogFlags } from "./command/logs.ts";
import { withPlace } from "./state-options.ts";

export function addLogs(program: Command): void {
  withPlace(program.command("logs").description("show the request log of an app, the newest last"))
    .option("--app <ID>", "App ID; the first app when absent")
    .option("--errors", "only what failed")
    .option("--type <TYPE>", "only entries of this type, e.g. ENDPOINT or FUNCTION")
    .option("--user <ID>", "only what this user asked for")
    .option("--co-id <ID>", "only the request of this id (X-Request-Id)")
    .option("--since <DATE>", "only what ended after this moment, as in 2026-01-31T12:00:00Z")
    .option("--until <DATE>", "only what ended until this moment")
    .option("--limit <N>", "entries to show (default: 20)")
    .option("--follow", "go on with what comes")
    .option("--json", "one line of JSON per entry")
    .action(async (flags: LogFlags) => {
      await (await import("./command/logs.ts")).showLogs(flags);
    });
}
