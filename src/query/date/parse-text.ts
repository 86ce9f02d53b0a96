/**
 * Reads the text of a date without a format: a scanner over `text-grammar.ts`.
 *
 * To add a form: a line in the grammar, and an action under the same name in `text-date.ts`, `text-time.ts` or
 * `text-relative.ts`.
 */
import { createParsedTime, describeProblem, isValidDate, isValidTime } from "./parsed-time.ts";
import { createRelativeTime } from "./relative-time.ts";
import { createCursor } from "./text-cursor.ts";
import { dateActions } from "./text-date.ts";
import { grammar } from "./text-grammar.ts";
import { relativeActions } from "./text-relative.ts";
import { timeActions } from "./text-time.ts";
import type { Act, FreeTime } from "./text-token.ts";

interface Rule {
  readonly pattern: RegExp;
  readonly act: Act;
}

let rules: readonly Rule[] | undefined;

/** Reads all of the text; problems are noted in the result. */
export function parseText(text: string): FreeTime {
  const time: FreeTime = {
    ...createParsedTime(),
    relative: createRelativeTime(),
    hasSecondZone: false,
  };
  if (text === "") {
    time.errors.push(describeProblem("", 0, "Empty string"));
    return time;
  }
  // Places are counted from the first character that is no blank; a NUL ends the text.
  const trimmed = text.replace(/^[ \t-\r]+|[ \t-\r]+$/g, "");
  const scanned = `${trimmed}\0`;
  let at = 0;
  while (at < scanned.length) at = scan(scanned, at, time);
  const warn = (message: string): number =>
    time.warnings.push(describeProblem("", scanned.length, message));
  if (time.hasTime && !isValidTime(time)) warn("The parsed time was invalid");
  if (time.hasDate && !isValidDate(time)) warn("The parsed date was invalid");
  return time;
}

/** Reads one token. @returns where the next one begins */
function scan(text: string, at: number, time: FreeTime): number {
  rules ??= makeRules();
  let longest: Rule | undefined;
  let end = at;
  for (const rule of rules) {
    rule.pattern.lastIndex = at;
    if (!rule.pattern.test(text) || rule.pattern.lastIndex <= end) continue;
    end = rule.pattern.lastIndex;
    longest = rule;
  }
  const report = (message: string): number => time.errors.push(describeProblem(text, at, message));
  const warn = (message: string): number => time.warnings.push(describeProblem(text, at, message));
  if (longest === undefined) {
    report("Unexpected character");
    return at + 1;
  }
  longest.act({ cursor: createCursor(text, at, end), time, report, warn });
  return end;
}

/** Forms without an action, such as blanks, say nothing. */
const ignore: Act = () => {};

/** Made on first use: most servers never see such a text. */
function makeRules(): readonly Rule[] {
  const actions = new Map([...dateActions, ...timeActions, ...relativeActions]);
  return grammar.flatMap(([form, ...patterns]) =>
    patterns.map((pattern) => ({
      pattern: new RegExp(pattern, "y"),
      act: actions.get(form) ?? ignore,
    })),
  );
}
