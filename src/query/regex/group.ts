/** What a parenthesis begins: groups, assertions, conditions, options, verbs. */
import { fixedLengths } from "./fixed-length.ts";
import { emptyNode, type Look, type RegexNode } from "./node.ts";
import type { Flags, ParserState } from "./parser-state.ts";
import { absolute, call, groupsOf, nameCall, nameReference, readName } from "./reference.ts";
import { accept, acceptForm, fail, peek } from "./scanner.ts";

const depthMax = 250;
const unrecognized = "unrecognized character after (? or (?-";

/** Parses a group; its opening parenthesis has been read. Undefined for what only sets options. */
export function parseGroup(state: ParserState): RegexNode[] | undefined {
  if (accept(state, "*")) return [parseVerb(state)];
  if (!accept(state, "?")) return [capture(state)];
  for (const [opening, parse] of kinds) if (accept(state, opening)) return [parse(state)];
  return parseSpecial(state);
}

type ParseKind = (state: ParserState) => RegexNode;

/** Longer openings stand before their beginnings. */
const kinds: readonly (readonly [opening: string, parse: ParseKind])[] = [
  [":", (state) => enclosed(inner(state))],
  ["|", parseBranchReset],
  [">", (state) => ({ kind: "atomic", item: inner(state) })],
  ["=", (state) => look(state, { isAhead: true, isNegated: false })],
  ["!", (state) => look(state, { isAhead: true, isNegated: true })],
  ["<=", (state) => look(state, { isAhead: false, isNegated: false })],
  ["<!", (state) => look(state, { isAhead: false, isNegated: true })],
  ["P=", (state) => nameReference(readName(state, ")"), state)],
  ["P>", (state) => nameCall(readName(state, ")"), state)],
  ["&", (state) => nameCall(readName(state, ")"), state)],
  ["P<", (state) => named(state, ">", "unrecognized character after (?P")],
  ["'", (state) => named(state, "'", "subpattern name expected")],
  ["<", (state) => named(state, ">", "unrecognized character after (?<")],
  ["(", parseConditional],
];

const calledGroup = /(R|[+-]?\d+)\)/y;

function parseSpecial(state: ParserState): RegexNode[] | undefined {
  const called = acceptForm(state, calledGroup);
  if (called !== undefined) {
    const [, target = ""] = called;
    return [call(target === "R" ? 0 : absolute(target, state), state)];
  }
  if (peek(state) === "P") return fail("unrecognized character after (?P");
  return parseOptions(state);
}

/** What stands between the parentheses; options set within end with the group. */
function inner(state: ParserState): RegexNode {
  state.depth += 1;
  if (state.depth > depthMax) return fail("parentheses are too deeply nested");
  const { flags } = state;
  const item = state.parseAlternatives(state);
  if (!accept(state, ")")) return fail("missing )");
  state.flags = flags;
  state.depth -= 1;
  return item;
}

/**
 * Keeps what is in brackets apart from what is not: alternatives from those around them, which a lookbehind tells
 * apart, and assertions, which can be repeated in brackets only.
 */
function enclosed(item: RegexNode): RegexNode {
  const isPlain = item.kind === "set" || item.kind === "sequence";
  return isPlain ? item : { kind: "sequence", items: [item] };
}

function capture(state: ParserState): RegexNode {
  state.groupCount += 1;
  const index = state.groupCount;
  const open = { refersToItself: false };
  state.openGroups.set(index, open);
  const item = inner(state);
  state.openGroups.delete(index);
  // As in PCRE: what a group refers to must not change while it is tried in other ways.
  return { kind: "group", index, item: open.refersToItself ? { kind: "atomic", item } : item };
}

function named(state: ParserState, close: string, message: string): RegexNode {
  if (!/\w/.test(peek(state))) return fail(message);
  const name = readName(state, close);
  const known = state.names.get(name);
  if (known === undefined) state.names.set(name, [state.groupCount + 1]);
  else if (state.flags.sharesNames) known.push(state.groupCount + 1);
  else return fail("two named subpatterns have the same name");
  return capture(state);
}

