/** Making, hashing and comparing secrets. No secret is ever kept or logged in plain text. */
import { hash, randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";

const lettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const smallLetters = "abcdefghijklmnopqrstuvwxyz";

/** Random ASCII letters and digits; 64 of them carry 381 bits. */
export function createSecret(length: number): string {
  return randomText(length, lettersAndDigits);
}

/** Random lower-case letters: the ending of an App ID. */
export function createLetters(length: number): string {
  return randomText(length, smallLetters);
}

function randomText(length: number, alphabet: string): string {
  let text = "";
  for (let count = 0; count < length; count += 1) text += alphabet[randomInt(alphabet.length)];
  return text;
}

/** SHA-256 as 64 hex digits. Enough for secrets that are random and long; passwords need `hashPassword`. */
export function hashSecret(secret: string): string {
  return hash("sha256", secret, "hex");
}

/** Compares without telling by its duration where two texts differ; only their lengths show. */
export function equalsInConstantTime(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1)
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  return difference === 0;
}

/** One of the settings that OWASP names for scrypt: 32 MiB, about 0.3 s. */
const scryptCost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 };
const scryptBytes = 32;

/** Hashes a password with scrypt and a salt of its own, off the event loop. Holds cost, salt and hash. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const derived = await derive(password, salt, scryptCost);
  const { N, r, p } = scryptCost;
  return `scrypt$${N}$${r}$${p}$${salt.toString("base64")}$${derived.toString("base64")}`;
}

/** What no password has: to check one against it takes as long as against the hash of somebody. */
export const nobodysHash: string = [
  "scrypt",
  scryptCost.N,
  scryptCost.r,
  scryptCost.p,
  Buffer.alloc(16).toString("base64"),
  Buffer.alloc(scryptBytes).toString("base64"),
].join("$");

/** Whether the password is the one that was hashed. False for a text that `hashPassword` did not make. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, cost, blocks, lanes, salt, expected] = stored.split("$");
  if (scheme !== "scrypt" || salt === undefined || expected === undefined) return false;
  const options = { ...scryptCost, N: Number(cost), r: Number(blocks), p: Number(lanes) };
  const derived = await derive(password, Buffer.from(salt, "base64"), options);
  const wanted = Buffer.from(expected, "base64");
  return derived.length === wanted.length && timingSafeEqual(derived, wanted);
}

async function derive(password: string, salt: Buffer, options: typeof scryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, scryptBytes, options, (error, derived) => {
      if (error === null) resolve(derived);
      else reject(error);
    });
  });
}
