import { Doc } from "../../bson/doc.ts";
import { isNumber, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { weightOf } from "../weight.ts";
import { toWholeDouble } from "../number-value.ts";
import { createMemoryBound } from "./memory.ts";
import { batchesOf, type CompileStage } from "./stage.ts";

/** Keeps a uniform sample while streaming: a document is kept with the odds that the sample needs. */
export const compileSample: CompileStage = (spec, { environment }, name) => {
  const size = readSize(spec);
  return {
    name,
    async *run(input, { pacer }) {
      const kept: Doc[] = [];
      const memory = createMemoryBound(name);
      let seen = 0;
      if (size === 0) return;
      for await (const batch of input) {
        for (const doc of batch) {
          seen += 1;
          if (kept.length < size) {
            kept.push(doc);
            memory.add(weightOf(doc));
          } else {
            const place = Math.floor(environment.random() * seen);
            if (place < size) kept[place] = doc;
          }
          if (pacer.due()) await pacer.rest();
        }
      }
      for (let index = kept.length - 1; index > 0; index -= 1) {
        const other = Math.floor(environment.random() * (index + 1));
        [kept[index], kept[other]] = [kept[other] as Doc, kept[index] as Doc];
        if (pacer.due()) await pacer.rest();
      }
      yield* batchesOf(kept);
    },
  };
};

function readSize(spec: Value): number {
  if (!(spec instanceof Doc))
    throw new MongoError(28745, "the $sample stage specification must be an object");
  let size: number | undefined;
  for (const [key, value] of spec.entries()) {
    if (key !== "size") throw new MongoError(28748, `unrecognized option to $sample: ${key}`);
    if (!isNumber(value)) throw new MongoError(28746, "size argument to $sample must be a number");
    size = toWholeDouble(value);
  }
  if (size === undefined) throw new MongoError(28749, "$sample stage must specify a size");
  if (size < 0) throw new MongoError(28747, "size argument to $sample must not be negative");
  return size;
}
