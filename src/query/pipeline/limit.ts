import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { readNonNegativeInteger } from "../integer-operand.ts";
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

/** A whole number from 0 up, of any number type; beyond 2^53 nobody counts. */
function readCount(spec: Value, name: string, code: number): number {
  const prefix = `invalid argument to ${name} stage: `;
  try {
    return Math.min(Number(readNonNegativeInteger(spec, name)), Number.MAX_SAFE_INTEGER);
  } catch (cause) {
    throw cause instanceof MongoError ? new MongoError(code, prefix + cause.message) : cause;
  }
}
