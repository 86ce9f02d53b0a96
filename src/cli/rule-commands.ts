/** The commands about rules. */
import { type Command, Option } from "commander";
import type { ExplainFlags } from "./command/rules.ts";
import { withPlace } from "./state-options.ts";

export function addRules(program: Command): void {
  const rules = program.command("rules").description("who may do what with which documents");
  withPlace(
    rules
      .command("explain <DATABASE.COLLECTION>")
      .description("why a user may do something with a document, or may not"),
  )
    .option("--app <ID>", "App ID; the first app when absent")
    .option("--user <ID>", "whose request it would be; the system's when absent")
    .option("--source <NAME>", "the app's data source", "mongodb-atlas")
    .addOption(
      new Option("--operation <NAME>", "what would be done")
        .choices(["find", "insert", "update", "delete"])
        .default("find"),
    )
    .option("--document <EJSON>", "the document; - reads it from standard input")
    .option("--id <EJSON>", "the _id of a stored document, in its place")
    .option("--update <EJSON>", "what an update would do to it")
    .option("--json", "print the answer as JSON")
    .action(async (namespace: string, flags: ExplainFlags) => {
      await (await import("./command/rules.ts")).explainRules(namespace, flags);
    });
  rules
    .command("templates [NAME]")
    .description("roles to begin with; with a name, the role as it stands in rules.json")
    .option("--field <NAME>", "the field that the role asks about")
    .action(async (name: string | undefined, flags: { readonly field?: string }) => {
      (await import("./command/rules.ts")).showTemplates(name, flags.field);
    });
}
