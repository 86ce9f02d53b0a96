/** Arguments that the operators on strings share. */
import {
  BsonSymbol,
  Code,
  Double,
  isNumber,
  typeName,
  Timestamp,
  type Value,
} from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { formatDate } from "../date/format.ts";
import { printDouble } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { toDate } from "./date-argument.ts";
import { spend, type Frame } from "./operator.ts";

/**
 * The text that operators such as `$toUpper` take a value for; that of null is empty.
 *
 * @throws {MongoError} 16007 for types that have none, 18537 for a date whose year is not within 0 to 9999
 */
export function toText(value: Value | undefined): string {
  if (typeof value === "string") return value;
  if (isNullish(value)) return "";
  if (isNumber(value)) return value instanceof Double ? printDouble(value.value) : String(value);
  if (value instanceof BsonSymbol) return value.text;
  if (value instanceof Code) return value.code;
  if (value instanceof Timestamp) return timestampText(value);
  const date = typeName(value) === "date" ? toDate(value) : undefined;
  if (date === undefined)
    throw new MongoError(16_007, `can't convert from BSON type ${typeName(value)} to String`);
  try {
    return formatDate(date);
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw new MongoError(
      error.code,
      `failed while coercing date to string :: caused by :: ${error.message}`,
      { cause: error },
    );
  }
}

const monthNames = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** In the manner of C's `ctime`, with the increment: `Jan  1 00:00:01:2`. */
function timestampText({ t, i }: Timestamp): string {
  const date = new Date(t * 1000);
  const day = String(date.getUTCDate()).padStart(2);
  return `${monthNames[date.getUTCMonth()] ?? ""} ${day} ${date.toISOString().slice(11, 19)}:${i}`;
}

/** Characters that count as one step of an evaluation's work. */
const charactersPerStep = 32;

/** Accounts for work that grows with a string's length. */
export function spendText(frame: Frame, text: string): void {
  if (text.length >= charactersPerStep) spend(frame, Math.ceil(text.length / charactersPerStep));
}

/** In characters: what the server's buffers hold. */
const textMax = 64 * 1024 * 1024;

/** @throws {MongoError} 13548 when a string that is being built gets too long */
export function checkTextLength(length: number): void {
  if (length > textMax)
    throw new MongoError(
      13_548,
      `BufBuilder attempted to grow() to ${length} bytes, past the 64MB limit.`,
    );
}
