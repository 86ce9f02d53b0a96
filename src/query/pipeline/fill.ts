/** `$fill`: `$setWindowFields` for what is filled by a method, then `$addFields` for what is filled by a value. */
import { Doc } from "../../bson/doc.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { compileAddFields } from "../projection.ts";
import { readOptions, type Option } from "./options.ts";
import { createSetWindowFields } from "./set-window-fields.ts";
import { mapStage, type CompileStage, type Stage } from "./stage.ts";

const options: ReadonlyMap<string, Option> = new Map([
  ["partitionBy", { type: "any" }],
  ["partitionByFields", { type: "strings" }],
  ["sortBy", { type: "object" }],
  ["output", { type: "object", isRequired: true }],
]);

const outputOptions: ReadonlyMap<string, Option> = new Map([
  ["value", { type: "any" }],
  ["method", { type: "string" }],
]);

const functionOfMethod: ReadonlyMap<string, string> = new Map([
  ["locf", "$locf"],
  ["linear", "$linearFill"],
]);

export const compileFill: CompileStage = (spec, { environment }, name) => {
  if (!(spec instanceof Doc))
    throw failedToParse(`The $fill stage specification must be an object, found ${typeName(spec)}`);
  const found = readOptions(spec, "$fill", options);
  const partitionBy = found.get("partitionBy") ?? null;
  if (partitionBy !== null) mustBePartition(partitionBy);
  const { filled, added } = readOutputs(found.get("output") as Doc);
  const stages: Stage[] = [];
  const window = windowSpec(found, filled);
  if (filled.length > 0) stages.push(createSetWindowFields(window, environment, name));
  if (added.length > 0) {
    const projection = compileAddFields(Doc.fromEntries(added), environment);
    stages.push(mapStage(name, (doc) => projection.apply(doc)));
  }
  return {
    name,
    run: (input, run) => stages.reduce((output, stage) => stage.run(output, run), input),
  };
};

/** Of one that fills in values only: the `$addFields` that it is short for. */
export function addFieldsOfFill(spec: Value): Doc | undefined {
  const output = spec instanceof Doc ? spec.get("output") : undefined;
  if (!(output instanceof Doc) || output.size === 0) return undefined;
  const { filled, added } = readOutputs(output);
  return filled.length === 0 ? Doc.fromEntries(added) : undefined;
}

// Atlas: MongoDB 6.0 refuses text here, as its manual does not; later versions take it.
function mustBePartition(value: Value): void {
  if (value instanceof Doc || typeof value === "string") return;
  throw new MongoError(
    14,
    `BSON field '$fill.partitionBy' is the wrong type '${typeName(value)}', expected type 'object'`,
  );
}

interface Outputs {
  /** Fields of `$setWindowFields`. */
  readonly filled: readonly (readonly [string, Value])[];
  /** Fields of `$addFields`. */
  readonly added: readonly (readonly [string, Value])[];
}

function readOutputs(output: Doc): Outputs {
  if (output.size === 0)
    throw new MongoError(
      6_050_203,
      "The output field in '$fill' must contain an object with at least one element",
    );
  const filled: [string, Value][] = [];
  const added: [string, Value][] = [];
  for (const [path, each] of output.entries()) {
    if (!(each instanceof Doc))
      throw new MongoError(
        6_050_200,
        "Each fill output specification must be an object with exactly one field",
      );
    const found = readOptions(each, "$fill", outputOptions);
    const method = found.get("method");
    const value = found.get("value");
    if (method !== undefined) {
      if (value !== undefined)
        throw new MongoError(
          6_050_201,
          "Each fill output specification must have exactly one of 'method' or 'value' fields, not both",
        );
      const windowFunction = functionOfMethod.get(method as string);
      if (windowFunction === undefined)
        throw new MongoError(6_050_202, "Method must be either locf or linear");
      filled.push([path, Doc.of({ [windowFunction]: `$${path}` })]);
    }
    if (value !== undefined) added.push([path, Doc.of({ $ifNull: [`$${path}`, value] })]);
  }
  return { filled, added };
}

function windowSpec(found: ReadonlyMap<string, Value>, filled: Outputs["filled"]): Doc {
  const entries: [string, Value][] = [["output", Doc.fromEntries(filled)]];
  const sortBy = found.get("sortBy");
  if (sortBy !== undefined) entries.push(["sortBy", sortBy]);
  const partitionBy = found.get("partitionBy") ?? null;
  const fields = found.get("partitionByFields") as readonly string[] | undefined;
  if (partitionBy !== null) {
    if (fields !== undefined)
      throw new MongoError(
        6_050_204,
        "Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'",
      );
    entries.push(["partitionBy", partitionBy]);
  }
  if (fields !== undefined)
    entries.push(["partitionBy", Doc.fromEntries(fields.map((each) => [each, `$${each}`]))]);
  return Doc.fromEntries(entries);
}
