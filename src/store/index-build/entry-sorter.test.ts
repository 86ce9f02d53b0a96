import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createPacer } from "../../kit/pacer.ts";
import { lengthAt, lengthBytes } from "./entry-list.ts";
import { createEntrySorter } from "./entry-sorter.ts";
import { createRecordSet } from "./record-set.ts";

function createChance(): (below: number) => number {
  let state = 11;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}

/** Entries of one index: of few different bytes, so that many begin alike, of all lengths. */
function makeEntries(count: number, lengthMax: number): readonly Buffer[] {
  const chance = createChance();
  return Array.from({ length: count }, () => {
    const entry = Buffer.alloc(4 + chance(lengthMax), 1);
    for (let at = 4; at < entry.length; at += 1) entry[at] = [0, 1, 255][chance(3)] as number;
    return entry;
  });
}

test.for<[title: string, count: number, lengthMax: number, bytesMax: number]>([
  ["none", 0, 10, 0],
  ["one", 1, 10, Number.POSITIVE_INFINITY],
  ["one block", 5000, 12, Number.POSITIVE_INFINITY],
  ["several blocks in memory", 60_000, 20, Number.POSITIVE_INFINITY],
  ["a file of several lists", 100_000, 20, 0],
  ["a file, and blocks in memory", 90_000, 14, 3_000_000],
  ["long ones in a file", 6000, 1980, 0],
])("sorter: %s", async ([, count, lengthMax, bytesMax]) => {
  const directory = mkdtempSync(join(tmpdir(), "petiole-sorter-"));
  const pacer = createPacer();
  const sorter = createEntrySorter({ directory, pacer, bytesMax: () => bytesMax });
  const entries = makeEntries(count, lengthMax);
  for (const bytes of entries) {
    sorter.push({ bytes, length: bytes.length });
    if (sorter.isDue) await sorter.settle();
  }
  const next = await sorter.merge();
  const sorted: Buffer[] = [];
  for (let isLast = false; !isLast;) {
    const batch = await next();
    for (let at = 0; at < batch.length;) {
      const start = at + lengthBytes;
      at = start + lengthAt(batch.bytes, at);
      sorted.push(Buffer.from(batch.bytes.subarray(start, at)));
    }
    ({ isLast } = batch);
  }
  await sorter.close();
  const wanted = entries.toSorted((left, right) => Buffer.compare(left, right));
  expect(Buffer.concat(sorted).equals(Buffer.concat(wanted))).toBe(true);
  expect(sorted.length).toBe(count);
  expect(readdirSync(directory)).toEqual([]);
  rmSync(directory, { recursive: true });
});

test("record set: holds what was added and not taken out, far apart or close", () => {
  const set = createRecordSet();
  const records = [1, 2, 32_767, 32_768, 2 ** 40 + 5];
  expect(records.map((each) => set.add(each))).toEqual(records.map(() => true));
  expect(set.add(2)).toBe(false);
  set.delete(2);
  set.delete(3);
  set.delete(10 ** 9);
  expect([...records, 3, 2 ** 40].map((each) => set.has(each))).toEqual([
    true,
    false,
    true,
    true,
    true,
    false,
    false,
  ]);
});
