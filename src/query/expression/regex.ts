/** `$regexMatch`, `$regexFind` and `$regexFindAll`. */
import { Doc } from "../../bson/doc.ts";
import { Regex, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { checkRegexOptions, compilePattern, type Found, type RegexTest } from "../regex.ts";
import { isNullish } from "../truth.ts";
import { codePointsBetween } from "./string-position.ts";
import { readNamedArguments, mustHave } from "./named-arguments.ts";
import { spend, type CompileOperator, type Evaluate, type Frame } from "./operator.ts";

/** What an operator makes of its input; `regex` is undefined when either was null. */
type Use = (input: string | undefined, regex: RegexTest | undefined, frame: Frame) => Value;

function compileWith(use: Use): CompileOperator {
  return (operand, compiler, name) => {
    const args = readNamedArguments(operand, {
      names: ["input", "regex", "options"],
      notAnObject: [
        51_103,
        `${name} expects an object of named arguments but found: ${typeName(operand)}`,
      ],
      unknown: [31_024, (key) => `${name} found an unknown argument: ${key}`],
    });
    const inputSpec = mustHave(args, "input", 31_022, `${name} requires 'input' parameter`);
    const regexSpec = mustHave(args, "regex", 31_023, `${name} requires 'regex' parameter`);
    const optionsSpec = args.get("options");
    const input = compiler.compile(inputSpec);
    const regex = compiler.compile(regexSpec);
    const options = optionsSpec === undefined ? undefined : compiler.compile(optionsSpec);
    const findRegex = compileOperand(name, regex, options);
    const evaluate = (frame: Frame): Value => {
      const text = input(frame);
      const isText = typeof text === "string";
      if (!isText && !isNullish(text))
        throw new MongoError(51_104, `${name} needs 'input' to be of type string`);
      return use(isText ? text : undefined, findRegex(frame), frame);
    };
    // As on the server, only the pattern is looked at before there is a document.
    return findRegex.failure === undefined
      ? evaluate
      : Object.assign(evaluate, { failure: findRegex.failure });
  };
}

interface ToRegex {
  (frame: Frame): RegexTest | undefined;
  readonly failure?: MongoError;
}

/** Constant patterns are compiled once. */
function compileOperand(name: string, regex: Evaluate, options: Evaluate | undefined): ToRegex {
  const isConstant = (options ?? regex).constant !== undefined;
  if (regex.constant === undefined || !isConstant)
    return (frame) => toRegex(name, regex(frame), options?.(frame));
  try {
    const compiled = toRegex(name, regex.constant.value, options?.constant?.value);
    return () => compiled;
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    const fail = (): never => {
      throw error;
    };
    return Object.assign(fail, { failure: error });
  }
}

/** @returns undefined when the pattern is null */
function toRegex(
  name: string,
  regex: Value | undefined,
  options: Value | undefined,
): RegexTest | undefined {
  const isRegex = regex instanceof Regex;
  if (!isRegex && typeof regex !== "string" && !isNullish(regex))
    throw new MongoError(51_105, `${name} needs 'regex' to be of type string or regex`);
  const letters = readOptions(name, isRegex ? regex.options : "", options);
  const pattern = isRegex ? regex.pattern : regex;
  if (!isNullish(pattern)) refuseNul(name, "regular expression", pattern, 51_109);
  refuseNul(name, "regular expression options", letters, 51_110);
  checkRegexOptions(letters, name);
  if (isNullish(pattern)) return undefined;
  return compilePattern(
    pattern,
    letters,
    (reason) => new MongoError(51_111, `Invalid Regex in ${name}: ${reason}`),
  );
}

function refuseNul(name: string, what: string, text: string, code: number): void {
  if (text.includes("\0"))
    throw new MongoError(code, `${name}: ${what} cannot contain an embedded null byte`);
}

function readOptions(name: string, own: string, options: Value | undefined): string {
  if (isNullish(options)) return own;
  if (typeof options !== "string")
    throw new MongoError(51_106, `${name} needs 'options' to be of type string`);
  if (own !== "")
    throw new MongoError(
      51_107,
      `${name}: found regex option(s) specified in both 'regex' and 'option' fields`,
    );
  return options;
}

function matchDoc({ match, captures }: Found, index: number): Doc {
  return Doc.fromParts(
    ["match", "idx", "captures"],
    [match, index, captures.map((each) => each ?? null)],
  );
}

const find: Use = (input, regex) => {
  if (input === undefined || regex === undefined) return null;
  const found = regex.exec(input);
  return found === null ? null : matchDoc(found, codePointsBetween(input, 0, found.index));
};

/** What the matches of one evaluation may take, in characters. */
const outputMax = 64 * 1024 * 1024;

/** What all searches of one evaluation together may take, in milliseconds. */
const searchMs = 250;

const findAll: Use = (input, regex, frame) => {
  if (input === undefined || regex === undefined) return [];
  const matches: Doc[] = [];
  let at = 0;
  let counted = 0;
  let index = 0;
  let size = 0;
  const until = performance.now() + searchMs;
  do {
    spend(frame, 1);
    // Each search is bounded, but a text may make many of them slow.
    if (performance.now() > until) throw new MongoError(50, "operation exceeded time limit");
    const found = regex.exec(input, at);
    if (found === null) break;
    index += codePointsBetween(input, counted, found.index);
    counted = found.index;
    matches.push(matchDoc(found, index));
    size += found.match.length;
    if (size > outputMax)
      throw new MongoError(
        51_151,
        "$regexFindAll: the size of buffer to store output exceeded the 64MB limit",
      );
    // After an empty match the next character is passed by, even if something begins with it.
    at =
      found.index +
      (found.match.length || ((input.codePointAt(found.index) ?? 0) > 0xffff ? 2 : 1));
  } while (at < input.length);
  return matches;
};

const isMatch: Use = (input, regex) =>
  input !== undefined && regex !== undefined && regex.test(input);

export const regexOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$regexFind", compileWith(find)],
  ["$regexFindAll", compileWith(findAll)],
  ["$regexMatch", compileWith(isMatch)],
]);
