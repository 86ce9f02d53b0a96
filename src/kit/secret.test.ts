import { expect, test } from "vitest";
import {
  createLetters,
  createSecret,
  equalsInConstantTime,
  hashPassword,
  hashSecret,
  verifyPassword,
} from "./secret.ts";

test("secret: secrets are long enough and differ", () => {
  expect(createSecret(64)).toMatch(/^[A-Za-z0-9]{64}$/);
  expect(createLetters(5)).toMatch(/^[a-z]{5}$/);
  expect(createSecret(64)).not.toBe(createSecret(64));
});

test("secret: a hash is SHA-256", () => {
  expect(hashSecret("abc")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test.for<[left: string, right: string, equal: boolean]>([
  ["", "", true],
  ["abc", "abc", true],
  ["abc", "abd", false],
  ["abc", "abcd", false],
])("secret: %s and %s", ([left, right, equal]) => {
  expect(equalsInConstantTime(left, right)).toBe(equal);
});

test("secret: a password is verified by its hash and nothing else", async () => {
  const stored = await hashPassword("correct horse");
  expect(stored).not.toContain("correct");
  expect(await verifyPassword("correct horse", stored)).toBe(true);
  expect(await verifyPassword("correct horses", stored)).toBe(false);
  expect(await verifyPassword("x", "x")).toBe(false);
  expect(await hashPassword("correct horse")).not.toBe(stored);
});
