import { identityBy } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpression } from "../expression.ts";
import { compileSort, sortDocs } from "../sort.ts";
import { createDensifier } from "./densifier.ts";
import { type Densify, readDensify } from "./densify-options.ts";
import type { PartitionKey } from "./densify-progress.ts";
import { createMemoryBound } from "./memory.ts";
import { setNested } from "./nested.ts";
import { batchSize, failAfter, type Batches, type CompileStage, type Run } from "./stage.ts";

export const compileDensify: CompileStage = (spec, { environment }, name) => {
  const densify = readDensify(spec, environment);
  const sort = compileSort(sortSpec(densify), environment.collation);
  const partition = compilePartition(densify, environment);
  return {
    name,
    async *run(input, run) {
      const memory = createMemoryBound(name);
      const sorted = await sortDocs(input, sort, run);
      const densifier = createDensifier(densify, partition?.(), (bytes) => memory.add(bytes));
      yield* paced(function* all() {
        for (const doc of sorted) yield* densifier.take(doc);
        yield* densifier.finish();
      }, run);
    },
  };
};

/** Over the full range, partitions are made denser side by side; otherwise one after the other. */
function sortSpec({ bounds, partitionPaths, path }: Densify): Doc {
  const before = bounds === "full" ? [] : partitionPaths;
  return Doc.fromEntries(new Map([...before, path].map((each) => [each.join("."), 1])));
}

/** The fields that tell a document's partition, as they are put into those that are made up. */
function compilePartition(
  { partitionPaths }: Densify,
  environment: QueryEnvironment,
): (() => (doc: Doc) => PartitionKey) | undefined {
  if (partitionPaths.length === 0) return undefined;
  let spec = Doc.empty;
  for (const path of partitionPaths) spec = setNested(spec, path, `$${path.join(".")}`);
  const expression = compileExpression(spec, environment);
  return () => {
    const identityOf = identityBy(environment.collation);
    return (doc): PartitionKey => {
      const fields = expression.evaluate(doc) as Doc;
      return { fields, identity: identityOf(fields) };
    };
  };
}

async function* paced(documents: () => Iterable<Doc>, { pacer }: Run): Batches {
  let batch: Doc[] = [];
  try {
    for (const doc of documents()) {
      batch.push(doc);
      if (batch.length >= batchSize) {
        yield batch;
        batch = [];
      }
      if (pacer.due()) await pacer.rest();
    }
  } catch (cause) {
    yield* failAfter(batch, cause);
  }
  if (batch.length > 0) yield batch;
}
