/** `petiole admins …` */
import { text } from "node:stream/consumers";
import { Fault } from "../../kit/fault.ts";
import { createSecret } from "../../kit/secret.ts";
import type { Place } from "../admin-client.ts";
import { eitherWay } from "../app-desk.ts";
import { say } from "../counter.ts";

/** Prints what was made; a password or private key is shown this once. */
export async function createAdmin(
  email: string | undefined,
  flags: Place & { readonly key?: boolean; readonly passwordStdin?: boolean },
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

/** @param name e-mail address or public key */
export async function deleteAdmin(name: string, flags: Place): Promise<void> {
  const missing = new Fault("NotFound", `there is no administrator '${name}'`);
  const wanted = name.includes("@") ? name.toLowerCase() : name;
  await eitherWay(flags, {
    async remote(server) {
      const rows = (await server.call("GET", "/administrators")) as readonly AdminRow[];
      const found = rows.find((each) => each.name === wanted);
      if (found === undefined) throw missing;
      await server.call("DELETE", `/administrators/${found._id}`);
    },
    async local({ administrators }) {
      const found = (await administrators.list()).find((each) => each.name === wanted);
      if (found === undefined) throw missing;
      await administrators.delete(found.id);
    },
  });
  say(`deleted ${wanted}`);
}

interface AdminRow {
  readonly _id: string;
  readonly name: string;
  readonly kind: string;
}

export async function listAdmins(flags: Place): Promise<void> {
  await eitherWay(flags, {
    async remote(server) {
      const rows = (await server.call("GET", "/administrators")) as readonly AdminRow[];
      for (const { _id, kind, name } of rows) say(`${_id}  ${kind.padEnd(6)}  ${name}`);
    },
    async local({ administrators }) {
      for (const { id, kind, name } of await administrators.list())
        say(`${id}  ${kind.padEnd(6)}  ${name}`);
    },
  });
}
