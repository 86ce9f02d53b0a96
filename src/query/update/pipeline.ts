/** Updates by an aggregation pipeline: stages that turn one document into one. */
import { printValue } from "../../bson/print-value.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpressionFor } from "../expression.ts";
import { checkPipeline } from "../pipeline.ts";
import { addFieldsOfFill } from "../pipeline/fill.ts";
import {
  compileAddFields,
  compileProjection,
  compileUnset,
  type Projection,
} from "../projection.ts";

type Transform = (doc: Doc) => Doc;
type CompileTransform = (spec: Value, environment: QueryEnvironment, name: string) => Transform;

/**
 * Compiles the stages of an update.
 *
 * @throws {MongoError} 72 for a stage that has no place in an update, 40323 for what is no stage
 */
export function compileUpdatePipeline(
  stages: readonly Value[],
  given: QueryEnvironment,
): Transform {
  const environment: QueryEnvironment = { ...given, isUnoptimized: true };
  const transforms = stages.map((stage) => {
    if (!(stage instanceof Doc))
      throw typeMismatch("Each element of the 'pipeline' array must be an object");
    const [name] = stage.keys();
    if (name === undefined || stage.size !== 1)
      throw new MongoError(
        40323,
        "A pipeline stage specification object must contain exactly one field.",
      );
    const compile = transformsByName.get(name);
    if (compile !== undefined) return compile(stage.valueAt(0), environment, name);
    // What is wrong with any stage is told before that one of them may not stand here.
    checkPipeline(stages, given);
    const added = name === "$fill" ? addFieldsOfFill(stage.valueAt(0)) : undefined;
    if (added !== undefined) return compileSetFields(added, environment, "$addFields");
    const first = firstOfShort.get(name) ?? name;
    throw new MongoError(72, `${first} is not allowed to be used within an update`);
  });
  return (doc) => transforms.reduce((result, transform) => transform(result), doc);
}

/** Stages that are short for others: the one that the server finds out of place. */
const firstOfShort: ReadonlyMap<string, string> = new Map([
  ["$bucket", "$group"],
  ["$count", "$group"],
  ["$densify", "$sort"],
  ["$fill", "$sort"],
  ["$setWindowFields", "$_internalSetWindowFields"],
  ["$sortByCount", "$group"],
]);

/** The server does not optimize an update's pipeline: a constant that fails does so when a document comes. */
function applyOf(projection: Projection): Transform {
  return (doc) => projection.apply(doc);
}

const compileProject: CompileTransform = (spec, environment) => {
  if (!(spec instanceof Doc))
    throw new MongoError(15969, "$project specification must be an object");
  return applyOf(
    compileProjection(spec, environment, "aggregate", undefined, { keepsFailure: true }),
  );
};

const compileSetFields: CompileTransform = (spec, environment, name) => {
  if (!(spec instanceof Doc))
    throw new MongoError(
      40272,
      `${name} specification stage must be an object, got ${typeName(spec)}`,
    );
  return applyOf(compileAddFields(spec, environment, name, { keepsFailure: true }));
};

const compileUnsetFields: CompileTransform = (spec, environment) =>
  applyOf(compileUnset(readPaths(spec), environment));

function readPaths(spec: Value): readonly string[] {
  if (typeof spec === "string") return [spec];
  if (!isArray(spec))
    throw new MongoError(31002, "$unset specification must be a string or an array");
  if (spec.length === 0)
    throw new MongoError(
      31119,
      "$unset specification must be a string or an array with at least one field",
    );
  return spec.map((each) => {
    if (typeof each === "string") return each;
    throw new MongoError(
      31120,
      "$unset specification must be a string or an array containing only string values",
    );
  });
}

const compileReplaceRoot: CompileTransform = (spec, environment) => {
  if (!(spec instanceof Doc))
    throw new MongoError(
      40229,
      `expected an object as specification for $replaceRoot stage, got ${typeName(spec)}`,
    );
  const other = spec.keys().find((key) => key !== "newRoot");
  if (other !== undefined)
    throw new MongoError(40415, `BSON field '$replaceRoot.${other}' is an unknown field.`);
  const newRoot = spec.get("newRoot");
  if (newRoot === undefined)
    throw new MongoError(
      40414,
      "BSON field '$replaceRoot.newRoot' is missing but a required field",
    );
  return compileReplacement(newRoot, environment, "'newRoot' expression ");
};

function compileReplacement(spec: Value, environment: QueryEnvironment, what: string): Transform {
  const expression = compileExpressionFor(spec, environment, { keepsFailure: true });
  return (doc) => {
    const value = expression.evaluate(doc);
    if (value instanceof Doc) return value;
    throw new MongoError(
      40228,
      `${what} must evaluate to an object, but resulting value was: ${printValue(value)}. Type of resulting value: '${typeName(value)}'. Input document: ${printValue(doc)}`,
    );
  };
}

const transformsByName: ReadonlyMap<string, CompileTransform> = new Map<string, CompileTransform>([
  ["$addFields", compileSetFields],
  ["$project", compileProject],
  ["$replaceRoot", compileReplaceRoot],
  [
    "$replaceWith",
    (spec, environment) => compileReplacement(spec, environment, "'replacement document' "),
  ],
  ["$set", compileSetFields],
  ["$unset", compileUnsetFields],
]);
