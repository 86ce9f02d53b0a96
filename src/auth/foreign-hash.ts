/**
 * Hashes of passwords that another system made: bcrypt, scrypt and argon2, in the texts that their libraries write.
 *
 * Each is checked once: at the next login the password is hashed anew. How costly a check may be is bounded, since the
 * hash says so itself.
 */
import * as crypto from "node:crypto";
import { Fault } from "../kit/fault.ts";
import { startThread } from "../kit/thread.ts";

const workMsMax = 30_000;
const memoryBytesMax = 256 * 2 ** 20;
const bcryptRoundsMax = 15;
const argon2PassesMax = 20;

interface Hash {
  verify(password: string): Promise<boolean>;
}

/** False for a text that is no hash of a known kind. */
export async function verifyForeignHash(password: string, stored: string): Promise<boolean> {
  return (await readHash(stored)?.verify(password)) ?? false;
}

/** @throws {Fault} `InvalidParameter` for a hash that no login could be checked with */
export function mustBeForeignHash(stored: string): string {
  if (stored.startsWith("scrypt$") || readHash(stored) !== undefined) return stored;
  throw new Fault(
    "InvalidParameter",
    "password_hash must be a hash by bcrypt, scrypt or argon2 of bearable cost",
  );
}

function readHash(stored: string): Hash | undefined {
  return readBcrypt(stored) ?? readScrypt(stored) ?? readArgon2(stored);
}

/** `$2b$10$…` */
function readBcrypt(stored: string): Hash | undefined {
  const [, rounds] = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(stored) ?? [];
  if (rounds === undefined || Number(rounds) > bcryptRoundsMax) return undefined;
  return { verify: async (password) => verifyInThread(password, stored) };
}

/** `$scrypt$ln=15,r=8,p=1$salt$hash` */
function readScrypt(stored: string): Hash | undefined {
  const parts = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([^$]+)\$([^$]+)$/.exec(stored);
  if (parts === null) return undefined;
  const [log, r, p] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const memory = 128 * 2 ** log * r;
  if (log < 1 || r < 1 || p < 1 || memory > memoryBytesMax || p > 16) return undefined;
  const [salt, wanted] = [readBase64(parts[4]), readBase64(parts[5])];
  const options = { N: 2 ** log, r, p, maxmem: 2 * memory + 2 ** 20 };
  return {
    verify: async (password) =>
      isSame(
        wanted,
        await new Promise((resolve, reject) => {
          crypto.scrypt(password, salt, wanted.length, options, (error, derived) => {
            if (error === null) resolve(derived);
            else reject(error);
          });
        }),
      ),
  };
}

/** `$argon2id$v=19$m=65536,t=3,p=4$salt$hash`; memory in KiB. */
function readArgon2(stored: string): Hash | undefined {
  const parts =
    /^\$argon2(?:id|i|d)\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,})\$([A-Za-z0-9+/]{22,})$/.exec(
      stored,
    );
  if (parts === null) return undefined;
  const [memory, passes, lanes] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const isBearable =
    memory * 1024 <= memoryBytesMax &&
    memory >= 8 * lanes &&
    lanes >= 1 &&
    passes >= 1 &&
    passes <= argon2PassesMax;
  return isBearable ? { verify: async (password) => verifyInThread(password, stored) } : undefined;
}

/** In a thread of its own: it would hold up everything else for a tenth of a second or more. */
async function verifyInThread(password: string, stored: string): Promise<boolean> {
  const thread = startThread(import.meta.url, "./foreign-hash-thread", {
    workerData: { password, stored },
  });
  const timer = setTimeout(() => void thread.terminate(), workMsMax);
  try {
    return await new Promise<boolean>((resolve, reject) => {
      thread.once("message", (isRight: boolean) => {
        resolve(isRight);
      });
      thread.once("error", reject);
      thread.once("exit", () => {
        resolve(false);
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

function readBase64(text = ""): Buffer {
  return Buffer.from(text, "base64");
}

function isSame(wanted: Buffer, derived: Buffer): boolean {
  return (
    wanted.length >= 16 &&
    wanted.length === derived.length &&
    crypto.timingSafeEqual(wanted, derived)
  );
}
