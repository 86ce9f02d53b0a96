/** `$trim`, `$ltrim` and `$rtrim`. */
import { typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printValue } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { mustHave, readNamedArguments } from "./named-arguments.ts";
import { fold, type CompileOperator } from "./operator.ts";
import { spendText } from "./string-argument.ts";

/** What is trimmed by default. */
const blanks: ReadonlySet<string> = new Set(
  "\0 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a",
);

function compileWith(left: boolean, right: boolean): CompileOperator {
  return (operand, compiler, name) => {
    const args = readNamedArguments(operand, {
      names: ["input", "chars"],
      notAnObject: [
        50_696,
        `${name} only supports an object as an argument, found ${typeName(operand)}`,
      ],
      unknown: [50_694, (key) => `${name} found an unknown argument: ${key}`],
    });
    const input = compiler.compile(
      mustHave(args, "input", 50_695, `${name} requires an 'input' field`),
    );
    const charsSpec = args.get("chars");
    const chars = charsSpec === undefined ? undefined : compiler.compile(charsSpec);
    return fold(
      (frame): Value => {
        const value = input(frame);
        if (isNullish(value)) return null;
        if (typeof value !== "string")
          throw new MongoError(
            50_699,
            `${name} requires its input to be a string, got ${printValue(value)} (of type ${typeName(value)}) instead.`,
          );
        spendText(frame, value);
        if (chars === undefined) return trim(value, blanks, left, right);
        const trimmed = chars(frame);
        if (isNullish(trimmed)) return null;
        if (typeof trimmed !== "string")
          throw new MongoError(
            50_700,
            `${name} requires 'chars' to be a string, got ${printValue(trimmed)} (of type ${typeName(trimmed)}) instead.`,
          );
        spendText(frame, trimmed);
        return trim(value, new Set(trimmed), left, right);
      },
      chars === undefined ? [input] : [input, chars],
    );
  };
}

function trim(text: string, chars: ReadonlySet<string>, left: boolean, right: boolean): string {
  const from = left ? firstKept(text, chars) : 0;
  return text.slice(from, right ? endOfKept(text, chars, from) : text.length);
}

function firstKept(text: string, chars: ReadonlySet<string>): number {
  let at = 0;
  while (at < text.length) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (!chars.has(character)) break;
    at += character.length;
  }
  return at;
}

function endOfKept(text: string, chars: ReadonlySet<string>, from: number): number {
  let end = text.length;
  while (end > from) {
    const character = lastCharacter(text, end);
    if (!chars.has(character)) break;
    end -= character.length;
  }
  return end;
}

/** The character that ends before a place. */
function lastCharacter(text: string, until: number): string {
  const pair = text.slice(Math.max(until - 2, 0), until);
  return (pair.codePointAt(0) ?? 0) > 0xffff ? pair : text.slice(until - 1, until);
}

export const stringTrimOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$ltrim", compileWith(true, false)],
  ["$rtrim", compileWith(false, true)],
  ["$trim", compileWith(true, true)],
]);
