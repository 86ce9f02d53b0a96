/** `$dateFromString` and `$dateToString`. */
import { typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { checkFormat, formatDate } from "../date/format.ts";
import { parseDate } from "../date/parse.ts";
import { checkParseFormat } from "../date/parse-format.ts";
import { printValue } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { evaluateZone, mustBeDate } from "./date-argument.ts";
import { mustHave, readNamedArguments } from "./named-arguments.ts";
import { fold, spend, type CompileOperator, type Evaluate, type Frame } from "./operator.ts";

/** What `onNull` and `onError` give may be missing, too. */
type Result = Value | undefined;

const compileToString: CompileOperator = (operand, compiler) => {
  const args = readNamedArguments(operand, {
    names: ["date", "format", "timezone", "onNull"],
    notAnObject: [18_629, "$dateToString only supports an object as its argument"],
    unknown: [18_534, (name) => `Unrecognized argument to $dateToString: ${name}`],
  });
  const date = compiler.compile(
    mustHave(args, "date", 18_628, "Missing 'date' parameter to $dateToString"),
  );
  const [format, zone, onNull] = ["format", "timezone", "onNull"].map((name) => {
    const spec = args.get(name);
    return spec === undefined ? undefined : compiler.compile(spec);
  });
  return fold(
    (frame): Result => {
      const value = date(frame);
      const pattern = evaluateFormat(format, frame, 18_533, "$dateToString");
      if (typeof pattern === "string") checkFormat(pattern);
      const there = evaluateZone(zone, frame);
      if (isNullish(value)) return onNull === undefined ? null : onNull(frame);
      if (there === undefined || pattern === null) return null;
      return formatDate(mustBeDate(value), pattern, there);
    },
    present([date, format, zone, onNull]),
  );
};

const compileFromString: CompileOperator = (operand, compiler) => {
  const args = readNamedArguments(operand, {
    names: ["dateString", "format", "timezone", "onNull", "onError"],
    notAnObject: [
      40_540,
      `$dateFromString only supports an object as an argument, found: ${typeName(operand)}`,
    ],
    unknown: [40_541, (name) => `Unrecognized argument to $dateFromString: ${name}`],
  });
  const text = compiler.compile(
    mustHave(args, "dateString", 40_542, "Missing 'dateString' parameter to $dateFromString"),
  );
  const [format, zone, onNull, onError] = ["format", "timezone", "onNull", "onError"].map(
    (name) => {
      const spec = args.get(name);
      return spec === undefined ? undefined : compiler.compile(spec);
    },
  );
  return fold(
    (frame): Result => {
      const value = text(frame);
      const pattern = evaluateFormat(format, frame, 40_684, "$dateFromString");
      if (typeof pattern === "string") checkParseFormat(pattern);
      const there = evaluateZone(zone, frame);
      if (isNullish(value)) return onNull === undefined ? null : onNull(frame);
      try {
        const string = mustBeText(value);
        if (there === undefined || pattern === null) return null;
        spend(frame, string.length * stepsPerCharacter);
        return parseDate(string, { format: pattern, zone: there });
      } catch (error) {
        const isConversion = error instanceof MongoError && error.code === conversionFailure;
        if (onError === undefined || !isConversion) throw error;
        return onError(frame);
      }
    },
    present([text, format, zone, onNull, onError]),
  );
};

const conversionFailure = 241;

/** Reading a date is much work. */
const stepsPerCharacter = 16;

function mustBeText(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new MongoError(
    conversionFailure,
    `$dateFromString requires that 'dateString' be a string, found: ${typeName(value)} with value ${printValue(value)}`,
  );
}

/** @returns undefined where there is no such argument, null where it evaluates to null */
function evaluateFormat(
  format: Evaluate | undefined,
  frame: Frame,
  code: number,
  name: string,
): string | null | undefined {
  if (format === undefined) return undefined;
  const value = format(frame);
  if (isNullish(value)) return null;
  if (typeof value === "string") return value;
  throw new MongoError(
    code,
    `${name} requires that 'format' be a string, found: ${typeName(value)} with value ${printValue(value)}`,
  );
}

function present(args: readonly (Evaluate | undefined)[]): Evaluate[] {
  return args.filter((each) => each !== undefined);
}

export const dateTextOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$dateFromString", compileFromString],
  ["$dateToString", compileToString],
]);
