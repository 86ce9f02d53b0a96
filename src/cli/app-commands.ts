/** The commands for apps, their directories, secrets and values, and for administrators. */
import type { Command } from "commander";
import type { LoginFlags } from "./command/login.ts";
import type { RunFlags } from "./command/functions.ts";
import type { PushFlags } from "./command/push.ts";
import { type StateFlags, withPlace } from "./state-options.ts";

interface Flags extends StateFlags {
  readonly app?: string;
  readonly yes?: boolean;
}

export function addApps(program: Command): void {
  addDirectories(program);
  addHistory(program);
  const apps = program.command("apps").description("the apps of this server");
  ofServer(apps, "list", "list the apps").action(async (flags: Flags) => {
    await (await import("./command/apps.ts")).listApps(flags);
  });
  ofServer(apps, "create <NAME>", "make an app and print its App ID")
    .option("--app-id <ID>", "App ID; made of the name when absent")
    .action(async (name: string, flags: Flags & { readonly appId?: string }) => {
      await (await import("./command/apps.ts")).createApp(name, flags);
    });
  ofApp(apps, "describe", "show what is in an app").action(async (flags: Flags) => {
    await (await import("./command/apps.ts")).describeApp(flags);
  });
  ofApp(apps, "limits", "show the limits of an app").action(async (flags: Flags) => {
    await (await import("./command/apps.ts")).showLimits(flags);
  });
  ofApp(
    apps,
    "set-limits <NAME=VALUE...>",
    "give an app limits of its own; 'default' ends one",
  ).action(async (wanted: readonly string[], flags: Flags) => {
    await (await import("./command/apps.ts")).setLimits(wanted, flags);
  });
  ofServer(apps, "delete <ID>", "delete an app, its keys, secrets and history")
    .option("--yes", "do not ask")
    .action(async (id: string, flags: Flags) => {
      await (await import("./command/apps.ts")).deleteApp(id, flags);
    });
  addFunctions(program);
  addSecrets(program);
  addAdmins(program);
  addLogin(program);
}

function addLogin(program: Command): void {
  program
    .command("login <URL>")
    .description("log in to a server as an administrator; the password comes from standard input")
    .option("--email <EMAIL>", "a person's e-mail address")
    .option("--api-key <PUBLIC>", "a program's public key, in place of the e-mail address")
    .action(async (url: string, flags: LoginFlags) => {
      await (await import("./command/login.ts")).logIn(url, flags);
    });
  program
    .command("logout [URL]")
    .description("forget a login; the last one when no address is given")
    .action(async (url: string | undefined) => {
      await (await import("./command/login.ts")).logOut(url);
    });
}

function addDirectories(program: Command): void {
  ofApp(program, "push <APP_DIR>", "show what an app directory changes, and make it live")
    .option("--dry-run", "only show it")
    .option("--yes", "do not ask")
    .option("--message <TEXT>", "what it is about, for the history")
    .action(async (directory: string, flags: PushFlags) => {
      await (await import("./command/push.ts")).push(directory, flags);
    });
  ofApp(program, "diff <APP_DIR>", "show what an app directory would change").action(
    async (directory: string, flags: Flags) => {
      await (await import("./command/push.ts")).diff(directory, flags);
    },
  );
  ofApp(program, "pull <APP_DIR>", "write the live app into a directory")
    .option("--yes", "do not ask")
    .action(async (directory: string, flags: Flags) => {
      await (await import("./command/pull.ts")).pull(directory, flags);
    });
}

function addHistory(program: Command): void {
  ofApp(program, "deployments", "list the deployments of an app, the newest first").action(
    async (flags: Flags) => {
      await (await import("./command/deployments.ts")).listDeployments(flags);
    },
  );
  ofApp(program, "rollback <ID>", "make an older deployment live").action(
    async (id: string, flags: Flags) => {
      await (await import("./command/deployments.ts")).rollback(id, flags);
    },
  );
}

function addFunctions(program: Command): void {
  const functions = program.command("functions").description("functions of an app");
  ofApp(functions, "list", "list the functions' names").action(async (flags: Flags) => {
    await (await import("./command/functions.ts")).listFunctions(flags);
  });
  ofApp(functions, "run <NAME> [ARGS...]", "run a function; arguments are JSON, or texts")
    .option("--user <ID>", "run as this user")
    .option("--system", "run as the system, which no rules hold")
    .action(async (name: string, args: readonly string[], flags: RunFlags) => {
      await (await import("./command/functions.ts")).runFunction(name, args, flags);
    });
}

function addSecrets(program: Command): void {
  const secrets = program.command("secrets").description("secrets of an app");
  ofApp(secrets, "set <NAME>", "set a secret, read from standard input").action(
    async (name: string, flags: Flags) => {
      await (await import("./command/secrets.ts")).setSecret(name, flags);
    },
  );
  ofApp(secrets, "list", "list the secrets' names").action(async (flags: Flags) => {
    await (await import("./command/secrets.ts")).listSecrets(flags);
  });
  ofApp(secrets, "delete <NAME>", "delete a secret").action(async (name: string, flags: Flags) => {
    await (await import("./command/secrets.ts")).deleteSecret(name, flags);
  });
  ofServer(secrets, "rotate-key", "seal all secrets with a new master key").action(
    async (flags: Flags) => {
      await (await import("./command/secrets.ts")).rotateKey(flags);
    },
  );
  const values = program.command("values").description("values of an app");
  ofApp(values, "list", "list the values' names").action(async (flags: Flags) => {
    await (await import("./command/secrets.ts")).listValues(flags);
  });
}

function addAdmins(program: Command): void {
  const admins = program.command("admins").description("who may administer this server");
  ofServer(admins, "create [EMAIL]", "make an administrator and print the password, once")
    .option("--key", "a key pair for programs; prints public and private key, once")
    .option("--password-stdin", "read the password from standard input")
    .action(
      async (
        email: string | undefined,
        flags: Flags & { readonly key?: boolean; readonly passwordStdin?: boolean },
      ) => {
        await (await import("./command/admins.ts")).createAdmin(email, flags);
      },
    );
  ofServer(
    admins,
    "delete <NAME>",
    "delete an administrator by e-mail address or public key",
  ).action(async (name: string, flags: Flags) => {
    await (await import("./command/admins.ts")).deleteAdmin(name, flags);
  });
  ofServer(admins, "list", "list the administrators").action(async (flags: Flags) => {
    await (await import("./command/admins.ts")).listAdmins(flags);
  });
}

function ofServer(parent: Command, name: string, description: string): Command {
  return withPlace(parent.command(name).description(description));
}

function ofApp(parent: Command, name: string, description: string): Command {
  return ofServer(parent, name, description).option(
    "--app <ID>",
    "App ID; the first app when absent",
  );
}