/** `(?|…|…)`: the groups of each branch have the same numbers. */
function parseBranchReset(state: ParserState): RegexNode {
  const first = state.groupCount;
  const { flags } = state;
  let most = first;
  const options: RegexNode[] = [];
  do {
    state.groupCount = first;
    options.push(state.parseBranch(state));
    most = Math.max(most, state.groupCount);
  } while (accept(state, "|"));
  if (!accept(state, ")")) return fail("missing )");
  state.groupCount = most;
  state.flags = flags;
  return { kind: "sequence", items: [{ kind: "alternatives", options }] };
}

function look(state: ParserState, kind: Pick<Look, "isAhead" | "isNegated">): Look {
  const item = inner(state);
  if (!kind.isAhead)
    state.lengthChecks.push(() => {
      if (fixedLengths(item) === undefined) fail("lookbehind assertion is not fixed length");
    });
  return { kind: "look", ...kind, item };
}

const conditionForm =
  /([+-]?\d+)\)|<([A-Za-z_]\w*)>\)|'([A-Za-z_]\w*)'\)|(DEFINE)\)|([A-Za-z_]\w*)\)/y;

function parseConditional(state: ParserState): RegexNode {
  const condition = readCondition(state);
  const body = inner(state);
  const options = body.kind === "alternatives" ? body.options : [body];
  if (options.length > 2) return fail("conditional group contains more than two branches");
  const [yes = emptyNode, no = emptyNode] = options;
  return { kind: "conditional", condition, yes, no };
}

type Condition = Extract<RegexNode, { kind: "conditional" }>["condition"];

function readCondition(state: ParserState): Condition {
  if (accept(state, "?")) {
    for (const [opening, parse] of kinds)
      if (/^<?[=!]$/.test(opening) && accept(state, opening)) return parse(state) as Look;
    return fail("assertion expected after (?( or (?(?C)");
  }
  const match = acceptForm(state, conditionForm);
  if (match === undefined) return fail("malformed number or name after (?(");
  const [, digits, angled, quoted, define, plain] = match;
  if (define !== undefined) return "never";
  if (digits !== undefined) {
    const group = absolute(digits, state);
    if (group === 0) return fail("invalid condition (?(0)");
    call(group, state);
    return [group];
  }
  const name = angled ?? quoted ?? plain ?? "";
  const groups: number[] = [];
  state.checks.push(() => {
    groups.push(...groupsOf(name, state));
  });
  return groups;
}

const optionsForm = /([imsxUJX]*)(?:-([imsxUJX]*))?([:)])/y;

/** `(?i-s)` for the rest of the group that it stands in, `(?i-s:…)` for itself. */
function parseOptions(state: ParserState): RegexNode[] | undefined {
  const match = acceptForm(state, optionsForm);
  if (match === undefined) return fail(unrecognized);
  const [, on = "", off = "", end] = match;
  const before = state.flags;
  const changed = withOptions(before, on, off);
  state.flags = changed;
  if (end === ")") return undefined;
  const item = enclosed(inner(state));
  state.flags = before;
  return [item];
}

const flagOfLetter: ReadonlyMap<string, keyof Flags> = new Map([
  ["i", "isCaseless"],
  ["m", "isMultiline"],
  ["s", "dotTakesNewline"],
  ["x", "isExtended"],
  ["U", "isUngreedy"],
  ["J", "sharesNames"],
]);

function withOptions(flags: Flags, on: string, off: string): Flags {
  const changed: Record<keyof Flags, boolean> = { ...flags };
  for (const [letters, value] of [
    [on, true],
    [off, false],
  ] as const)
    for (const letter of letters) {
      const flag = flagOfLetter.get(letter);
      if (flag !== undefined) changed[flag] = value;
    }
  return changed;
}

const verbForm = /(?:(FAIL|F)|(ACCEPT))\)/y;

// Atlas: the verbs that cut backtracking (`(*COMMIT)`, `(*PRUNE)`, `(*SKIP)`, `(*THEN)`) are refused like unknown ones.
function parseVerb(state: ParserState): RegexNode {
  const match = acceptForm(state, verbForm);
  if (match === undefined) return fail("(*VERB) not recognized or malformed");
  return { kind: match[1] === undefined ? "accept" : "fail" };
}
