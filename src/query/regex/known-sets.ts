/** The sets that have names: `\d`, `[:alpha:]`, `\p{L}` …, as PCRE without its UCP option has them: ASCII, but properties. */
import { charSet, codePointMax, negate, normalize, union, type CharSet } from "./char-set.ts";

export const newline: CharSet = charSet(10);
export const notNewline: CharSet = negate(newline);

const digit: CharSet = [0x30, 0x39];
const upper: CharSet = [0x41, 0x5a];
const lower: CharSet = [0x61, 0x7a];
const alpha = union(upper, lower);
export const wordSet: CharSet = union(alpha, digit, charSet(0x5f));
const space: CharSet = [9, 13, 32, 32];
const horizontal: CharSet = normalize([
  9, 9, 32, 32, 0xa0, 0xa0, 0x1680, 0x1680, 0x180e, 0x180e, 0x2000, 0x200a, 0x202f, 0x202f, 0x205f,
  0x205f, 0x3000, 0x3000,
]);
export const vertical: CharSet = normalize([10, 13, 0x85, 0x85, 0x2028, 0x2029]);

/** Letter after the backslash → set. */
export const escapedSets: ReadonlyMap<string, CharSet> = new Map([
  ["d", digit],
  ["D", negate(digit)],
  ["w", wordSet],
  ["W", negate(wordSet)],
  ["s", space],
  ["S", negate(space)],
  ["h", horizontal],
  ["H", negate(horizontal)],
  ["v", vertical],
  ["V", negate(vertical)],
]);

/** Name within `[:` and `:]` → set. */
export const posixSets: ReadonlyMap<string, CharSet> = new Map<string, CharSet>([
  ["alpha", alpha],
  ["lower", lower],
  ["upper", upper],
  ["alnum", union(alpha, digit)],
  ["ascii", [0, 127]],
  ["blank", [9, 9, 32, 32]],
  ["cntrl", [0, 31, 127, 127]],
  ["digit", digit],
  ["graph", [33, 126]],
  ["print", [32, 126]],
  ["punct", [33, 47, 58, 64, 91, 96, 123, 126]],
  ["space", space],
  ["word", wordSet],
  ["xdigit", [0x30, 0x39, 0x41, 0x46, 0x61, 0x66]],
]);

/** With `(*UCP)`: the same names by Unicode's properties, as JavaScript's classes. */
export const unicodeSources: ReadonlyMap<string, string> = new Map([
  ["d", "\\p{Nd}"],
  ["w", "\\p{L}\\p{N}_"],
  ["s", "\\p{Z}\\t-\\r\\x85"],
]);

/** With `(*UCP)`: classes that Unicode's properties make; of the others nothing changes. */
export const unicodePosixSources: ReadonlyMap<string, string> = new Map([
  ["alpha", "\\p{L}"],
  ["lower", "\\p{Ll}"],
  ["upper", "\\p{Lu}"],
  ["alnum", "\\p{L}\\p{N}"],
  ["digit", "\\p{Nd}"],
  ["blank", "\\t\\p{Zs}"],
  ["space", "\\p{Z}\\t-\\r\\x85"],
  ["word", "\\p{L}\\p{N}_"],
  ["cntrl", "\\p{Cc}"],
  ["graph", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}"],
  ["print", "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}\\p{Zs}"],
  ["punct", "\\p{P}$+<=>^`|~"],
]);

const ownProperties: ReadonlyMap<string, string> = new Map([
  ["Any", "\\s\\S"],
  ["L&", "\\p{Lu}\\p{Ll}\\p{Lt}"],
  ["Xan", "\\p{L}\\p{N}"],
  ["Xsp", "\\p{Z}\\t-\\r"],
  ["Xps", "\\p{Z}\\t-\\r"],
  ["Xwd", "\\p{L}\\p{N}_"],
  ["Xuc", "$@`\\xa0-\\ud7ff\\ue000-\\u{10ffff}"],
]);

const categoryForm = /^(?:C[cfnos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/;
const scriptForm = /^[A-Z][A-Za-z_]{2,40}$/;

/** The set of a property by its PCRE name; undefined when there is none of that name. */
export function propertySet(name: string): CharSet | undefined {
  const own = ownProperties.get(name);
  if (own !== undefined) return enumerate(own);
  if (categoryForm.test(name)) return enumerate(`\\p{${name}}`);
  if (!scriptForm.test(name)) return undefined;
  try {
    return enumerate(`\\p{Script=${name}}`);
  } catch (cause) {
    // JavaScript knows no such script.
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** Each takes some milliseconds to find, and there are at most some hundreds. */
const enumerated = new Map<string, CharSet>();

/** Lists the members of a class of JavaScript's. */
export function enumerate(classSource: string): CharSet {
  const known = enumerated.get(classSource);
  if (known !== undefined) return known;
  const run = new RegExp(`[${classSource}]+`, "gu");
  const ranges: number[] = [];
  for (const [low, high] of assigned)
    for (let start = low; start <= high; start += blockSize) addRuns(run, start, ranges);
  for (const [low, high] of alike)
    if (String.fromCodePoint(low).search(run) === 0) ranges.push(low, high);
  const set = normalize(ranges);
  enumerated.set(classSource, set);
  return set;
}

const blockSize = 0x1000;

/** Where characters are, in whole blocks. */
const assigned: readonly (readonly [number, number])[] = [
  [0, 0x3_ffff],
  [0xe_0000, 0xe_0fff],
];

/** Ranges of code points that have all properties in common: not assigned, or for private use. */
const alike: readonly (readonly [number, number])[] = [
  [0x4_0000, 0xd_ffff],
  [0xe_1000, 0xe_ffff],
  [0xf_0000, 0xf_fffd],
  [0xf_fffe, 0xf_ffff],
  [0x10_0000, 0x10_fffd],
  [0x10_fffe, codePointMax],
];

function addRuns(run: RegExp, start: number, ranges: number[]): void {
  const codePoints = Array.from({ length: blockSize }, (_, offset) => start + offset);
  const unitsEach = start > 0xffff ? 2 : 1;
  for (const match of String.fromCodePoint(...codePoints).matchAll(run)) {
    const low = start + match.index / unitsEach;
    ranges.push(low, low + match[0].length / unitsEach - 1);
  }
}
