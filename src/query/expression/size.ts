/** `$binarySize $bsonSize $subtype $type $isNumber`: what a value is, and how big. */
import { isNumber, typeName, typeOf, type Binary } from "../../bson/value.ts";
import { MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import { serverBytes } from "../binary-bytes.ts";
import { isNullish } from "../truth.ts";
import { isDoc } from "./named-arguments.ts";
import { compileArguments, fold, type CompileOperator, type Evaluate } from "./operator.ts";

const compileBinarySize: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => {
    const value = argument(frame);
    if (isNullish(value)) return null;
    if (typeof value === "string") return Buffer.byteLength(value);
    if (typeOf(value) === 5) return serverBytes(value as Binary).length;
    throw new MongoError(
      51_276,
      `$binarySize requires a string or BinData argument, found: ${typeName(value)}`,
    );
  }, args);
};

const compileBsonSize: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => {
    const value = argument(frame);
    if (isNullish(value)) return null;
    if (!isDoc(value))
      throw new MongoError(
        31_393,
        `$bsonSize requires a document input, found: ${typeName(value)}`,
      );
    return value.toBytes().length;
  }, args);
};

/** Of MongoDB 8.3. */
const compileSubtype: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => {
    const value = argument(frame);
    if (isNullish(value)) return null;
    if (typeOf(value) === 5) return (value as Binary).subType;
    throw typeMismatch(`$subtype requires a BinData argument, found: ${typeName(value)}`);
  }, args);
};

const compileType: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => typeName(argument(frame)), args);
};

const compileIsNumber: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => isNumber(argument(frame)), args);
};

export const sizeOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$binarySize", compileBinarySize],
  ["$bsonSize", compileBsonSize],
  ["$isNumber", compileIsNumber],
  ["$subtype", compileSubtype],
  ["$type", compileType],
]);
