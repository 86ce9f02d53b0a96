/** The commands for an app's users. */
import type { Command } from "commander";
import { type StateFlags, withPlace } from "./state-options.ts";
import type { UserQueryFlags } from "./user-desk.ts";

interface Flags extends StateFlags {
  readonly app?: string;
}

export function addUsers(program: Command): void {
  const users = program.command("users").description("users of an app");
  const command = (name: string, description: string): Command =>
    withPlace(users.command(name).description(description)).option(
      "--app <ID>",
      "App ID; the first app when absent",
    );
  command("list", "list the users")
    .option("--search <TEXT>", "an id, or the beginning of an e-mail address or name")
    .option("--provider <TYPE>", "those who log in so, as in local-userpass")
    .option("--disabled", "those who are disabled")
    .action(async (flags: Flags & UserQueryFlags) => {
      await (await import("./command/users.ts")).listUsers(flags);
    });
  command("create <EMAIL>", "make a user; the password is read from standard input").action(
    async (email: string, flags: Flags) => {
      await (await import("./command/users.ts")).createUser(email, flags);
    },
  );
  command("import [FILE]", "take over users with their ids, a line of JSON each")
    .option("--claim <FILE>", "who gets an old id at the first login, by sub or e-mail address")
    .action(async (file: string | undefined, flags: Flags & { readonly claim?: string }) => {
      await (await import("./command/users.ts")).importUsers(file, flags);
    });
  for (const [verb, description] of [
    ["enable", "let a user log in again"],
    ["disable", "end a user's sessions and refuse logins"],
    ["revoke", "end a user's sessions"],
    ["delete", "delete a user with its keys and sessions"],
  ] as const)
    command(`${verb} <USER>`, `${description}; named by id or e-mail address`).action(
      async (user: string, flags: Flags) => {
        await (await import("./command/users.ts")).changeUser(verb, user, flags);
      },
    );
  command("set-password <USER>", "set a password, read from standard input").action(
    async (user: string, flags: Flags) => {
      await (await import("./command/users.ts")).setPassword(user, flags);
    },
  );
  command("rotate-signing-secret", "sign tokens with a new secret")
    .option("--forget-old", "refuse what the old secret has signed: everybody must log in again")
    .action(async (flags: Flags & { readonly forgetOld?: boolean }) => {
      await (await import("./command/users.ts")).rotateSigningSecret(flags);
    });
}
