/** `petiole admins …` */
import { text } from "node:stream/consumers";
import { Fault } from "../../kit/fault.ts";
import { createSecret } from "../../kit/secret.ts";
import type { StatePlace } from "../../state.ts";
import { eitherWay } from "../app-desk.ts";
import { say } from "../counter.ts";

/** Prints what was made; a password or private key is shown this once. */
export async function createAdmin(
  email: string | undefined,
  flags: StatePlace & { readonly key?: boolean; readonly passwordStdin?: boolean },
): Promise<void> {
  if ((email === undefined) !== (flags.key === true))
    throw new Fault("InvalidParameter", "give an e-mail address, or --key for a key pair");
  if (email === undefined) {
    await eitherWay(flags, {
      async remote(server) {
        const made = (await server.call("POST", "/administrators/keys")) as {
          readonly public_key: string;
          readonly private_key: string;
        };
        say(`${made.public_key}  ${made.private_key}`);
      },
      async local({ administrators }) {
        const { publicKey, privateKey } = await administrators.createKey();
        say(`${publicKey}  ${privateKey}`);
      },
    });
    return;
  }
  const given = flags.passwordStdin === true ? (await text(process.stdin)).trim() : undefined;
  const password = given ?? createSecret(20);
  await eitherWay(flags, {
    async remote(server) {
      await server.call("POST", "/administrators", { email, password });
    },
    local: async ({ administrators }) => administrators.create(email, password),
  });
  say(given === undefined ? `${email}  ${password}` : email);
}

export async function listAdmins(flags: StatePlace): Promise<void> {
  await eitherWay(flags, {
    async remote(server) {
      const rows = (await server.call("GET", "/administrators")) as readonly {
        readonly _id: string;
        readonly name: string;
        readonly kind: string;
      }[];
      for (const { _id, kind, name } of rows) say(`${_id}  ${kind.padEnd(6)}  ${name}`);
    },
    async local({ administrators }) {
      for (const { id, kind, name } of await administrators.list())
        say(`${id}  ${kind.padEnd(6)}  ${name}`);
    },
  });
}
