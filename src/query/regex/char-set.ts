/** Sets of code points as sorted, disjoint, inclusive ranges: `[low, high, low, high, …]`. Surrogates are in none. */

export type CharSet = readonly number[];

export const codePointMax = 0x10ffff;
const surrogateMin = 0xd800;
const surrogateMax = 0xdfff;

export function charSet(...codePoints: readonly number[]): CharSet {
  return normalize(codePoints.flatMap((each) => [each, each]));
}

/** Sorts and joins ranges, and leaves out the surrogates. */
export function normalize(ranges: readonly number[]): CharSet {
  const pairs: [number, number][] = [];
  for (let index = 0; index < ranges.length; index += 2)
    pairs.push([ranges[index] as number, ranges[index + 1] as number]);
  pairs.sort((left, right) => left[0] - right[0]);
  const joined: number[] = [];
  for (const [low, high] of pairs) {
    const last = joined.length - 1;
    if (last > 0 && low <= (joined[last] as number) + 1)
      joined[last] = Math.max(joined[last] as number, high);
    else joined.push(low, high);
  }
  return withoutSurrogates(joined);
}

function withoutSurrogates(ranges: readonly number[]): number[] {
  const kept: number[] = [];
  for (let index = 0; index < ranges.length; index += 2) {
    const low = ranges[index] as number;
    const high = ranges[index + 1] as number;
    if (high < surrogateMin || low > surrogateMax) kept.push(low, high);
    else {
      if (low < surrogateMin) kept.push(low, surrogateMin - 1);
      if (high > surrogateMax) kept.push(surrogateMax + 1, high);
    }
  }
  return kept;
}

export function union(...sets: readonly CharSet[]): CharSet {
  return normalize(sets.flat());
}

export function negate(set: CharSet): CharSet {
  const rest: number[] = [];
  let next = 0;
  for (let index = 0; index < set.length; index += 2) {
    const low = set[index] as number;
    if (low > next) rest.push(next, low - 1);
    next = (set[index + 1] as number) + 1;
  }
  if (next <= codePointMax) rest.push(next, codePointMax);
  return withoutSurrogates(rest);
}

/** The part of a set from `low` to `high`. */
export function within(set: CharSet, low: number, high: number): CharSet {
  const part: number[] = [];
  for (let index = 0; index < set.length; index += 2) {
    const from = Math.max(set[index] as number, low);
    const to = Math.min(set[index + 1] as number, high);
    if (from <= to) part.push(from, to);
  }
  return part;
}

/** A set's only member; -1 if there are several, or none. */
export function onlyMember(set: CharSet): number {
  return set.length === 2 && set[0] === set[1] ? (set[0] as number) : -1;
}

/** Makes a fast test of membership. */
export function compileMembership(set: CharSet): (codePoint: number) => boolean {
  const ascii = new Uint8Array(128);
  for (let codePoint = 0; codePoint < 128; codePoint += 1)
    ascii[codePoint] = contains(set, codePoint) ? 1 : 0;
  return (codePoint) => (codePoint < 128 ? ascii[codePoint] === 1 : contains(set, codePoint));
}

function contains(set: CharSet, codePoint: number): boolean {
  let low = 0;
  let high = set.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < (set[2 * middle] as number)) high = middle - 1;
    else if (codePoint > (set[2 * middle + 1] as number)) low = middle + 1;
    else return true;
  }
  return false;
}
