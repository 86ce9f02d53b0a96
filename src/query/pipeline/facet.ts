import { Doc } from "../../bson/doc.ts";
import { printBson } from "../../bson/print.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { checkFieldName } from "../expression/field-path.ts";
import { optimizedWithin } from "../optimization-failure.ts";
import { weightOf } from "../weight.ts";
import { createMemoryBound } from "./memory.ts";
import { batchesOf, collect, type CompileStage, type Stages } from "./stage.ts";

/** @throws {MongoError} 40169 to 40171 */
export function readFacets(spec: Value): readonly (readonly [string, readonly Value[]])[] {
  if (!(spec instanceof Doc) || spec.size === 0)
    throw new MongoError(
      40169,
      `the $facet specification must be a non-empty object, but found: $facet: ${printBson(spec)}`,
    );
  return [...spec.entries()].map(([key, stages]) => {
    if (!isArray(stages))
      throw new MongoError(
        40170,
        `arguments to $facet must be arrays, ${key} is type ${typeName(stages)}`,
      );
    for (const [at, stage] of stages.entries())
      if (!(stage instanceof Doc))
        throw new MongoError(
          40171,
          `elements of arrays in $facet spec must be non-empty objects, ${key} argument contained an element of type ${typeName(stage)}: ${at}: ${printBson(stage)}`,
        );
    return [key, stages] as const;
  });
}

export const compileFacet: CompileStage = (spec, context, name) => {
  const facets: [string, Stages][] = [];
  for (const [key, stages] of readFacets(spec)) {
    checkFieldName(key);
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
