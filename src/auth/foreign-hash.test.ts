import * as crypto from "node:crypto";
import { hashSync } from "bcryptjs";
import { expect, test } from "vitest";
import { mustBeForeignHash, verifyForeignHash } from "./foreign-hash.ts";

function phc(hash: Buffer): string {
  return hash.toString("base64").replaceAll("=", "");
}

const salt = Buffer.from("a salt of sixteen");
const scrypt = `$scrypt$ln=12,r=8,p=2$${phc(salt)}$${phc(
  crypto.scryptSync("right", salt, 32, { N: 2 ** 12, r: 8, p: 2 }),
)}`;

test.for<[title: string, stored: string, password: string, isRight: boolean]>([
  ["bcrypt", hashSync("right", 6), "right", true],
  ["bcrypt of another password", hashSync("right", 6), "wrong", false],
  ["bcrypt as PHP writes it", hashSync("right", 6).replace("$2b$", "$2y$"), "right", true],
  ["scrypt", scrypt, "right", true],
  ["scrypt of another password", scrypt, "wrong", false],
  ["no hash", "", "right", false],
  ["the password itself", "right", "right", false],
  ["a hash that is cut off", scrypt.slice(0, -30), "right", false],
  ["bcrypt that is cut off", hashSync("right", 6).slice(0, -1), "right", false],
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
  expect(() => mustBeForeignHash(stored)).toThrow(/password_hash must be|argon2 hashes need/);
});

test("argon2 is taken where Node has it, and named as what is missing where not", () => {
  const stored =
    "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";
  const outcome = (): string => {
    try {
      return mustBeForeignHash(stored);
    } catch (cause) {
      return String(cause);
    }
  };
  expect(outcome()).toBe(
    "argon2" in crypto ? stored : "Fault: argon2 hashes need Node 24.7 or newer",
  );
});
