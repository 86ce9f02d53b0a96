/** `$geoNear`: documents in the order of their distance, with the distance in a field. */
import { Doc } from "../../bson/doc.ts";
import { Double, isArray, isNumber, typeName, type Value } from "../../bson/value.ts";
import { badValue, MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import { type CompiledExpression, compileStageExpression } from "../expression.ts";
import { refersToDocument } from "../refers-to-document.ts";
import { splitFieldPath } from "../expression/field-path.ts";
import { findNear, parseFilter } from "../filter.ts";
import { carryMetadata, metadataOf } from "../metadata.ts";
import { toDouble } from "../number.ts";
import { PlanFailure } from "../plan-failure.ts";
import { isTruthy } from "../truth.ts";
import { setNested } from "./nested.ts";
import type { CompileStage, Namespace, Run, StageContext } from "./stage.ts";

/** The specification, read. */
interface GeoNear {
  readonly near: CompiledExpression;
  /** Whether it is the same for all documents. */
  readonly isConstant: boolean;
  readonly distancePath: readonly string[];
  readonly placePath: readonly string[] | undefined;
  readonly multiplier: number;
  readonly operator: "$near" | "$nearSphere";
  /** `$minDistance` and `$maxDistance`. */
  readonly bounds: readonly (readonly [string, Value])[];
  readonly query: Doc;
  readonly key: string | undefined;
}

export const compileGeoNear: CompileStage = (spec, context, name) => {
  if (!(spec instanceof Doc) && !isArray(spec))
    throw new MongoError(10_065, "invalid parameter: expected an object ($geoNear)");
  // The server takes an array for an object that lacks everything.
  const geoNear = readGeoNear(spec instanceof Doc ? spec : Doc.empty, context);
  const { namespace, environment } = context;
  environment.metadata?.add("geoNearDistance").add("geoNearPoint");
  return {
    name,
    async *run(_input, run) {
      const path = await findPath(namespace, geoNear.key, run);
      const filter = planFilter(() => {
        const joined = filterOf(geoNear, path);
        findNear(parseFilter(joined, environment, { allowsNear: true }));
        return joined;
      });
      for await (const batch of run.source.read(namespace, { filter, environment }))
        yield batch.map((doc) => withDistance(doc, geoNear));
    },
  };
};

const removed: ReadonlyMap<string, readonly [code: number, message: string]> = new Map([
  [
    "limit",
    [50_858, "$geoNear no longer supports the 'limit' parameter. Use a $limit stage instead."],
  ],
  ["num", [50_857, "$geoNear no longer supports the 'num' parameter. Use a $limit stage instead."]],
  ["start", [50_856, "$geoNear no longer supports the 'start' argument."]],
  [
    "collation",
    [
      40_227,
      "$geoNear does not accept the 'collation' parameter. Instead, specify a collation for the entire aggregation command.",
    ],
  ],
]);

function readGeoNear(spec: Doc, { environment }: StageContext): GeoNear {
  for (const key of spec.keys()) {
    const refusal = removed.get(key);
    if (refusal !== undefined) throw new MongoError(...refusal);
  }
  const near = spec.get("near");
  if (near === undefined) throw new MongoError(5_860_400, "$geoNear requires a 'near' argument");
  const distanceField = spec.get("distanceField");
  if (typeof distanceField !== "string")
    throw new MongoError(16_606, "$geoNear requires a 'distanceField' option as a String");
  const includeLocs = spec.get("includeLocs");
  const spherical = spec.get("spherical");
  return {
    distancePath: splitFieldPath(distanceField),
    bounds: [
      ...readBound(spec, "maxDistance", "$maxDistance"),
      ...readBound(spec, "minDistance", "$minDistance"),
    ],
    query: readQuery(spec.get("query")),
    multiplier: readNumber(spec, "distanceMultiplier") ?? 1,
    placePath: includeLocs === undefined ? undefined : readPlacePath(includeLocs),
    operator: spherical !== undefined && isTruthy(spherical) ? "$nearSphere" : "$near",
    key: readKey(spec.get("key")),
    near: compileStageExpression(near, environment),
    isConstant: !refersToDocument(near),
  };
}

function readNumber(spec: Doc, name: string): number | undefined {
  const value = spec.get(name);
  if (value === undefined) return undefined;
  if (!isNumber(value)) throw typeMismatch(`${name} must be a number`);
  const number = toDouble(value);
  if (!(number >= 0)) throw badValue(`${name} must be nonnegative`);
  return number;
}

function readBound(spec: Doc, name: string, operator: string): readonly [string, Value][] {
  const bound = readNumber(spec, name);
  return bound === undefined ? [] : [[operator, new Double(bound)]];
}

function readQuery(query: Value | undefined): Doc {
  if (query === undefined) return Doc.empty;
  if (!(query instanceof Doc)) throw typeMismatch("query must be an object");
  return query;
}

function readPlacePath(path: Value): readonly string[] {
  if (typeof path !== "string")
    throw new MongoError(16_607, "$geoNear requires that 'includeLocs' option is a String");
  return splitFieldPath(path);
}

function readKey(key: Value | undefined): string | undefined {
  if (key === undefined) return undefined;
  if (typeof key !== "string")
    throw typeMismatch(
      `$geoNear parameter 'key' must be of type string but found type: ${typeName(key)}`,
    );
  if (key === "") throw badValue("$geoNear parameter 'key' cannot be the empty string");
  splitFieldPath(key);
  return key;
}

/** The field that is asked for, or that of the collection's one index of shapes. @throws {MongoError} 26 and 27 */
async function findPath(
  namespace: Namespace,
  asked: string | undefined,
  { source }: Run,
): Promise<string> {
  const name = `${namespace.database}.${namespace.collection}`;
  const indexes = await source.indexStats(namespace);
  if (indexes.length === 0)
    throw new PlanFailure(26, `$geoNear requires a geo index to run, but ${name} does not exist`);
  if (asked !== undefined) return asked;
  for (const kind of ["2d", "2dsphere"]) {
    const keys = indexes
      .map((each) => each.get("key"))
      .filter((each): each is Doc => each instanceof Doc && each.values().includes(kind));
    if (keys.length > 1)
      throw new PlanFailure(
        27,
        `There is more than one ${kind} index on ${name}; unsure which to use for $geoNear`,
      );
    const [key] = keys;
    if (key !== undefined) return key.keys()[key.values().indexOf(kind)] as string;
  }
  throw new PlanFailure(27, "$geoNear requires a 2d or 2dsphere index, but none were found");
}

function filterOf(geoNear: GeoNear, path: string): Doc {
  const { near, isConstant, operator, bounds, query } = geoNear;
  if (!isConstant) throw new MongoError(5_860_402, "$geoNear requires a constant near argument");
  const center = near.evaluate(Doc.empty);
  if (!(center instanceof Doc) && !isArray(center))
    throw new MongoError(
      5_860_401,
      "$geoNear requires near argument to be a GeoJSON object or a legacy point(array)",
    );
  const condition = Doc.fromEntries([[operator, center], ...bounds]);
  const nearest = Doc.fromEntries([[path, condition]]);
  return query.size === 0 ? nearest : Doc.fromEntries([["$and", [query, nearest]]]);
}

/** What is wrong with the filter is found out when it is planned. */
function planFilter(build: () => Doc): Doc {
  try {
    return build();
  } catch (cause) {
    throw cause instanceof MongoError ? new PlanFailure(cause.code, cause.message) : cause;
  }
}

function withDistance(doc: Doc, { distancePath, placePath, multiplier }: GeoNear): Doc {
  const { geoNearDistance, geoNearPoint } = metadataOf(doc) ?? {};
  let output = doc;
  if (geoNearDistance !== undefined)
    output = setNested(output, distancePath, new Double(geoNearDistance * multiplier));
  if (placePath !== undefined && geoNearPoint !== undefined)
    output = setNested(output, placePath, geoNearPoint);
  carryMetadata(doc, output);
  return output;
}
