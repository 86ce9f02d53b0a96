/** Patterns of PCRE, as the server takes them: text → nodes. */
import { withOtherCases } from "./case-fold.ts";
import { charSet, codePointMax, type CharSet } from "./char-set.ts";
import { readClass, refusePosixOutside } from "./class.ts";
import { readEscapedChar, readEscapedSet, refuseNamedChar } from "./escape.ts";
import { parseGroup } from "./group.ts";
import { enumerate, newline, notNewline, vertical } from "./known-sets.ts";
import { type Assertion, type Pattern, type RegexNode, type Repeat } from "./node.ts";
import type { Flags, ParserState } from "./parser-state.ts";
import { mayLoop } from "./recursion.ts";
import { readReference } from "./reference.ts";
import { accept, acceptForm, codePointsOf, fail, next, peek } from "./scanner.ts";

/**
 * Parses a pattern.
 *
 * @throws {PatternError} in PCRE's words
 */
export function parsePattern(text: string, flags: Flags): Pattern {
  const state: ParserState = {
    text,
    at: 0,
    flags,
    groupCount: 0,
    depth: 0,
    isUnicode: false,
    openGroups: new Map(),
    names: new Map(),
    checks: [],
    lengthChecks: [],
    parseAlternatives,
    parseBranch: parseSequence,
  };
  readStartVerbs(state);
  const root = parseAlternatives(state);
  if (state.at < text.length) return fail("unmatched parentheses");
  // In PCRE's order, for patterns with several faults. Calls by name have their groups after the checks only.
  refuseLoops(root);
  for (const check of [...state.lengthChecks, ...state.checks]) check();
  refuseLoops(root);
  return { root, groupCount: state.groupCount };
}

function refuseLoops(root: RegexNode): void {
  if (mayLoop(root)) fail("recursive call could loop indefinitely");
}

// Atlas: those that make other characters end a line are taken, but a line ends at a newline by any means.
const startVerb =
  /\(\*(UTF8?|UCP|NO_START_OPT|NO_AUTO_POSSESS|LF|ANY|ANYCRLF|BSR_UNICODE|BSR_ANYCRLF)\)/y;

function readStartVerbs(state: ParserState): void {
  for (let match = acceptForm(state, startVerb); match; match = acceptForm(state, startVerb))
    if (match[1] === "UCP") state.isUnicode = true;
}

function parseAlternatives(state: ParserState): RegexNode {
  const options = [parseSequence(state)];
  while (accept(state, "|")) options.push(parseSequence(state));
  return options.length === 1 ? (options[0] as RegexNode) : { kind: "alternatives", options };
}

function parseSequence(state: ParserState): RegexNode {
  const items: RegexNode[] = [];
  // What a quantifier would repeat is the last item, unless that is an assertion or has been repeated.
  let canRepeat = false;
  while (state.at < state.text.length) {
    if (skipIgnored(state)) continue;
    const char = peek(state);
    if (char === "|" || char === ")") break;
    const quantifier = readQuantifier(state);
    if (quantifier !== undefined) {
      if (!canRepeat) return fail("nothing to repeat");
      items.push(repeated(items.pop() as RegexNode, quantifier));
      canRepeat = false;
      continue;
    }
    const atom = parseAtom(state);
    if (atom === undefined) {
      canRepeat = false;
      continue;
    }
    items.push(...atom);
    canRepeat = isRepeatable(items.at(-1));
  }
  return items.length === 1 ? (items[0] as RegexNode) : { kind: "sequence", items };
}

function isRepeatable(node: RegexNode | undefined): boolean {
  return node !== undefined && node.kind !== "assert" && node.kind !== "keep";
}

