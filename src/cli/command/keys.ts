/** `petiole keys …` */
import { text } from "node:stream/consumers";
import { type Permission, permissions } from "../../config/app.ts";
import { Fault } from "../../kit/fault.ts";
import type { Place } from "../admin-client.ts";
import { type KeyDesk, openKeyDesk } from "../key-desk.ts";

interface Flags extends Place {
  readonly app?: string;
  readonly role?: string;
  readonly userId?: string;
}

/** Prints the key's text alone, so that it can be captured. */
export async function createKey(name: string, flags: Flags): Promise<void> {
  await atDesk(flags, async (desk) => {
    const key = await desk.create({ name, role: roleOf(flags) });
    process.stdout.write(`${key}\n`);
  });
}

/** Reads the key from standard input: in a flag, every process of the machine could see it. */
export async function importKey(name: string, flags: Flags): Promise<void> {
  const key = (await text(process.stdin)).trim();
  if (key === "") throw new Fault("InvalidParameter", "no key came from standard input");
  const { userId } = flags;
  await atDesk(flags, async (desk) => {
    await desk.create({
      name,
      key,
      role: roleOf(flags),
      ...(userId === undefined ? {} : { userId }),
    });
    process.stdout.write(`imported ${name}\n`);
  });
}

export async function listKeys(flags: Flags): Promise<void> {
  await atDesk(flags, async (desk) => {
    for (const { id, name, role, disabled } of await desk.list())
      process.stdout.write(`${id}  ${disabled ? "disabled" : "enabled "}  ${role}  ${name}\n`);
  });
}

/** @param key its name or its id */
export async function changeKey(
  verb: "enable" | "disable" | "delete",
  key: string,
  flags: Flags,
): Promise<void> {
  await atDesk(flags, async (desk) => {
    const rows = await desk.list();
    const found = rows.find((row) => row.name === key) ?? rows.find((row) => row.id === key);
    if (found === undefined) throw new Fault("APIKeyNotFound", `there is no key '${key}'`);
    await desk.change(verb, found.id);
    process.stdout.write(`${verb}d ${found.name}\n`);
  });
}

function roleOf(flags: Flags): Permission {
  const role = permissions.find((each) => each === (flags.role ?? "readWrite"));
  if (role === undefined) throw new Fault("InvalidParameter", `'${flags.role}' is no role`);
  return role;
}

async function atDesk(flags: Flags, work: (desk: KeyDesk) => Promise<void>): Promise<void> {
  const desk = await openKeyDesk(flags, flags.app);
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}
