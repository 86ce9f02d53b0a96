import { printBson } from "../../bson/print.ts";
import { isNumber, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { toDouble } from "../number.ts";
import type { CompileStage } from "./stage.ts";

export const compileLimit: CompileStage = (spec, _context, name) => {
  const limit = readCount(spec, name, 5107201);
  if (limit === 0) throw new MongoError(15958, "the limit must be positive");
  return {
    name,
    lead: { limit },
    async *run(input) {
      let left = limit;
      for await (const batch of input) {
        yield batch.length <= left ? batch : batch.slice(0, left);
        left -= batch.length;
        if (left <= 0) return;
      }
    },
  };
};

export const compileSkip: CompileStage = (spec, _context, name) => {
  const skip = readCount(spec, name, 5107200);
  return {
    name,
    lead: { skip },
    async *run(input) {
      let left = skip;
      for await (const batch of input) {
        if (left >= batch.length) left -= batch.length;
        else {
          yield left === 0 ? batch : batch.slice(left);
          left = 0;
        }
      }
    },
  };
};

/** A whole number from 0 to 2^53, of any number type. */
function readCount(spec: Value, name: string, code: number): number {
  const refuse = (expected: string): MongoError =>
    new MongoError(
      code,
      `invalid argument to ${name} stage: Expected ${expected} ${name}: ${printBson(spec)}`,
    );
  if (!isNumber(spec)) throw refuse("a number in:");
  const count = toDouble(spec);
  if (Number.isNaN(count) || !Number.isInteger(count)) throw refuse("an integer:");
  if (count < 0) throw refuse("a non-negative number in:");
  return Math.min(count, Number.MAX_SAFE_INTEGER);
}
