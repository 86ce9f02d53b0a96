/** `$hash` and `$hexHash` (MongoDB 8.3): digests of texts and binary data. */
import { createHash } from "node:crypto";
import { Binary, typeName, type Value } from "../../bson/value.ts";
import { failedToParse, typeMismatch } from "../../kit/mongo-error.ts";
import { isNullish } from "../truth.ts";
import { mustHave, readNamedArguments } from "./named-arguments.ts";
import { type CompileOperator, fold, type Frame, spend } from "./operator.ts";
import { xxh64 } from "./xxh64.ts";

type Digest = (bytes: Buffer, frame: Frame) => Buffer;

const byCrypto =
  (algorithm: string): Digest =>
  (bytes, frame) => {
    spend(frame, bytes.length / 64);
    return createHash(algorithm).update(bytes).digest();
  };

const algorithms: ReadonlyMap<Value, Digest> = new Map<Value, Digest>([
  ["md5", byCrypto("md5")],
  ["sha256", byCrypto("sha256")],
  [
    "xxh64",
    (bytes, frame) => {
      const digest = Buffer.alloc(8);
      const hash = xxh64(bytes, () => {
        spend(frame, 4);
      });
      digest.writeBigUInt64BE(hash);
      return digest;
    },
  ],
]);

function compileDigest(toResult: (digest: Buffer) => Value): CompileOperator {
  return (operand, compiler, name) => {
    const named = readNamedArguments(operand, {
      names: ["input", "algorithm"],
      notAnObject: [
        9,
        `${name} expects an object of named arguments but found: ${typeName(operand)}`,
      ],
      unknown: [40_415, (key) => `BSON field '${name}.${key}' is an unknown field.`],
    });
    const need = (key: string): Value =>
      mustHave(named, key, 40_414, `BSON field '${name}.${key}' is missing but a required field`);
    const input = compiler.compile(need("input"));
    const algorithm = compiler.compile(need("algorithm"));
    return fold(
      (frame) => {
        const digest = algorithms.get(algorithm(frame) ?? null);
        if (digest === undefined)
          throw failedToParse(`${name}: 'algorithm' must be one of md5, sha256, xxh64`);
        const value = input(frame);
        return isNullish(value) ? null : toResult(digest(bytesOf(value, name), frame));
      },
      [input, algorithm],
    );
  };
}

function bytesOf(value: Value, name: string): Buffer {
  if (typeof value === "string") return Buffer.from(value);
  if (value instanceof Binary)
    return Buffer.from(value.bytes.buffer, value.bytes.byteOffset, value.bytes.length);
  throw typeMismatch(`${name} requires a string or binData, but found ${typeName(value)}`);
}

export const digestOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$hash", compileDigest((digest) => new Binary(0, digest))],
  ["$hexHash", compileDigest((digest) => digest.toString("hex").toUpperCase())],
]);
