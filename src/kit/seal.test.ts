import { expect, test } from "vitest";
import { type KeyRing, seal, sealKeyOf, unseal } from "./seal.ts";

const older = sealKeyOf("an older key of the server, long enough");
const newer = sealKeyOf("a newer key of the server, long enough");
const sealed = seal([older], "s3cret €", "app/name");

test.for<[title: string, ring: KeyRing, bytes: Uint8Array, context: string, text?: string]>([
  ["the key that sealed", [older], sealed, "app/name", "s3cret €"],
  ["a ring that holds it", [newer, older], sealed, "app/name", "s3cret €"],
  ["another key", [newer], sealed, "app/name"],
  ["another use", [older], sealed, "app/other"],
  ["no key", [], sealed, "app/name"],
  ["fewer bytes", [older], sealed.subarray(0, 20), "app/name"],
  ["a changed byte", [older], sealed.map((byte, at) => (at === 40 ? byte ^ 1 : byte)), "app/name"],
])("seal: opening with %s", ([, ring, bytes, context, text]) => {
  expect(unseal(ring, bytes, context)).toBe(text);
});

test("seal: the same text is never sealed alike", () => {
  expect(seal([older], "a", "b")).not.toEqual(seal([older], "a", "b"));
  expect(Buffer.from(sealed).toString("latin1")).not.toContain("s3cret");
});
