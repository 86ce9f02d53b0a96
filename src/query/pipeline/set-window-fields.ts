import { Doc } from "../../bson/doc.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpressionFor } from "../expression.ts";
import { compileAssignments } from "../projection.ts";
import { compileSort } from "../sort.ts";
import { compileWindowFunction, type WindowFunction } from "../window.ts";
import { createMemoryBound } from "./memory.ts";
import { splitFieldPath } from "../expression/field-path.ts";
import { type Option, readOptions } from "./options.ts";
import {
  fillPartitions,
  mustNotBeArray,
  type PartitionOf,
  sortIntoPartitions,
} from "./partitions.ts";
import type { CompileStage, Stage } from "./stage.ts";

export const compileSetWindowFields: CompileStage = (spec, { environment }, name) => {
  if (!(spec instanceof Doc))
    throw failedToParse(
      `the $setWindowFields stage specification must be an object, found ${typeName(spec)}`,
    );
  return createSetWindowFields(spec, environment, name);
};

const options: ReadonlyMap<string, Option> = new Map([
  ["partitionBy", { type: "any" }],
  ["sortBy", { type: "object" }],
  ["output", { type: "object", isRequired: true }],
]);

/** @param name of the stage, for messages */
export function createSetWindowFields(
  spec: Doc,
  environment: QueryEnvironment,
  name: string,
): Stage {
  const found = readOptions(spec, "$setWindowFields", options);
  const partition = readPartitionBy(found.get("partitionBy") ?? null, environment);
  const sortBy = found.get("sortBy") as Doc | undefined;
  const sort = sortBy === undefined ? undefined : compileSort(sortBy, environment.collation);
  const order = sort === undefined ? undefined : { parts: sort.paths, size: (sortBy as Doc).size };
  const functions: WindowFunction[] = [];
  const paths = createPathSet();
  for (const [path, each] of (found.get("output") as Doc).entries()) {
    paths.add(path);
    if (!(each instanceof Doc)) throw failedToParse(`The field '${path}' must be an object`);
    functions.push(compileWindowFunction(each, order, environment));
  }
  const partitioning = {
    partitionOf: partition(),
    sort: sortBy?.size === 0 ? undefined : sort,
    collation: environment.collation,
  };
  const assign = compileAssignments(paths.all.map(splitFieldPath));
  return {
    name,
    async *run(input, run) {
      const memory = createMemoryBound(name);
      // Options that depend on variables are refused even when no document comes.
      const nothing = { docs: [], pacer: run.pacer, hold: (): void => {} };
      for (const each of functions) each.start(nothing);
      const partitions = sortIntoPartitions(input, partitioning, memory, run);
      yield* fillPartitions(partitions, { functions, assign }, memory, run);
    },
  };
}

/** In two steps, since the server looks at constants after it has looked at the other options. */
function readPartitionBy(spec: Value, environment: QueryEnvironment): () => PartitionOf {
  const expression = compileExpressionFor(spec, environment, { keepsFailure: true });
  return () => {
    const { failure, constant } = expression;
    if (failure !== undefined)
      throw new MongoError(
        failure.code,
        `Failed to optimize partitionBy expression :: caused by :: ${failure.message}`,
      );
    if (constant === undefined) return (doc) => expression.evaluate(doc) ?? null;
    mustNotBeArray(constant.value);
    return undefined;
  };
}

/** Longer paths are refused by any means: what is done with each prefix would take long. */
const partsMax = 200;

/** Paths of which none leads to or through another one. */
function createPathSet(): { readonly all: readonly string[]; add(path: string): void } {
  const all: string[] = [];
  const known = new Set<string>();
  const prefixes = new Set<string>();
  return {
    all,
    add(path): void {
      if (path.split(".").length > partsMax) splitFieldPath(path);
      let isTaken = known.has(path) || prefixes.has(path);
      for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
        const prefix = path.slice(0, dot);
        if (known.has(prefix)) isTaken = true;
        prefixes.add(prefix);
      }
      if (isTaken)
        throw new MongoError(
          6_307_900,
          "$setWindowFields 'output' specification contains two conflicting paths",
        );
      known.add(path);
      all.push(path);
    },
  };
}
