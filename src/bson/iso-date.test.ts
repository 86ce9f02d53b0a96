import { describe, expect, test } from "vitest";
import { createRandom } from "../../test/support/generate-bson.ts";
import {
  isoLength,
  readIsoBytes,
  readIsoDate,
  writeIsoDate,
  year0Ms,
  year10000Ms,
} from "./iso-date.ts";

function write(ms: number): string {
  const bytes = Buffer.alloc(isoLength);
  writeIsoDate(bytes, 0, ms);
  return bytes.toString("latin1");
}

describe("ISO dates", () => {
  test("agree with JavaScript's own over the years 0 to 9999, both ways", () => {
    const random = createRandom(9);
    const wrong: number[] = [];
    const edges = [
      year0Ms,
      year10000Ms - 1,
      0,
      -1,
      1,
      951_782_399_999,
      951_782_400_000,
      -2_208_988_800_000,
    ];
    for (let count = 0; count < 100_000; count += 1) {
      const ms = edges[count] ?? year0Ms + Math.floor(random.next() * (year10000Ms - year0Ms));
      const text = new Date(ms).toISOString();
      const isSame =
        write(ms) === text &&
        readIsoDate(text) === ms &&
        readIsoBytes(Buffer.from(text), 0, 24) === ms;
      if (!isSame) wrong.push(ms);
    }
    expect(wrong).toEqual([]);
  });

  test("every day of four centuries", () => {
    const wrong: string[] = [];
    for (let day = -2; day < 146_100; day += 1) {
      const text = new Date(Date.UTC(1600, 0, 1) + day * 86_400_000).toISOString();
      if (write(Date.parse(text)) !== text || readIsoDate(text) !== Date.parse(text))
        wrong.push(text);
    }
    expect(wrong).toEqual([]);
  });

  test.for([
    ["2022-01-12T02:33:23Z", 1_641_954_803_000],
    ["2022-01-12T02:33:23.067Z", 1_641_954_803_067],
    ["2022-01-12t02:33:23.067z", undefined],
    ["2022-02-29T00:00:00.000Z", undefined],
    ["2022-01-12T02:60:23.067Z", undefined],
    ["202\u0001-01-12T02:33:23.067Z", undefined],
    ["2022-01-12T02:33:23.0\u00017Z", undefined],
    ["2022-01-12T02:33:23,067Z", undefined],
    ["2022-01-12T02:33:23", undefined],
  ] as const)("readIsoBytes: %j", ([text, wanted]) => {
    expect(readIsoBytes(Buffer.from(text), 0, text.length)).toBe(wanted);
  });
});
