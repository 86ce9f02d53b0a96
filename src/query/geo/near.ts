/** `$near`, `$nearSphere` and `$geoNear` of filters: where from, how far, and in which units. */
import { Doc } from "../../bson/doc.ts";
import { printBson, printField } from "../../bson/print.ts";
import { isArray, isNumber, type Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import { toDouble } from "../number.ts";
import type { FlatPoint } from "./flat.ts";
import { isOnEarth } from "./lat-lng.ts";
import { elementsOf } from "./read-coordinates.ts";
import { readQueryPoint } from "./read-shape.ts";

export interface Near {
  readonly center: FlatPoint;
  /** Whether distances are those on the sphere, in metres but for `isInRadians`; else those of the plane. */
  readonly isSpherical: boolean;
  /** Whether the distances asked for and told are radians: a legacy pair on the sphere. */
  readonly isInRadians: boolean;
  /** Whether the center is GeoJSON: only an index that goes around the earth can answer. */
  readonly isWrapping: boolean;
  readonly isNearSphere: boolean;
  /** In the units above; both included. */
  readonly least: number;
  readonly most: number;
}

export const nearOperators: ReadonlySet<string> = new Set(["$near", "$nearSphere", "$geoNear"]);

interface Draft {
  center: FlatPoint | undefined;
  isGeoJson: boolean;
  isNearSphere: boolean;
  least: number;
  most: number;
}

function createDraft(): Draft {
  return {
    center: undefined,
    isGeoJson: false,
    isNearSphere: false,
    least: 0,
    most: Number.MAX_VALUE,
  };
}

/**
 * Reads the conditions of one field that begin with one of the operators.
 *
 * @throws {MongoError} 2, 16893 to 16896, 18522 and 34413
 */
export function readNear(conditions: Doc): Near {
  const draft = readOldForm(conditions) ?? readNewForm(conditions);
  const center = draft.center as FlatPoint;
  const { isGeoJson, isNearSphere, least, most } = draft;
  if (isNearSphere && !isOnEarth(center.x, center.y))
    throw badValue("Legacy point is out of bounds for spherical query");
  return {
    center,
    isSpherical: isGeoJson || isNearSphere,
    isInRadians: isNearSphere && !isGeoJson,
    isWrapping: isGeoJson,
    isNearSphere,
    least,
    most,
  };
}

/** `{ $near: [x, y], $maxDistance: … }`: undefined where the operand is no point, which the new form may explain. */
function readOldForm(conditions: Doc): Draft | undefined {
  const draft = createDraft();
  for (const [name, value] of conditions.entries()) {
    if (nearOperators.has(name)) {
      if (elementsOf(value) === undefined) return undefined;
      readOldCenter(name, value, draft);
      continue;
    }
    const read = oldOptions.get(name);
    if (read === undefined)
      throw new MongoError(34413, `invalid argument in geo near query: ${name}`);
    read(value, draft);
  }
  return draft.center === undefined ? undefined : draft;
}

function readOldCenter(name: string, value: Value, draft: Draft): void {
  const point = tryPoint(value) ?? tryTriple(value, draft);
  if (point === undefined) return;
  if (!(draft.most >= 0)) throw new MongoError(18522, "max distance must be non-negative");
  draft.center = point.center;
  draft.isGeoJson = point.isGeoJson;
  draft.isNearSphere = name === "$nearSphere";
}

interface Center {
  readonly center: FlatPoint;
  readonly isGeoJson: boolean;
}

function tryPoint(value: Value): Center | undefined {
  try {
    const { flat, space } = readQueryPoint(value);
    return { center: flat, isGeoJson: space === "sphere" };
  } catch (cause) {
    if (cause instanceof MongoError) return undefined;
    throw cause;
  }
}

/** `[x, y, maxDistance]` */
function tryTriple(value: Value, draft: Draft): Center | undefined {
  const elements = elementsOf(value) ?? [];
  const [x, y, most] = elements;
  if (elements.length !== 3 || !isNumber(x) || !isNumber(y) || !isNumber(most)) return undefined;
  draft.most = toDouble(most);
  return { center: { x: toDouble(x), y: toDouble(y) }, isGeoJson: false };
}

const oldOptions: ReadonlyMap<string, (value: Value, draft: Draft) => void> = new Map([
  [
    "$minDistance",
    (value: Value, draft: Draft) => {
      draft.least = readDistance(value, "$minDistance", 16_893);
    },
  ],
  [
    "$maxDistance",
    (value: Value, draft: Draft) => {
      draft.most = readDistance(value, "$maxDistance", 16_895);
    },
  ],
  // Deprecated, and without effect.
  ["$uniqueDocs", () => undefined],
]);

/** @param code of what is no number; that of a negative one is the next */
function readDistance(value: Value, name: string, code: number): number {
  if (!isNumber(value)) throw new MongoError(code, `${name} must be a number`);
  const distance = toDouble(value);
  if (!(distance >= 0)) throw new MongoError(code + 1, `${name} must be non-negative`);
  return distance;
}

/** `{ $near: { $geometry: …, $maxDistance: … } }` */
function readNewForm(conditions: Doc): Draft {
  if (conditions.size > 1)
    throw badValue(
      "geo near accepts just one argument when querying for a GeoJSON point. Extra field found: " +
        printField(conditions.keys()[1] as string, conditions.valueAt(1)),
    );
  const draft = createDraft();
  for (const [name, value] of entriesOf(conditions.valueAt(0))) {
    if (name === "$geometry") readNewCenter(value, draft);
    else if (name === "$minDistance") draft.least = readFiniteDistance(value, name);
    else if (name === "$maxDistance") draft.most = readFiniteDistance(value, name);
    else throw badValue(`invalid argument in geo near query: ${name}`);
  }
  if (draft.center === undefined) throw badValue("$geometry is required for geo near query");
  return draft;
}

function entriesOf(value: Value): Iterable<readonly [string, Value]> {
  if (value instanceof Doc) return value.entries();
  return isArray(value) ? value.map((each, index) => [String(index), each] as const) : [];
}

function readNewCenter(value: Value, draft: Draft): void {
  if (elementsOf(value) === undefined) return;
  const shown = (): string => printBson(Doc.fromEntries(entriesOf(value)));
  let center: Center;
  try {
    const { flat, space } = readQueryPoint(value);
    center = { center: flat, isGeoJson: space === "sphere" };
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    throw badValue(
      `invalid point in geo near query $geometry argument: ${shown()}  ${cause.message}`,
    );
  }
  if (!center.isGeoJson) throw badValue(`$near requires geojson point, given ${shown()}`);
  draft.center = center.center;
  draft.isGeoJson = true;
}

function readFiniteDistance(value: Value, name: string): number {
  if (!isNumber(value)) throw badValue(`${name} must be a number`);
  const distance = toDouble(value);
  if (!(distance >= 0) || !Number.isFinite(distance))
    throw badValue(`${name} must be non-negative`);
  return distance;
}
