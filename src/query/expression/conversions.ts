/** Which types convert to which, and how. */
import { type Decimal128 } from "../../bson/decimal128.ts";
import {
  type Binary,
  DateTime,
  Double,
  isNumber,
  ObjectId,
  toDateTime,
  typeCode,
  typeName,
  typeOf,
  type Timestamp,
  type Value,
} from "../../bson/value.ts";
import type { MongoError } from "../../kit/mongo-error.ts";
import { formatDate } from "../date/format.ts";
import { parseDate } from "../date/parse.ts";
import { toDouble, type NumberValue } from "../number.ts";
import { printDouble } from "../../bson/print-value.ts";
import {
  binaryToNumber,
  binaryToText,
  numberToBinary,
  textToBinary,
  mustHaveSubType,
  type BinaryTarget,
} from "./convert-binary.ts";
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
import {
  type Base,
  numberToTextOfBase,
  textToContainer,
  textToNumberOfBase,
} from "./convert-text.ts";

/** A type to convert to; 0 is "missing", which has a name and nothing else. */
export interface Target extends BinaryTarget {
  readonly type: number;
  /** Of integers in texts. */
  readonly base?: Base;
  /** Asked for with what came after 6.0, where binary data converts to nothing but a boolean. */
  readonly isNewer?: boolean;
  /** As `isNewer`, with what says how numbers become bytes. */
  readonly takesNumbers?: boolean;
  /** Asked for by an operator of MongoDB 8.3, which reads JSON. */
  readonly readsJson?: boolean;
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

/** From MongoDB 8.0 on. */
const fromBinary = (type: "double" | "int" | "long"): [number, Convert] => [
  5,
  (value, target): Value => binaryToNumber(value as Binary, type, target),
];

const toContainer =
  (kind: "array" | "object"): Convert =>
  (value): Value =>
    textToContainer(value as string, kind);

const toDateOfNumber: Convert = (value) => toDateTime(cutToLong(value as NumberValue));

/** Target type → source type → conversion. */
const conversions: ReadonlyMap<number, ReadonlyMap<number, Convert>> = new Map([
  [
    1,
    new Map([
      ...toNumberType(numberToDouble, textToDouble),
      fromBinary("double"),
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
    3,
    new Map<number, Convert>([
      [2, toContainer("object")],
      [3, same],
    ]),
  ],
  [
    4,
    new Map<number, Convert>([
      [2, toContainer("array")],
      [4, same],
    ]),
  ],
  [
    5,
    new Map<number, Convert>([
      ...[1, 16, 18].map((type): [number, Convert] => [type, numberToBinary]),
      [2, (value, target): Value => textToBinary(value, target)],
      [5, (value, target): Value => mustHaveSubType(value as Binary, target)],
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
  [
    16,
    new Map([...toNumberType(numberToInt, (text) => textToInteger(text, 32)), fromBinary("int")]),
  ],
  [
    18,
    new Map([
      ...toNumberType(cutToLong, (text) => textToInteger(text, 64)),
      fromDate((ms) => ms),
      fromBinary("long"),
    ]),
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

/**
 * Converts a value.
 *
 * Atlas: what a server of version 6.0 refuses without an argument that is newer stays refused.
 *
 * @throws {MongoError} 241 where it can not be
 */
export function convert(value: Value, target: Target): Value {
  const conversion = conversions.get(target.type)?.get(typeOf(value));
  if (conversion === undefined || isTooNew(value, target))
    throw conversionFailure(
      `Unsupported conversion from ${typeName(value)} to ${nameOfType(target.type)} in $convert with no onError value`,
    );
  return convertOfBase(value, target) ?? conversion(value, target);
}

function isTooNew(value: Value, target: Target): boolean {
  const [from, to] = [typeOf(value), target.type];
  if (to === 3 || to === 4) return target.readsJson !== true;
  const isBinary = (from === 5 && to !== 8) || to === 5;
  if (!isBinary) return false;
  const isOfNumber = isNumeric(from === 5 ? to : from);
  return isOfNumber ? target.takesNumbers !== true : target.isNewer !== true;
}

function convertOfBase(value: Value, { base, type }: Target): Value | undefined {
  if (base === undefined) return undefined;
  if (isNumeric(type) && typeof value === "string") return textToNumberOfBase(value, base, type);
  return type === 2 && isNumber(value) ? numberToTextOfBase(value, base) : undefined;
}

function isNumeric(type: number): boolean {
  return type === 1 || type === 16 || type === 18 || type === 19;
}

export const namesOfTypes = new Map<number, string>(
  Object.entries(typeCode).map(([name, code]) => [code, name]),
).set(0, "missing");

export function nameOfType(type: number): string {
  return namesOfTypes.get(type) ?? "missing";
}
