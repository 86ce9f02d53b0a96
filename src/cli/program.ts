/** The commands and their flags. To add a command: a file in `command/` and its lines here. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { Command, CommanderError, Option } from "commander";
import { permissions } from "../config/app.ts";
import type { Setting } from "../config/setting.ts";
import { flagOf, settings } from "../config/settings.ts";
import type { ExportFlags } from "./command/export.ts";
import type { ImportFlags } from "./command/import.ts";
import { addApps } from "./app-commands.ts";
import { addLogs } from "./log-commands.ts";
import { addRules } from "./rule-commands.ts";
import { addUsers } from "./user-commands.ts";
import { exitCodeOf, sayFailure } from "./failure.ts";
import { dataOption, type StateFlags, withPlace } from "./state-options.ts";

/** Runs the command; sets the exit code and never throws. @param argv as `process.argv` */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command("petiole")
    .description("The Atlas Data API as a server you run yourself")
    .version(readVersion())
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showHelpAfterError(false);
  addServe(program);
  addKeys(program);
  addUpkeep(program);
  addTransfer(program);
  addApps(program);
  addUsers(program);
  addRules(program);
  addLogs(program);
  try {
    await program.parseAsync(argv);
  } catch (cause) {
    // Help and version end that way too, and well.
    if (cause instanceof CommanderError && cause.exitCode === 0) return;
    // Without a command, the help on stderr says it all.
    const isSaid = cause instanceof CommanderError && cause.code === "commander.help";
    if (!isSaid) process.stderr.write(`petiole: ${sayFailure(cause)}\n`);
    process.exitCode = exitCodeOf(cause);
  }
}

function readVersion(): string {
  const file = path.join(import.meta.dirname, "../../package.json");
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
  return version;
}

function addServe(program: Command): void {
  const serve = program
    .command("serve")
    .description("serve the Data API; with a directory, the app that it holds")
    .argument("[APP_DIR]", "app directory")
    .option("--config <FILE>", "configuration file; petiole.json where it is there");
  for (const setting of settings) serve.addOption(toOption(setting));
  serve.action(async (directory: string | undefined, flags: Readonly<Record<string, unknown>>) => {
    const { serve: runServer } = await import("./command/serve.ts");
    const appDir = directory === undefined ? {} : { appDir: directory };
    await runServer(new Map(Object.entries({ ...flags, ...appDir })));
  });
}

function toOption(setting: Setting): Option {
  const flag = flagOf(setting);
  const isDefaulted = "fallback" in setting && setting.fallback !== undefined;
  const help = isDefaulted ? `${setting.help} (default: ${setting.fallback})` : setting.help;
  if (setting.kind === "switch") return new Option(flag, help);
  if (setting.kind === "list") {
    return new Option(`${flag} <${setting.value}...>`, help).argParser(collect);
  }
  return new Option(`${flag} <${setting.value}>`, help);
}

function collect(value: string, former: readonly string[] = []): readonly string[] {
  return [...former, value];
}

interface KeyFlags extends StateFlags {
  readonly app?: string;
  readonly role?: string;
  readonly userId?: string;
}

function addKeys(program: Command): void {
  const keys = program.command("keys").description("server API keys");
  const command = (name: string, description: string): Command =>
    withPlace(keys.command(name).description(description)).option(
      "--app <ID>",
      "App ID; the first app when absent",
    );
  command("create <NAME>", "make a key and print it, once")
    .addOption(roleOption())
    .action(async (name: string, flags: KeyFlags) => {
      const { createKey } = await import("./command/keys.ts");
      await createKey(name, flags);
    });
  command("import <NAME>", "take over a key, read from standard input")
    .addOption(roleOption())
    .option("--user-id <ID>", "the user id that the key stands for")
    .action(async (name: string, flags: KeyFlags) => {
      const { importKey } = await import("./command/keys.ts");
      await importKey(name, flags);
    });
  command("list", "list the keys").action(async (flags: KeyFlags) => {
    const { listKeys } = await import("./command/keys.ts");
    await listKeys(flags);
  });
  for (const verb of ["enable", "disable", "delete"] as const)
    command(`${verb} <NAME>`, `${verb} a key by its name or id`).action(
      async (name: string, flags: KeyFlags) => {
        const { changeKey } = await import("./command/keys.ts");
        await changeKey(verb, name, flags);
      },
    );
}

function addUpkeep(program: Command): void {
  program
    .command("backup <DIR>")
    .description("write a consistent copy of the data directory, while serving or not")
    .addOption(dataOption())
    .action(async (directory: string, flags: { readonly data: string }) => {
      const { backup } = await import("./command/backup.ts");
      await backup(directory, flags.data);
    });
  program
    .command("doctor")
    .description("check every index against every document; the server must not be running")
    .addOption(dataOption())
    .action(async (flags: { readonly data: string }) => {
      const { doctor } = await import("./command/doctor.ts");
      await doctor(flags.data);
    });
}

/** Settings that say where state and data lie, as `serve` has them. */
const placeSettings: ReadonlySet<string> = new Set(["data", "state", "stateDatabase", "source"]);

function addTransfer(program: Command): void {
  const command = (name: string, description: string): Command => {
    const added = program
      .command(name)
      .description(description)
      .option("--config <FILE>", "configuration file; petiole.json where it is there")
      .addOption(new Option("--only <PART>", "one part of it").choices(["state", "data"]));
    for (const setting of settings)
      if (placeSettings.has(setting.name)) added.addOption(toOption(setting));
    return added;
  };
  command("export <DIR>", "write state and data into files; goes on where it broke off")
    .addOption(
      new Option("--format <FORMAT>", "of the documents")
        .choices(["ndjson", "bson"])
        .default("ndjson"),
    )
    .option("--app <ID>", "App ID: this app's state and the data of its data sources")
    .option("--database <NAME...>", "these databases alone")
    .action(async (directory: string, flags: ExportFlags) => {
      const { exportTo } = await import("./command/export.ts");
      const { format, app, database, only } = flags;
      await exportTo(directory, { format, ...given({ app, database, only }) }, toSettings(flags));
    });
  command("import <PATH>", "read an export, or a single file of documents; may be run again")
    .option("--map <FROM=TO...>", "stores of the export, and those that their data goes to")
    .option("--replace", "overwrite what has the same _id and is not the same")
    .option("--no-verify", "do not read back what was written")
    .option("--database <NAME>", "of a single file")
    .option("--collection <NAME>", "of a single file")
    .action(async (from: string, flags: ImportFlags) => {
      const { importFrom } = await import("./command/import.ts");
      await importFrom(from, flags, toSettings(flags));
    });
}

function toSettings(flags: object): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(flags).filter(([name]) => name === "config" || placeSettings.has(name)),
  );
}

/** Without the fields that are undefined. */
function given<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as never;
}

function roleOption(): Option {
  return new Option("--role <ROLE>", "what the key may do at most")
    .choices(permissions)
    .default("readWrite");
}
