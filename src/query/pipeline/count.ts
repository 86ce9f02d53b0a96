import { Doc } from "../../bson/doc.ts";
import { toInteger } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { repeatedId } from "./group.ts";
import type { CompileStage } from "./stage.ts";

export const compileCount: CompileStage = (spec, _context, name) => {
  if (typeof spec !== "string")
    throw new MongoError(40156, "the count field must be a non-empty string");
  if (spec === "") throw new MongoError(40157, "the count field must be a non-empty string");
  if (spec.startsWith("$"))
    throw new MongoError(40158, "the count field cannot be a $-prefixed path");
  if (spec.includes("\0"))
    throw new MongoError(40159, "the count field cannot contain a null byte");
  if (spec.includes(".")) throw new MongoError(40160, "the count field cannot contain '.'");
  if (spec === "_id") throw repeatedId();
  return {
    name,
    async *run(input) {
      let count = 0;
      for await (const batch of input) count += batch.length;
      if (count > 0) yield [Doc.fromParts([spec], [toInteger(count)])];
    },
  };
};
