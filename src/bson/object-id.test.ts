import { describe, expect, test } from "vitest";
import { createObjectIdFactory, readObjectId } from "./object-id.ts";

describe("createObjectIdFactory", () => {
  test("counts up from its random start and wraps around", () => {
    const next = createObjectIdFactory({
      now: () => 1_641_954_803_999,
      random: () => Uint8Array.of(0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xff, 0xff, 0xfe),
    });
    expect([next(), next(), next()].map((id) => id.toHex())).toEqual([
      "61de3df3a1a2a3a4a5ffffff",
      "61de3df3a1a2a3a4a5000000",
      "61de3df3a1a2a3a4a5000001",
    ]);
  });

  test("stays 12 bytes after 2038 and 2106", () => {
    expect(at(2 ** 31)).toBe("800000000000000000000001");
    expect(at(2 ** 32 + 1)).toBe("000000010000000000000001");
  });
});

function at(seconds: number): string {
  return createObjectIdFactory({ now: () => seconds * 1000, random: zeros })().toHex();
}

function zeros(count: number): Uint8Array {
  return new Uint8Array(count);
}

test.for([
  ["0123456789ABCDEFabcdef01", "0123456789abcdefabcdef01"],
  ["0123456789abcdef0123456", undefined],
  ["0123456789abcdef012345678", undefined],
  ["0123456789abcdef0123456g", undefined],
  ["0123456789abcdef01234567\n", undefined],
  ["", undefined],
] as const)("readObjectId: %o", ([hex, wanted]) => {
  expect(readObjectId(hex)?.toHex()).toBe(wanted);
});
