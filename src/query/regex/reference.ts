/** References to groups: `\1`, `\g{-1}`, `\k<name>`, `(?P=name)`, and calls: `\g<1>`, `(?1)`, `(?&name)`. */
import type { RegexNode } from "./node.ts";
import type { ParserState } from "./parser-state.ts";
import { accept, acceptForm, fail, peek } from "./scanner.ts";

const noSuchGroup = "reference to non-existent subpattern";
const badG =
  "\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number";

/** Reads the reference that a letter after a backslash begins; undefined when it begins none. */
export function readReference(letter: string, state: ParserState): RegexNode | undefined {
  if (letter >= "1" && letter <= "9") return readPlainNumber(letter, state);
  if (letter === "g") return readG(state);
  if (letter !== "k") return undefined;
  const open = peek(state);
  const close = closers.get(open);
  if (close === undefined)
    return fail("\\k is not followed by a braced, angle-bracketed, or quoted name");
  accept(state, open);
  return nameReference(readName(state, close), state);
}

const closers: ReadonlyMap<string, string> = new Map([
  ["<", ">"],
  ["'", "'"],
  ["{", "}"],
]);

const moreDigits = /\d*/y;

/** Below 8, and up to the number of groups so far, it is a reference; else octal, or a digit. */
function readPlainNumber(first: string, state: ParserState): RegexNode | undefined {
  const startAt = state.at;
  const number = Number(first + (acceptForm(state, moreDigits)?.[0] ?? ""));
  if (number < 8 || number <= state.groupCount) return numberReference(number, state);
  state.at = startAt;
  return undefined;
}

const bracedNumber = /\{([+-]?\d+)\}|(-?\d+)/y;
const callNumber = /<([+-]?\d+)>|'([+-]?\d+)'/y;

function readG(state: ParserState): RegexNode {
  const called = acceptForm(state, callNumber);
  if (called !== undefined) return call(absolute(called[1] ?? called[2] ?? "", state), state);
  if (accept(state, "<")) return nameCall(readName(state, ">"), state);
  if (accept(state, "'")) return nameCall(readName(state, "'"), state);
  const number = acceptForm(state, bracedNumber);
  if (number !== undefined) {
    const group = absolute(number[1] ?? number[2] ?? "", state);
    if (group === 0) return fail("a numbered reference must not be zero");
    return numberReference(group, state);
  }
  if (!accept(state, "{"))
    return fail(peek(state) === "" ? "a numbered reference must not be zero" : badG);
  if (!/\w/.test(peek(state))) return fail(badG);
  return nameReference(readName(state, "}"), state);
}

/** The number of a group that is counted from here where it has a sign. */
export function absolute(digits: string, state: ParserState): number {
  const number = Number(digits);
  if (Math.abs(number) > 65_535) return fail("number is too big");
  if (digits.startsWith("-")) {
    const group = state.groupCount + 1 + number;
    return group < 1 ? fail(noSuchGroup) : group;
  }
  return digits.startsWith("+") ? state.groupCount + number : number;
}

function numberReference(group: number, state: ParserState): RegexNode {
  const open = state.openGroups.get(group);
  if (open !== undefined) open.refersToItself = true;
  state.checks.push(() => {
    if (group > state.groupCount) fail(noSuchGroup);
  });
  return { kind: "reference", groups: [group], isCaseless: state.flags.isCaseless };
}

export function nameReference(name: string, state: ParserState): RegexNode {
  const groups: number[] = [];
  for (const group of state.names.get(name) ?? []) {
    const open = state.openGroups.get(group);
    if (open !== undefined) open.refersToItself = true;
  }
  state.checks.push(() => {
    groups.push(...groupsOf(name, state));
  });
  return { kind: "reference", groups, isCaseless: state.flags.isCaseless };
}

/** The groups of a name, which all are known by the time of the checks. */
export function groupsOf(name: string, state: ParserState): readonly number[] {
  return state.names.get(name) ?? fail(noSuchGroup);
}

/** `(?1)`; 0 is the whole pattern. */
export function call(group: number, state: ParserState): RegexNode {
  state.checks.push(() => {
    if (group > state.groupCount) fail(noSuchGroup);
  });
  return { kind: "call", group };
}

export function nameCall(name: string, state: ParserState): RegexNode {
  const node = { kind: "call" as const, group: -1 };
  state.checks.push(() => {
    node.group = groupsOf(name, state)[0] as number;
  });
  return node;
}

const nameForm = /\w*/y;
const nameLengthMax = 32;

/** Reads a group's name and what ends it. */
export function readName(state: ParserState, close: string): string {
  const [name] = acceptForm(state, nameForm) ?? [""];
  if (/^\d/.test(name)) return fail("group name must start with a non-digit");
  if (name.length > nameLengthMax)
    return fail("subpattern name is too long (maximum 32 characters)");
  if (!accept(state, close)) return fail("syntax error in subpattern name (missing terminator)");
  if (name === "") return fail("subpattern name expected");
  return name;
}
