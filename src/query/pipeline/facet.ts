import { Doc } from "../../bson/doc.ts";
import { printBson } from "../../bson/print.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { optimizedWithin } from "../optimization-failure.ts";
import { weightOf } from "../weight.ts";
import { createMemoryBound } from "./memory.ts";
import { batchesOf, collect, type CompileStage, type Stages } from "./stage.ts";

/** @throws {MongoError} 40169 and 40170 */
export function readFacets(spec: Value): readonly (readonly [string, readonly Value[]])[] {
  if (!(spec instanceof Doc) || spec.size === 0)
    throw new MongoError(
      40169,
      `the $facet specification must be a non-empty object, but found: $facet: ${printBson(spec)}`,
    );
  return [...spec.entries()].map(([key, stages]) => {
    if (isArray(stages)) return [key, stages] as const;
    throw new MongoError(
      40170,
      `arguments to $facet must be arrays, ${key} is type ${typeName(stages)}`,
    );
  });
}

export const compileFacet: CompileStage = (spec, context, name) => {
  const facets: [string, Stages][] = [];
  for (const [key, stages] of readFacets(spec)) {
    mustBeFieldName(key);
    facets.push([key, optimizedWithin(() => context.compile(stages, { place: "facet" }))]);
  }
  return {
    name,
    reads: facets.flatMap(([, each]) => each.reads),
    async *run(input, run) {
      // The input is read once and kept: each facet sees all of it.
      const memory = createMemoryBound(name);
      const documents: Doc[] = [];
      for await (const batch of input) {
        for (const doc of batch) {
          memory.add(weightOf(doc));
          documents.push(doc);
        }
        if (run.pacer.due()) await run.pacer.rest();
      }
      const results: Value[] = [];
      for (const [, facet] of facets)
        results.push(await collect(facet.run(batchesOf(documents), run), run));
      yield [
        Doc.fromParts(
          facets.map(([key]) => key),
          results,
        ),
      ];
    },
  };
};

/** @throws {MongoError} as the server's FieldPath does, for a name without dots */
export function mustBeFieldName(name: string): void {
  if (name.startsWith("$"))
    throw new MongoError(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
  if (name.includes("."))
    throw new MongoError(
      16412,
      "FieldPath field names may not contain '.'. Consider using $getField or $setField.",
    );
  if (name === "") throw new MongoError(40352, "FieldPath cannot be constructed with empty string");
}
