/** Stages that turn each document into one other. */
import { printValue } from "../../bson/print-value.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileStageExpression } from "../expression.ts";
import { findText, parseFilter } from "../filter.ts";
import { compileMatch, compileMatchNode, type Match } from "../match.ts";
import { FilterOptimizationFailure, reportFailure } from "../optimization-failure.ts";
import { compileAddFields, compileProjection, compileUnset } from "../projection.ts";
import { keyWithoutSort } from "../sort.ts";
import { mustFit } from "../weight.ts";
import { mapStage, type CompileStage, type Stage, type StageContext } from "./stage.ts";

export const compileMatchStage: CompileStage = (spec, context, name) => {
  if (!(spec instanceof Doc))
    throw new MongoError(15959, "the match filter must be an expression in an object");
  const match = compileFilter(spec, context);
  const stage = mapStage(name, (doc) => (match.matches(doc) ? doc : undefined));
  return { ...stage, lead: { filter: spec } };
};

/** A filter that nobody wrote as a stage. */
export function filterStage(filter: Doc, environment: QueryEnvironment): Stage {
  const match = compileMatch(filter, environment);
  return mapStage("$match", (doc) => (match.matches(doc) ? doc : undefined));
}

function compileFilter(spec: Doc, { environment, isFirst, place }: StageContext): Match {
  const mayBeText = isFirst && place !== "facet";
  try {
    const node = parseFilter(spec, environment, { text: mayBeText ? "allowed" : "notFirst" });
    if (findText(node) !== undefined) environment.metadata?.add("textScore");
    return compileMatchNode(node, environment);
  } catch (cause) {
    if (!(cause instanceof FilterOptimizationFailure)) throw cause;
    reportFailure(cause, environment);
    return neverMatching;
  }
}

const neverMatching: Match = { matches: () => false, position: () => undefined };

export const compileProject: CompileStage = (spec, { environment, isFirst, place }, name) => {
  if (!(spec instanceof Doc))
    throw new MongoError(15969, "$project specification must be an object");
  const projection = compileProjection(spec, environment, "aggregate");
  const asksForKey = environment.metadata?.has("sortKey") === true;
  if (isFirst && place !== "facet" && asksForKey) throw keyWithoutSort();
  return mapStage(name, (doc) => mustFit(projection.apply(doc)));
};

export const compileAddFieldsStage: CompileStage = (spec, { environment }, name) => {
  if (!(spec instanceof Doc))
    throw new MongoError(
      40272,
      `${name} specification stage must be an object, got ${typeName(spec)}`,
    );
  const projection = compileAddFields(spec, environment, name);
  return mapStage(name, (doc) => mustFit(projection.apply(doc)));
};

export const compileUnsetStage: CompileStage = (spec, { environment }, name) => {
  const fields = readUnsetFields(spec);
  const projection = compileUnset(fields, environment);
  return mapStage(name, (doc) => projection.apply(doc));
};

function readUnsetFields(spec: Value): readonly string[] {
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

export const compileReplaceRoot: CompileStage = (spec, { environment }, name) => {
  if (!(spec instanceof Doc))
    throw new MongoError(
      40229,
      `expected an object as specification for $replaceRoot stage, got ${typeName(spec)}`,
    );
  const newRoot = spec.get("newRoot");
  for (const key of spec.keys())
    if (key !== "newRoot")
      throw new MongoError(40415, `BSON field '$replaceRoot.${key}' is an unknown field.`);
  if (newRoot === undefined)
    throw new MongoError(
      40414,
      "BSON field '$replaceRoot.newRoot' is missing but a required field",
    );
  return replaceStage(name, newRoot, "'newRoot' expression ", environment);
};

export const compileReplaceWith: CompileStage = (spec, { environment }, name) =>
  replaceStage(name, spec, "'replacement document' ", environment);

function replaceStage(
  name: string,
  spec: Value,
  what: string,
  environment: Parameters<typeof compileStageExpression>[1],
): Stage {
  const expression = compileStageExpression(spec, environment);
  return mapStage(name, (doc) => {
    const value = expression.evaluate(doc);
    if (value instanceof Doc) return mustFit(value);
    throw new MongoError(
      40228,
      `${what} must evaluate to an object, but resulting value was: ${printValue(value)}. ` +
        `Type of resulting value: '${typeName(value)}'. Input document: ${printValue(doc)}`,
    );
  });
}
