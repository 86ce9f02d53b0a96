/** `$convert` and its short forms `$toInt`, `$toString` …. */
import { type Decimal128 } from "../../bson/decimal128.ts";
import {
  type Binary,
  DateTime,
  Double,
  isArray,
  isNumber,
  ObjectId,
  toDateTime,
  typeCode,
  typeName,
  typeOf,
  type Timestamp,
  type Value,
} from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { formatDate } from "../date/format.ts";
import { parseDate } from "../date/parse.ts";
import { toDouble, type NumberValue } from "../number.ts";
import { printDouble } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { toInt32 } from "./argument.ts";
import { binaryToText, textToBinary, withSubType, type BinaryTarget } from "./convert-binary.ts";
import {
  conversionFailure,
  cutToLong,
  dateToNumber,
  numberToDecimal,
  numberToDouble,
  numberToInt,
  textToDecimal,
  textToDouble,
  textToInteger,
} from "./convert-number.ts";
import { isDoc, readNamedArguments } from "./named-arguments.ts";
import { fold, type CompileOperator, type Evaluate, type Frame } from "./operator.ts";

/** A type to convert to; 0 is "missing", which has a name and nothing else. */
interface Target extends BinaryTarget {
  readonly type: number;
}

type Convert = (value: Value, target: Target) => Value;

const same: Convert = (value) => value;
const yes: Convert = () => true;

/** Of number and date types, the conversions that are written alike. */
function toNumberType(
  fromNumber: (value: NumberValue) => Value,
  fromText: (text: string) => Value,
): [number, Convert][] {
  const direct: Convert = (value) => fromNumber(value as NumberValue);
  return [
    [1, direct],
    [16, direct],
    [18, direct],
    [19, direct],
    [2, (value): Value => fromText(value as string)],
    [8, (value): Value => fromNumber(value === true ? 1 : 0)],
  ];
}

const fromDate = (make: (ms: bigint) => Value): [number, Convert] => [
  9,
  (value): Value => make(dateToNumber(value)),
];

const toDateOfNumber: Convert = (value) => toDateTime(cutToLong(value as NumberValue));

/** Target type → source type → conversion. */
const conversions: ReadonlyMap<number, ReadonlyMap<number, Convert>> = new Map([
  [
    1,
    new Map([
      ...toNumberType(numberToDouble, textToDouble),
      fromDate((ms) => new Double(Number(ms))),
    ]),
  ],
  [
    2,
    new Map<number, Convert>([
      [1, (value): Value => doubleToText((value as Double).value)],
      [2, same],
      [5, (value, target): Value => binaryToText(value, target)],
      [7, (value): Value => (value as ObjectId).toHex()],
      [8, (value): Value => (value === true ? "true" : "false")],
      [9, (value): Value => formatDate(value as DateTime)],
      [16, (value): Value => `${value as number}`],
      [18, (value): Value => `${value as bigint}`],
      [19, (value): Value => (value as Decimal128).toString()],
    ]),
  ],
  [
    5,
    new Map<number, Convert>([
      [2, (value, target): Value => textToBinary(value, target)],
      [5, (value, target): Value => withSubType(value as Binary, target)],
    ]),
  ],
  [
    7,
    new Map<number, Convert>([
      [2, (value): Value => textToObjectId(value as string)],
      [7, same],
    ]),
  ],
  [
    8,
    new Map<number, Convert>([
      ...[2, 3, 4, 5, 7, 9, 11, 12, 13, 14, 15, 17, -1, 127].map((type): [number, Convert] => [
        type,
        yes,
      ]),
      ...[1, 16, 18, 19].map((type): [number, Convert] => [type, isNotZero]),
      [8, same],
    ]),
  ],
  [
    9,
    new Map<number, Convert>([
      [1, toDateOfNumber],
      [2, (value): Value => parseDate(value as string)],
      [7, (value): Value => new DateTime(((value as ObjectId).a | 0) * 1000)],
      [9, same],
      [17, (value): Value => new DateTime((value as Timestamp).t * 1000)],
      [18, toDateOfNumber],
      [19, toDateOfNumber],
    ]),
  ],
  [16, new Map(toNumberType(numberToInt, (text) => textToInteger(text, 32)))],
  [
    18,
    new Map([...toNumberType(cutToLong, (text) => textToInteger(text, 64)), fromDate((ms) => ms)]),
  ],
  [19, new Map([...toNumberType(numberToDecimal, textToDecimal), fromDate(numberToDecimal)])],
]);

function isNotZero(value: Value): boolean {
  const double = toDouble(value as NumberValue);
  if (double !== 0) return true;
  return typeof value === "object" && typeOf(value) === 19 && !(value as Decimal128).isZero;
}

function doubleToText(value: number): string {
  return Number.isFinite(value) ? printDouble(value) : String(value);
}

function textToObjectId(text: string): ObjectId {
  const fail = (reason: string): MongoError =>
    conversionFailure(
      `Failed to parse objectId '${text}' in $convert with no onError value: ${reason}`,
    );
  const length = Buffer.byteLength(text);
  if (length !== 24)
    throw fail(`Invalid string length for parsing to OID, expected 24 but found ${length}`);
  const wrong = /[^0-9a-f]/i.exec(text);
  if (wrong !== null) throw fail(`Invalid character found in hex string: ${wrong[0]}`);
  return ObjectId.fromHex(text);
}

