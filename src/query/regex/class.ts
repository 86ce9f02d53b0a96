/** Classes: `[a-z\d[:alpha:]]`. */
import { withOtherCases } from "./case-fold.ts";
import { charSet, negate, normalize, union, type CharSet } from "./char-set.ts";
import { readEscapedChar, readEscapedSet } from "./escape.ts";
import { enumerate, posixSets, unicodePosixSources } from "./known-sets.ts";
import type { ParserState } from "./parser-state.ts";
import { accept, acceptForm, codePointsOf, fail, next } from "./scanner.ts";

/** Reads a class; the opening bracket has been read. */
export function readClass(state: ParserState): CharSet {
  const isNegated = accept(state, "^");
  const sets: CharSet[] = [];
  const chars: number[] = [];
  let isFirst = true;
  for (;;) {
    if (state.at >= state.text.length) return fail("missing terminating ] for character class");
    if (!isFirst && accept(state, "]")) break;
    const item = readItem(state);
    if (item === undefined) continue;
    isFirst = false;
    if (typeof item !== "number") {
      sets.push(item);
      continue;
    }
    const end = readRangeEnd(state);
    if (end !== undefined && end < item) return fail("range out of order in character class");
    chars.push(item, end ?? item);
  }
  const plain = normalize(chars);
  const set = union(state.flags.isCaseless ? withOtherCases(plain) : plain, ...sets);
  return isNegated ? negate(set) : set;
}

/** One character or set of a class; undefined for what stands for nothing. */
function readItem(state: ParserState): number | CharSet | undefined {
  const posix = readPosix(state);
  if (posix !== undefined) return posix;
  if (accept(state, "\\Q")) return readQuoted(state);
  if (accept(state, "\\E")) return undefined;
  const char = next(state);
  return char === "\\" ? readClassEscape(state) : char.codePointAt(0);
}

function readQuoted(state: ParserState): CharSet | undefined {
  const end = state.text.indexOf("\\E", state.at);
  if (end < 0) {
    state.at = state.text.length;
    return fail("missing terminating ] for character class");
  }
  const quoted = state.text.slice(state.at, end);
  state.at = end + 2;
  const set = charSet(...codePointsOf(quoted));
  if (set.length === 0) return undefined;
  return state.flags.isCaseless ? withOtherCases(set) : set;
}

function readClassEscape(state: ParserState): number | CharSet {
  const letter = next(state);
  if (letter === "") return fail("\\ at end of pattern");
  if (letter === "b") return 8;
  if (letter === "N") return fail("\\N is not supported in a class");
  return readEscapedSet(letter, state) ?? readEscapedChar(letter, state);
}

/** The end of a range, if a hyphen and one follow; a hyphen before the bracket is itself. */
function readRangeEnd(state: ParserState): number | undefined {
  const startAt = state.at;
  while (accept(state, "\\E"));
  if (!accept(state, "-") || state.text.startsWith("]", state.at)) {
    state.at = startAt;
    return undefined;
  }
  const item = readItem(state);
  if (item === undefined) {
    state.at = startAt;
    return undefined;
  }
  return typeof item === "number" ? item : fail("invalid range in character class");
}

const posixForm = /\[:(\^?)([a-z<>]*):\]/y;
const collatingForm = /\[([.=])[^\]\\]*\1\]/y;

function readPosix(state: ParserState): CharSet | undefined {
  if (!state.text.startsWith("[", state.at)) return undefined;
  if (acceptForm(state, collatingForm) !== undefined)
    return fail("POSIX collating elements are not supported");
  const match = acceptForm(state, posixForm);
  if (match === undefined) return undefined;
  const [, caret, name = ""] = match;
  const isCase = name === "upper" || name === "lower";
  const known = isCase && state.flags.isCaseless ? "alpha" : name;
  const source = state.isUnicode ? unicodePosixSources.get(known) : undefined;
  const set = source === undefined ? posixSets.get(known) : enumerate(source);
  if (set === undefined) return fail("unknown POSIX class name");
  return caret === "^" ? negate(set) : set;
}

/** Outside of a class, its form is a mistake. */
export function refusePosixOutside(state: ParserState): void {
  if (
    /^(?::[^\]\\]*:\]|\.[^\]\\]*\.\]|=[^\]\\]*=\])/.test(state.text.slice(state.at, state.at + 64))
  )
    fail("POSIX named classes are supported only within a class");
}
