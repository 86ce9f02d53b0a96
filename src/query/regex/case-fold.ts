/** Characters that differ by case only. */
import { normalize, type CharSet } from "./char-set.ts";

/** A set with all that equals one of its members but for case. */
export function withOtherCases(set: CharSet): CharSet {
  const cases = (set.at(-1) ?? 0) < 128 ? asciiCases() : allCases();
  const more: number[] = [...set];
  const add = (others: readonly number[] | undefined): void => {
    for (const other of others ?? []) more.push(other, other);
  };
  if (countOf(set) <= membersMax) for (const member of membersOf(set)) add(cases.get(member));
  else for (const [codePoint, others] of cases) if (isWithin(set, codePoint)) add(others);
  return normalize(more);
}

/** Sets up to this size are gone through; of bigger ones it is quicker to go through all that have cases. */
const membersMax = 300;

function countOf(set: CharSet): number {
  let count = 0;
  for (let index = 0; index < set.length; index += 2)
    count += (set[index + 1] as number) - (set[index] as number) + 1;
  return count;
}

function* membersOf(set: CharSet): Iterable<number> {
  for (let index = 0; index < set.length; index += 2)
    for (let member = set[index] as number; member <= (set[index + 1] as number); member += 1)
      yield member;
}

function isWithin(set: CharSet, codePoint: number): boolean {
  for (let index = 0; index < set.length; index += 2)
    if (codePoint <= (set[index + 1] as number)) return codePoint >= (set[index] as number);
  return false;
}

type Cases = ReadonlyMap<number, readonly number[]>;

let ascii: Cases | undefined;

function asciiCases(): Cases {
  ascii ??= new Map(
    Array.from({ length: 26 }, (_, letter) => [
      [0x41 + letter, [0x61 + letter]] as const,
      [0x61 + letter, [0x41 + letter]] as const,
    ])
      .flat()
      // The Kelvin sign and the long s are cases of ASCII letters.
      .map(([codePoint, others]) => [
        codePoint,
        [...others, ...(beyondAscii.get(codePoint | 32) ?? [])],
      ]),
  );
  return ascii;
}

const beyondAscii: ReadonlyMap<number, readonly number[]> = new Map([
  [0x6b, [0x212a]],
  [0x73, [0x17f]],
]);

let all: Cases | undefined;

/** Nothing above has cases (the last is Adlam). */
const casedMax = 0x1e943;

/** Groups all characters by what they are folded to; takes some milliseconds, once. */
function allCases(): Cases {
  if (all !== undefined) return all;
  const groups = new Map<number, Set<number>>();
  for (let codePoint = 0; codePoint <= casedMax; codePoint += 1) {
    if (codePoint === 0xd800) codePoint = 0xe000;
    const text = String.fromCodePoint(codePoint);
    const upper = single(text.toUpperCase());
    const lower = single(text.toLowerCase());
    if (upper === undefined && lower === undefined) continue;
    if (upper === codePoint && lower === codePoint) continue;
    // Via the upper case: σ and ς, s and ſ meet there.
    const base = single(String.fromCodePoint(upper ?? codePoint).toLowerCase()) ?? codePoint;
    const group = groups.get(base) ?? new Set([base]);
    group.add(codePoint);
    groups.set(base, group);
  }
  const cases = new Map<number, readonly number[]>();
  for (const group of groups.values())
    for (const codePoint of group)
      cases.set(
        codePoint,
        [...group].filter((each) => each !== codePoint),
      );
  all = cases;
  return cases;
}

/** The code point of a text that has but one. */
function single(text: string): number | undefined {
  const codePoint = text.codePointAt(0) as number;
  return text.length === (codePoint > 0xffff ? 2 : 1) ? codePoint : undefined;
}
