/**
 * Regular expressions: PCRE's patterns as the server takes them, searched for without ever freezing.
 *
 * `regex/parser.ts` reads a pattern, `regex/engine.ts` chooses who runs it.
 *
 * @module
 */
import { MongoError } from "../kit/mongo-error.ts";
import { createEngine, type Engine, type Found } from "./regex/engine.ts";
import { BudgetError } from "./regex/machine.ts";
import type { Pattern } from "./regex/node.ts";
import { parsePattern } from "./regex/parser.ts";
import { PatternError } from "./regex/scanner.ts";
import { trimmed } from "./regex/shape.ts";

export interface RegexTest {
  /** @throws {MongoError} 51156 when the search takes too much work */
  readonly test: (text: string) => boolean;
  /**
   * Finds the first match that begins at `from` or after it; all places are UTF-16 units.
   *
   * @throws {MongoError} 51156 when the search takes too much work
   */
  readonly exec: (text: string, from?: number) => Found | null;
}

export type { Found };

/**
 * Compiles a pattern of a query.
 *
 * @param options letters out of `imsxu`, in any order
 * @throws {MongoError} 51108 for another letter, 51091 for what is no pattern, with PCRE's words
 */
export function compileRegex(pattern: string, options: string): RegexTest {
  checkRegexOptions(options, "");
  const compiled = compilePattern(pattern, options, invalid);
  if (mayRunOn.test(pattern)) checkEnclosed(pattern, options);
  return compiled;
}

function invalid(reason: string): MongoError {
  return new MongoError(51091, `Regular expression is invalid: ${reason}`);
}

/** Begins what goes on to the pattern's end unless it is ended before. */
const mayRunOn = /\\Q|#/;

/** For queries the server compiles the pattern in brackets too, and an open quotation or comment takes in the last. */
function checkEnclosed(pattern: string, options: string): void {
  compilePattern(`(?:${pattern})`, options, invalid);
}

/**
 * Refuses option letters that there are not.
 *
 * @param name of the expression operator, for the message; empty in a query
 * @throws {MongoError} 51108
 */
export function checkRegexOptions(options: string, name: string): void {
  for (const letter of options)
    if (!"imsxu".includes(letter))
      throw new MongoError(51108, `${name} invalid flag in regex options: ${letter}`);
}

/**
 * Compiles a pattern for an expression operator.
 *
 * @param options that `checkRegexOptions` has passed
 * @param refuse makes the error of what is no pattern from PCRE's words
 */
export function compilePattern(
  pattern: string,
  options: string,
  refuse: (reason: string) => MongoError,
): RegexTest {
  // u says nothing: patterns and texts are always Unicode.
  const letters = ["i", "m", "s", "x"].filter((each) => options.includes(each)).join("");
  const key = `${letters}/${pattern}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = compile(pattern, letters, refuse);
  if (compiled.size >= compiledMax) compiled.delete(compiled.keys().next().value ?? "");
  compiled.set(key, made);
  return made;
}

const compiledMax = 500;
const compiled = new Map<string, RegexTest>();

/** As the server has it, in characters. */
const patternMax = 32_764;

function compile(
  pattern: string,
  letters: string,
  refuse: (reason: string) => MongoError,
): RegexTest {
  if (pattern.length > patternMax) throw refuse("regular expression is too large");
  const parsed = parse(pattern, letters, refuse);
  const exact = once(() => createEngine(parsed, "search"));
  const quick = once(() => createEngine({ ...parsed, root: trimmed(parsed.root) }, "test"));
  return {
    test: (text) => bounded(() => quick().test(text)),
    exec: (text, from = 0) => bounded(() => exact().search(text, from)),
  };
}

function parse(pattern: string, letters: string, refuse: (reason: string) => MongoError): Pattern {
  try {
    return parsePattern(pattern, {
      isCaseless: letters.includes("i"),
      isMultiline: letters.includes("m"),
      dotTakesNewline: letters.includes("s"),
      isExtended: letters.includes("x"),
      isUngreedy: false,
      sharesNames: false,
    });
  } catch (cause) {
    throw cause instanceof PatternError ? refuse(cause.message) : cause;
  }
}

function once(make: () => Engine): () => Engine {
  let made: Engine | undefined;
  return () => (made ??= make());
}

function bounded<T>(search: () => T): T {
  try {
    return search();
  } catch (cause) {
    if (!(cause instanceof BudgetError)) throw cause;
    // Atlas: the server takes such a text for one that does not match in a filter, and fails in an expression only.
    throw new MongoError(
      51156,
      "Error occurred while executing the regular expression. Result code: -8",
      { cause },
    );
  }
}
