/** `petiole secrets …` and `petiole values …` */
import { text } from "node:stream/consumers";
import { Fault } from "../../kit/fault.ts";
import type { Place } from "../admin-client.ts";
import { type AppPlace, eitherWay } from "../app-desk.ts";
import { atDesk, say } from "../counter.ts";

/** Reads the value from standard input: in a flag, every process of the machine could see it. */
export async function setSecret(name: string, flags: AppPlace): Promise<void> {
  const value = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (value === "") throw new Fault("InvalidParameter", "no value came from standard input");
  await atDesk(flags, async (desk) => {
    await desk.setSecret(name, value);
    say(`set ${name}`);
  });
}

export async function listSecrets(flags: AppPlace): Promise<void> {
  await atDesk(flags, async (desk) => {
    for (const name of await desk.secretNames()) say(name);
  });
}

export async function deleteSecret(name: string, flags: AppPlace): Promise<void> {
  await atDesk(flags, async (desk) => {
    await desk.deleteSecret(name);
    say(`deleted ${name}`);
  });
}

/** Seals everything with a new master key; a key of `PETIOLE_MASTER_KEY` is changed there, the new before the old. */
export async function rotateKey(flags: Place): Promise<void> {
  await eitherWay(flags, {
    async remote(server) {
      const { count } = (await server.call("POST", "/secrets/rotate_key")) as {
        readonly count: number;
      };
      say(`sealed ${count} secrets with the new key`);
    },
    async local({ secrets }) {
      say(`sealed ${await secrets.rotateKey()} secrets with the new key`);
    },
  });
}

export async function listValues(flags: AppPlace): Promise<void> {
  await atDesk(flags, async (desk) => {
    const { values } = await desk.describe();
    for (const name of values as readonly string[]) say(name);
  });
}
