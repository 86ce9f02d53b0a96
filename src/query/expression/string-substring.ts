/** `$substr`, `$substrBytes` and `$substrCP`. */
import { isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printValue } from "../../bson/print-value.ts";
import { toInt32, toLong } from "./argument.ts";
import { compileArguments, fold, type CompileOperator } from "./operator.ts";
import { spendText, toText } from "./string-argument.ts";
import { isAscii, unitOfCodePoint } from "./string-position.ts";

/** `$substr` goes by the other one's name. */
const bytesName = "$substrBytes";

const compileBytes: CompileOperator = (operand, compiler) => {
  const args = compileArguments(operand, compiler, bytesName, 3);
  return fold((frame) => {
    const [input, start, length] = args.map((each) => each(frame));
    const text = toText(input);
    mustBeNumber(`${bytesName}:  starting index`, start, 16_034);
    mustBeNumber(`${bytesName}:  length`, length, 16_035);
    const from = toLong(start);
    if (from < 0n)
      throw new MongoError(
        50_752,
        `${bytesName}:  starting index must be non-negative (got: ${from})`,
      );
    const size = toLong(length);
    spendText(frame, text);
    return sliceBytes(text, Number(from), size < 0n ? Infinity : Number(size));
  }, args);
};

function sliceBytes(text: string, from: number, size: number): string {
  const until = from + size;
  if (isAscii(text)) return text.slice(from, until);
  const bytes = Buffer.from(text);
  if (isContinuation(bytes[from]))
    throw new MongoError(
      28_656,
      `${bytesName}:  Invalid range, starting index is a UTF-8 continuation byte.`,
    );
  if (isContinuation(bytes[until]))
    throw new MongoError(
      28_657,
      `${bytesName}:  Invalid range, ending index is in the middle of a UTF-8 character.`,
    );
  return bytes.toString("utf8", Math.min(from, bytes.length), Math.min(until, bytes.length));
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

const compileCodePoints: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 3);
  return fold((frame) => {
    const [input, start, length] = args.map((each) => each(frame));
    const text = toText(input);
    const from = mustBeInt32(`${name}: starting index`, start, 34_450);
    const size = mustBeInt32(`${name}: length`, length, 34_452);
    if (size < 0) throw new MongoError(34_454, `${name}: length must be a nonnegative integer.`);
    if (from < 0)
      throw new MongoError(34_455, `${name}: the starting index must be nonnegative integer.`);
    spendText(frame, text);
    const begin = unitOfCodePoint(text, from);
    return text.slice(begin, unitOfCodePoint(text, size, begin));
  }, args);
};

function mustBeNumber(what: string, value: Value | undefined, code: number): void {
  if (!isNumber(value))
    throw new MongoError(code, `${what} must be a numeric type (is BSON type ${typeName(value)})`);
}

/** @param code for what is no number; the next one is for what is no int32 */
function mustBeInt32(what: string, value: Value | undefined, code: number): number {
  mustBeNumber(what, value, code);
  const int32 = isNumber(value) ? toInt32(value) : undefined;
  if (int32 === undefined)
    throw new MongoError(
      code + 1,
      `${what} cannot be represented as a 32-bit integral value: ${printValue(value)}`,
    );
  return int32;
}

export const substringOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$substr", compileBytes],
  ["$substrBytes", compileBytes],
  ["$substrCP", compileCodePoints],
]);
