/** `petiole users …` */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import type { GivenClaim } from "../../auth/claims.ts";
import { importedUser, type ImportedUser } from "../../auth/user-import.ts";
import { Fault } from "../../kit/fault.ts";
import type { AppPlace } from "../app-desk.ts";
import { say } from "../counter.ts";
import { openUserDesk, type UserDesk, type UserQueryFlags, type UserVerb } from "../user-desk.ts";

export async function listUsers(flags: AppPlace & UserQueryFlags): Promise<void> {
  await atDesk(flags, async (desk) => {
    for await (const page of desk.list(flags))
      for (const { _id, disabled, identities, data, last_authentication_date: last } of page) {
        const providers = identities.map(({ provider_type: type }) => type).join(",");
        const name = [data["email"], data["name"]].find((each) => typeof each === "string") ?? "";
        const seen =
          last === 0 ? "never".padEnd(10) : new Date(last * 1000).toISOString().slice(0, 10);
        say(`${_id}  ${disabled ? "disabled" : "enabled "}  ${seen}  ${providers}  ${name}`);
      }
  });
}

/** The password comes from standard input: in a flag, every process of the machine could see it. */
export async function createUser(email: string, flags: AppPlace): Promise<void> {
  const password = await readPassword();
  await atDesk(flags, async (desk) => {
    say(await desk.create(email, password));
  });
}

const past: Readonly<Record<UserVerb, string>> = {
  enable: "enabled",
  disable: "disabled",
  revoke: "ended all sessions of",
  delete: "deleted",
};

/** @param user its id or its e-mail address */
export async function changeUser(verb: UserVerb, user: string, flags: AppPlace): Promise<void> {
  await atDesk(flags, async (desk) => {
    await desk.change(verb, await findId(desk, user));
    say(`${past[verb]} ${user}`);
  });
}

/** @param user its id or its e-mail address */
export async function setPassword(user: string, flags: AppPlace): Promise<void> {
  const password = await readPassword();
  await atDesk(flags, async (desk) => {
    await desk.setPassword(await findId(desk, user), password);
    say(`set the password of ${user}; its sessions have ended`);
  });
}

export async function rotateSigningSecret(
  flags: AppPlace & { readonly forgetOld?: boolean },
): Promise<void> {
  const forgetsOld = flags.forgetOld === true;
  await atDesk(flags, async (desk) => {
    await desk.rotateSigningSecret({ forgetsOld });
    say(
      forgetsOld
        ? "tokens are signed with a new secret; all users have to log in again"
        : "tokens are signed with a new secret; those that are about go on until they end",
    );
  });
}

/** @param file users, a line each, as the admin API shows them */
export async function importUsers(
  file: string | undefined,
  flags: AppPlace & { readonly claim?: string },
): Promise<void> {
  if (file === undefined && flags.claim === undefined)
    throw new Fault("InvalidParameter", "name a file of users, or one of claims with --claim");
  await atDesk(flags, async (desk) => {
    if (file !== undefined) await importUserFile(desk, file);
    if (flags.claim !== undefined) await importClaimFile(desk, flags.claim);
  });
}

const batchMax = 500;

async function importUserFile(desk: UserDesk, file: string): Promise<void> {
  const sum = { imported: 0, existing: 0, refused: 0 };
  for await (const batch of batchesOf(file, readUser)) {
    const { imported, existing, refused } = await desk.importUsers(batch);
    sum.imported += imported;
    sum.existing += existing;
    sum.refused += refused.length;
    for (const { _id, message } of refused) process.stderr.write(`${_id}: ${message}\n`);
  }
  say(`imported ${sum.imported} users; ${sum.existing} were there already`);
  if (sum.refused > 0)
    throw new Fault("InvalidParameter", `${sum.refused} users were not imported`);
}

async function importClaimFile(desk: UserDesk, file: string): Promise<void> {
  let count = 0;
  for await (const batch of batchesOf(file, readClaim)) count += await desk.addClaims(batch);
  say(`${count} users get their old id at their first login`);
}

/** Reads lines in batches; empty ones do not count. */
async function* batchesOf<T>(
  file: string,
  read: (line: unknown, where: string) => T,
): AsyncIterable<readonly T[]> {
  let batch: T[] = [];
  let number = 0;
  const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity });
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    batch.push(read(parse(line, `${file}:${number}`), `${file}:${number}`));
    if (batch.length < batchMax) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function parse(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Fault("InvalidParameter", `${where}: the line is no JSON`);
  }
}

const userCheck = TypeCompiler.Compile(importedUser);

function readUser(value: unknown, where: string): ImportedUser {
  if (userCheck.Check(value)) return value;
  const { path = "", message = "" } = userCheck.Errors(value).First() ?? {};
  throw new Fault("InvalidParameter", `${where}: ${path} ${message}`);
}

function readClaim(value: unknown, where: string): GivenClaim {
  const { sub, email, user_id: userId } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isId = typeof userId === "string" && /^[0-9a-f]{24}$/.test(userId);
  if (isId && typeof sub === "string" && email === undefined) return { sub, user_id: userId };
  if (isId && typeof email === "string" && sub === undefined) return { email, user_id: userId };
  throw new Fault(
    "InvalidParameter",
    `${where}: a claim is {"sub": …, "user_id": …} or {"email": …, "user_id": …}`,
  );
}

async function findId(desk: UserDesk, user: string): Promise<string> {
  if (/^[0-9a-f]{24}$/.test(user)) return user;
  for await (const page of desk.list({ search: user }))
    for (const { _id, data } of page) if (data["email"] === user) return _id;
  throw new Fault("UserNotFound", `there is no user '${user}'`);
}

async function readPassword(): Promise<string> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (password === "") throw new Fault("InvalidParameter", "no password came from standard input");
  return password;
}

async function atDesk(flags: AppPlace, work: (desk: UserDesk) => Promise<void>): Promise<void> {
  const desk = await openUserDesk(flags);
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}