const comment = /\(\?#[^)]*\)/y;
const blanks = /[\t-\r ]+|#[^\n]*(?:\n|$)/y;

/** Steps over what means nothing: comments, blanks in extended patterns, `\E` alone, callouts. */
function skipIgnored(state: ParserState): boolean {
  if (accept(state, "\\E")) return true;
  if (acceptForm(state, comment) !== undefined) return true;
  if (state.text.startsWith("(?#", state.at)) return fail("missing ) after comment");
  if (acceptForm(state, callout) !== undefined) return true;
  return state.flags.isExtended && acceptForm(state, blanks) !== undefined;
}

const callout = /\(\?C\d{0,3}\)/y;

type Quantifier = Pick<Repeat, "min" | "max" | "mode">;

const braces = /\{(\d+)(?:(,)(\d*))?\}/y;
const timesMax = 65_535;

function readQuantifier(state: ParserState): Quantifier | undefined {
  const times = readTimes(state);
  if (times === undefined) return undefined;
  if (state.flags.isExtended) while (acceptForm(state, blanks) !== undefined);
  if (accept(state, "+")) return { ...times, mode: "possessive" };
  const isMarked = accept(state, "?");
  return { ...times, mode: isMarked === state.flags.isUngreedy ? "greedy" : "lazy" };
}

function readTimes(state: ParserState): { min: number; max: number } | undefined {
  if (accept(state, "*")) return { min: 0, max: Infinity };
  if (accept(state, "+")) return { min: 1, max: Infinity };
  if (accept(state, "?")) return { min: 0, max: 1 };
  const match = acceptForm(state, braces);
  if (match === undefined) return undefined;
  const min = Number(match[1]);
  let max = min;
  if (match[2] !== undefined) max = match[3] === "" ? Infinity : Number(match[3]);
  if (min > timesMax || (max > timesMax && max !== Infinity))
    return fail("number too big in {} quantifier");
  if (max < min) return fail("numbers out of order in {} quantifier");
  return { min, max };
}

function repeated(item: RegexNode, { min, max, mode }: Quantifier): RegexNode {
  // Assertions do not consume: once is as good as often.
  const times =
    item.kind === "look" ? { min: Math.min(min, 1), max: Math.min(max, 1) } : { min, max };
  if (times.min === 1 && times.max === 1)
    return mode === "possessive" ? { kind: "atomic", item } : item;
  return { kind: "repeat", item, ...times, mode };
}

/** Parses one atom; undefined for what only sets options. */
function parseAtom(state: ParserState): RegexNode[] | undefined {
  if (accept(state, "\\Q")) return readQuoted(state);
  if (accept(state, "[[:<:]]")) return wordEdge(state, "(?=\\w)");
  if (accept(state, "[[:>:]]")) return wordEdge(state, "(?<=\\w)");
  const char = next(state);
  switch (char) {
    case "(":
      return parseGroup(state);
    case "[":
      refusePosixOutside(state);
      return [{ kind: "set", set: readClass(state) }];
    case ".":
      return [{ kind: "set", set: state.flags.dotTakesNewline ? anything : notNewline }];
    case "^":
      return [assertion(state.flags.isMultiline ? "lineStart" : "textStart")];
    case "$":
      return [assertion(state.flags.isMultiline ? "lineEnd" : "lastLineEnd")];
    case "\\":
      return [parseEscape(state)];
    default:
      return [literal(char.codePointAt(0) as number, state)];
  }
}

const anything: CharSet = [0, 0xd7ff, 0xe000, codePointMax];

function wordEdge(state: ParserState, side: string): RegexNode[] {
  return [assertion("wordBoundary"), parsePattern(side, state.flags).root];
}

function assertion(kind: Assertion): RegexNode {
  return { kind: "assert", assertion: kind };
}

function literal(codePoint: number, state: ParserState): RegexNode {
  const set = charSet(codePoint);
  return { kind: "set", set: state.flags.isCaseless ? withOtherCases(set) : set };
}

/** `\Q…\E`: up to the end of the pattern if nothing ends it. */
function readQuoted(state: ParserState): RegexNode[] | undefined {
  const end = state.text.indexOf("\\E", state.at);
  const quoted = state.text.slice(state.at, end < 0 ? undefined : end);
  state.at = end < 0 ? state.text.length : end + 2;
  if (quoted === "") return undefined;
  return codePointsOf(quoted).map((each) => literal(each, state));
}

/** What `\b` and `\B` stand for where words are made of more than ASCII. */
const unicodeBoundary = "(*UCP)(?:(?<=\\w)(?!\\w)|(?<!\\w)(?=\\w))";
const noUnicodeBoundary = "(*UCP)(?:(?<=\\w)(?=\\w)|(?<!\\w)(?!\\w))";

const assertionEscapes: ReadonlyMap<string, Assertion> = new Map<string, Assertion>([
  ["b", "wordBoundary"],
  ["B", "notWordBoundary"],
  ["A", "textStart"],
  ["Z", "lastLineEnd"],
  ["z", "textEnd"],
  ["G", "searchStart"],
]);

function parseEscape(state: ParserState): RegexNode {
  const letter = next(state);
  if (letter === "") return fail("\\ at end of pattern");
  if (state.isUnicode && (letter === "b" || letter === "B"))
    return parsePattern(letter === "b" ? unicodeBoundary : noUnicodeBoundary, state.flags).root;
  const kind = assertionEscapes.get(letter);
  if (kind !== undefined) return assertion(kind);
  const reference = readReference(letter, state);
  if (reference !== undefined) return reference;
  switch (letter) {
    case "K":
      return { kind: "keep" };
    case "N":
      refuseNamedChar(state);
      return { kind: "set", set: notNewline };
    case "R":
      return lineBreak;
    case "X":
      return grapheme();
    case "C":
      return fail("\\C is not supported");
    default: {
      const set = readEscapedSet(letter, state);
      if (set !== undefined) return { kind: "set", set };
      return literal(readEscapedChar(letter, state), state);
    }
  }
}

const lineBreak: RegexNode = {
  kind: "atomic",
  item: {
    kind: "alternatives",
    options: [
      {
        kind: "sequence",
        items: [
          { kind: "set", set: charSet(13) },
          { kind: "set", set: newline },
        ],
      },
      { kind: "set", set: vertical },
    ],
  },
};

/** A character with the marks that follow it: an approximation of Unicode's grapheme cluster. */
function grapheme(): RegexNode {
  const marks = enumerate("\\p{M}\\u200d");
  const item: RegexNode = { kind: "set", set: marks };
  return {
    kind: "sequence",
    items: [
      { kind: "set", set: anything },
      { kind: "repeat", item, min: 0, max: Infinity, mode: "possessive" },
    ],
  };
}
