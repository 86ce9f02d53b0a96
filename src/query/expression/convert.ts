/** `$convert` and its short forms `$toInt`, `$toString` …. */
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { isNullish } from "../truth.ts";
import { readTarget, readTargetType } from "./convert-target.ts";
import { convert, type Target } from "./conversions.ts";
import { readNamedArguments } from "./named-arguments.ts";
import { fold, type CompileOperator, type Evaluate, type Frame } from "./operator.ts";

interface ConvertArguments {
  readonly input: Evaluate;
  readonly to: Evaluate;
  readonly onError?: Evaluate;
  readonly onNull?: Evaluate;
  /** Of binary data as text (MongoDB 8.0). */
  readonly format?: Evaluate;
  /** Of numbers as binary data (MongoDB 8.0). */
  readonly byteOrder?: Evaluate;
  /** Of integers as texts (MongoDB 8.3). */
  readonly base?: Evaluate;
}

const compileConvert: CompileOperator = (operand, compiler) => {
  const named = readNamedArguments(operand, {
    names: ["input", "to", "onError", "onNull", "format", "byteOrder", "base"],
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

function evaluateConvert({ input, to, onError, onNull, ...others }: ConvertArguments): Evaluate {
  const takesNumbers = others.byteOrder !== undefined;
  const newer = { isNewer: others.format !== undefined || takesNumbers, takesNumbers };
  return (frame) => {
    const toValue = to(frame);
    const value = input(frame);
    if (!isNullish(toValue)) readTargetType(toValue);
    if (isNullish(value)) return onNull === undefined ? null : onNull(frame);
    if (isNullish(toValue)) return null;
    const target = readTarget(
      toValue,
      {
        format: others.format?.(frame),
        byteOrder: others.byteOrder?.(frame),
        base: others.base?.(frame),
      },
      newer,
    );
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

function convertTo(
  type: number,
  { format, subType, readsJson }: Omit<Target, "type"> = {},
): CompileOperator {
  const target: Target = {
    type,
    ...(format === undefined ? {} : { format, isNewer: true }),
    ...(subType === undefined ? {} : { subType }),
    ...(readsJson === undefined ? {} : { readsJson }),
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
  ["$toArray", convertTo(4, { readsJson: true })],
  ["$toBool", convertTo(8)],
  ["$toDate", convertTo(9)],
  ["$toDecimal", convertTo(19)],
  ["$toDouble", convertTo(1)],
  ["$toInt", convertTo(16)],
  ["$toLong", convertTo(18)],
  ["$toObject", convertTo(3, { readsJson: true })],
  ["$toObjectId", convertTo(7)],
  ["$toString", convertTo(2)],
  ["$toUUID", convertTo(5, { format: "uuid", subType: 4 })],
]);
