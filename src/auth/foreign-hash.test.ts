import * as crypto from "node:crypto";
import { bcrypt } from "hash-wasm";
import { expect, test } from "vitest";
import { mustBeForeignHash, verifyForeignHash } from "./foreign-hash.ts";

function phc(hash: Buffer): string {
  return hash.toString("base64").replaceAll("=", "");
}

const salt = Buffer.from("a salt of sixteen");
const scrypt = `$scrypt$ln=12,r=8,p=2$${phc(salt)}$${phc(
  crypto.scryptSync("right", salt, 32, { N: 2 ** 12, r: 8, p: 2 }),
)}`;

async function bcryptOf(password: string): Promise<string> {
  return bcrypt({ password, salt: crypto.randomBytes(16), costFactor: 6, outputType: "encoded" });
}

const [blowfish, long] = [await bcryptOf("right"), await bcryptOf("x".repeat(72))];
/** Of the tests of argon2's reference implementation. */
const argon2i =
  "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA";
const argon2id =
  "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

test.for<[title: string, stored: string, password: string, isRight: boolean]>([
  ["bcrypt", blowfish, "right", true],
  ["bcrypt of another password", blowfish, "wrong", false],
  ["bcrypt as PHP writes it", blowfish.replace(/^\$2.\$/, "$2y$"), "right", true],
  ["bcrypt looks at 72 bytes", long, "x".repeat(100), true],
  ["argon2i", argon2i, "password", true],
  ["argon2id", argon2id, "password", true],
  ["argon2id of another password", argon2id, "passwort", false],
  ["argon2 that is cut off", argon2id.slice(0, -20), "password", false],
  ["scrypt", scrypt, "right", true],
  ["scrypt of another password", scrypt, "wrong", false],
  ["no hash", "", "right", false],
  ["the password itself", "right", "right", false],
  ["a hash that is cut off", scrypt.slice(0, -30), "right", false],
  ["bcrypt that is cut off", blowfish.slice(0, -1), "right", false],
])("%s", async ([, stored, password, isRight]) => {
  expect(await verifyForeignHash(password, stored)).toBe(isRight);
});

test.for([
  "",
  "md5:5f4dcc3b5aa765d61d8327deb882cf99",
  "$2b$16$abcdefghijklmnopqrstuuOQXr0v1tFZy1Vw1e1xg9Wl7b7J0QW6y",
  "$scrypt$ln=22,r=8,p=1$c2FsdA$aGFzaA",
  "$scrypt$ln=0,r=8,p=1$c2FsdA$aGFzaA",
  "$argon2id$v=19$m=9999999,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaA",
])("%s can not be taken over", (stored) => {
  expect(() => mustBeForeignHash(stored)).toThrow(/password_hash must be/);
});
