/** What a backslash begins: characters and sets, the same in classes and outside. */
import { codePointMax, negate, type CharSet } from "./char-set.ts";
import { enumerate, escapedSets, propertySet, unicodeSources } from "./known-sets.ts";
import type { ParserState } from "./parser-state.ts";
import { accept, acceptForm, fail, next, peek } from "./scanner.ts";

const simple: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["e", 27],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
]);

const noneAlike = "PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u";

/**
 * Reads the set that a letter after a backslash stands for.
 *
 * @returns undefined when the letter is none of a set; the scanner stands behind the letter either way
 */
export function readEscapedSet(letter: string, state: ParserState): CharSet | undefined {
  if (letter === "p" || letter === "P") return readProperty(letter, state);
  const set = escapedSets.get(letter);
  if (set === undefined || !state.isUnicode) return set;
  const source = unicodeSources.get(letter.toLowerCase());
  if (source === undefined) return set;
  return letter === letter.toLowerCase() ? enumerate(source) : negate(enumerate(source));
}

const propertyForm = /\{(\^?)([A-Za-z_&]+)\}|([A-Z])/y;

function readProperty(letter: string, state: ParserState): CharSet {
  const match = acceptForm(state, propertyForm);
  if (match === undefined) return fail("malformed \\P or \\p sequence");
  const set = propertySet(match[2] ?? match[3] ?? "");
  if (set === undefined) return fail("unknown property name after \\P or \\p");
  return (letter === "P") === (match[1] === "^") ? set : negate(set);
}

/** Reads the one character that an escape stands for; its first letter has been read. */
export function readEscapedChar(letter: string, state: ParserState): number {
  const known = simple.get(letter);
  if (known !== undefined) return known;
  switch (letter) {
    case "x":
      return readHex(state);
    case "o":
      return readBracedOctal(state);
    case "c":
      return readControl(state);
    case "L":
    case "l":
    case "U":
    case "u":
      return fail(noneAlike);
    default:
      if (letter >= "0" && letter <= "7") return readOctal(letter, state);
      return letter.codePointAt(0) as number;
  }
}

/** `\N{name}` is not supported, `\N{3}` is a quantifier. */
export function refuseNamedChar(state: ParserState): void {
  if (/^\{(?!\d+(?:,\d*)?\})/.test(state.text.slice(state.at, state.at + 16))) fail(noneAlike);
}

const twoHexDigits = /[0-9A-Fa-f]{1,2}/y;
const hexDigits = /[0-9A-Fa-f]+/y;

function readHex(state: ParserState): number {
  if (!accept(state, "{")) {
    const digits = acceptForm(state, twoHexDigits);
    return digits === undefined ? 0 : Number.parseInt(digits[0], 16);
  }
  const digits = acceptForm(state, hexDigits);
  const codePoint = digits === undefined ? 0 : checkCodePoint(Number.parseInt(digits[0], 16));
  if (digits === undefined || !accept(state, "}"))
    return fail("non-hex character in \\x{} (closing brace missing?)");
  return codePoint;
}

const octalDigits = /[0-7]+/y;

function readBracedOctal(state: ParserState): number {
  if (!accept(state, "{")) return fail("missing opening brace after \\o");
  const digits = acceptForm(state, octalDigits);
  const codePoint = digits === undefined ? 0 : checkCodePoint(Number.parseInt(digits[0], 8));
  if (digits === undefined || !accept(state, "}"))
    return fail("non-octal character in \\o{} (closing brace missing?)");
  return codePoint;
}

const twoOctalDigits = /[0-7]{0,2}/y;

function readOctal(first: string, state: ParserState): number {
  return Number.parseInt(first + (acceptForm(state, twoOctalDigits)?.[0] ?? ""), 8);
}

function checkCodePoint(codePoint: number): number {
  if (codePoint > codePointMax) fail("character value in \\x{} or \\o{} is too large");
  if (codePoint >= 0xd800 && codePoint <= 0xdfff)
    fail("disallowed Unicode code point (>= 0xd800 && <= 0xdfff)");
  return codePoint;
}

function readControl(state: ParserState): number {
  const char = peek(state);
  if (char === "") return fail("\\c at end of pattern");
  const codePoint = char.codePointAt(0) as number;
  if (codePoint > 127) return fail("\\c must be followed by an ASCII character");
  next(state);
  return (char.toUpperCase().codePointAt(0) as number) ^ 64;
}