function convert(value: Value, target: Target): Value {
  const conversion = conversions.get(target.type)?.get(typeOf(value));
  const isBinary = target.type === 5 || typeOf(value) === 5;
  const isRetyped = target.subType !== undefined && typeOf(value) === 5;
  const isMissingFormat =
    target.format === undefined && isBinary && target.type !== 8 && !isRetyped;
  if (conversion === undefined || isMissingFormat)
    throw conversionFailure(
      `Unsupported conversion from ${typeName(value)} to ${nameOfType(target.type)} in $convert with no onError value`,
    );
  return conversion(value, target);
}

const namesOfTypes = new Map<number, string>(
  Object.entries(typeCode).map(([name, code]) => [code, name]),
).set(0, "missing");

function nameOfType(type: number): string {
  return namesOfTypes.get(type) ?? "missing";
}

const typesOfNames = new Map<string, number>(Object.entries(typeCode)).set("missing", 0);

function readTarget(to: Value, format: Value | undefined): Target {
  // The form with a subtype came with 8.0; before, an object was no target at all.
  const isTyped = isDoc(to) && to.has("type");
  const type = readType(isTyped ? (to.get("type") ?? null) : to);
  const subType = isTyped ? to.get("subtype") : undefined;
  return {
    type,
    ...(typeof format === "string" ? { format } : {}),
    ...(typeof subType === "number" ? { subType } : {}),
  };
}

function readType(to: Value): number {
  if (typeof to === "string") {
    const type = typesOfNames.get(to);
    if (type === undefined) throw new MongoError(2, `Unknown type name: ${to}`);
    return type;
  }
  if (!isNumber(to))
    throw failedToParse(
      `$convert's 'to' argument must be a string or number, but is ${typeName(to)}`,
    );
  const type = toInt32(to);
  if (type === undefined)
    throw failedToParse("In $convert, numeric 'to' argument is not an integer");
  if (!namesOfTypes.has(type))
    throw failedToParse(
      `In $convert, numeric value for 'to' does not correspond to a BSON type: ${type}`,
    );
  return type;
}

interface ConvertArguments {
  readonly input: Evaluate;
  readonly to: Evaluate;
  readonly onError?: Evaluate;
  readonly onNull?: Evaluate;
  /** Of binary data as text (MongoDB 8.0). */
  readonly format?: Evaluate;
}

const compileConvert: CompileOperator = (operand, compiler) => {
  const named = readNamedArguments(operand, {
    names: ["input", "to", "onError", "onNull", "format"],
    notAnObject: [
      9,
      `$convert expects an object of named arguments but found: ${typeName(operand)}`,
    ],
    unknown: [9, (name) => `$convert found an unknown argument: ${name}`],
  });
  const compiled = Object.fromEntries(
    [...named.entries()].map(([name, spec]) => [name, compiler.compile(spec)]),
  ) as Partial<ConvertArguments>;
  const { input, to } = compiled;
  if (input === undefined) throw failedToParse("Missing 'input' parameter to $convert");
  if (to === undefined) throw failedToParse("Missing 'to' parameter to $convert");
  return fold(evaluateConvert({ ...compiled, input, to }), Object.values(compiled));
};

function evaluateConvert({ input, to, onError, onNull, format }: ConvertArguments): Evaluate {
  return (frame) => {
    const toValue = to(frame);
    const value = input(frame);
    const target = isNullish(toValue) ? undefined : readTarget(toValue, format?.(frame));
    if (isNullish(value)) return onNull === undefined ? null : onNull(frame);
    if (target === undefined) return null;
    try {
      return convert(value, target);
    } catch (error) {
      return recover(error, onError, frame);
    }
  };
}

function recover(error: unknown, onError: Evaluate | undefined, frame: Frame): Value | undefined {
  const isConversion = error instanceof MongoError && error.code === 241;
  if (isConversion && onError !== undefined) return onError(frame);
  throw error;
}

function convertTo(type: number, format?: string, subType?: number): CompileOperator {
  const target: Target = {
    type,
    ...(format === undefined ? {} : { format }),
    ...(subType === undefined ? {} : { subType }),
  };
  return (operand, compiler, name) => {
    const specs = isArray(operand) ? operand : [operand];
    const [spec] = specs;
    if (specs.length !== 1 || spec === undefined)
      throw new MongoError(50_723, `${name} requires a single argument, got ${specs.length}`);
    const input = compiler.compile(spec);
    return fold(
      (frame) => {
        const value = input(frame);
        return isNullish(value) ? null : convert(value, target);
      },
      [input],
    );
  };
}

export const convertOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$convert", compileConvert],
  ["$toBool", convertTo(8)],
  ["$toDate", convertTo(9)],
  ["$toDecimal", convertTo(19)],
  ["$toDouble", convertTo(1)],
  ["$toInt", convertTo(16)],
  ["$toLong", convertTo(18)],
  ["$toObjectId", convertTo(7)],
  ["$toString", convertTo(2)],
  ["$toUUID", convertTo(5, "uuid", 4)],
]);
