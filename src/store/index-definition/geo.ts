/** `2dsphere` and `2d`: which keys and options such an index may have. */
import { formatDouble, printBson, printField } from "../../bson/print.ts";
import type { Doc } from "../../bson/doc.ts";
import { Double, isNumber, toInteger, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Grid } from "../../query/geo-index.ts";
import { toDouble } from "../../query/number.ts";
import type { Fail } from "./key-pattern.ts";

export type GeoKind = "2dsphere" | "2d";

export interface GeoIndex {
  readonly kind: GeoKind;
  /** Whether documents without a shape have keys, as in the first version of `2dsphere`. */
  readonly hasAll: boolean;
  readonly grid: Grid;
}

const defaultGrid: Grid = { bits: 26, low: -180, high: 180 };
const sphereVersion = 3;

export function geoKindOf(direction: Value): GeoKind | undefined {
  return direction === "2dsphere" || direction === "2d" ? direction : undefined;
}

/** What a kept specification says of it. */
export function compileGeoIndex(spec: Doc): GeoIndex | undefined {
  const kinds = (spec.get("key") as Doc).values().flatMap((each) => geoKindOf(each) ?? []);
  const [kind] = kinds;
  if (kind === undefined) return undefined;
  const of = (name: string): number | undefined => {
    const value = spec.get(name);
    return isNumber(value) ? toDouble(value) : undefined;
  };
  return {
    kind,
    hasAll: kind === "2dsphere" && of("2dsphereIndexVersion") === 1,
    grid: {
      bits: of("bits") ?? defaultGrid.bits,
      low: of("min") ?? defaultGrid.low,
      high: of("max") ?? defaultGrid.high,
    },
  };
}

/** @throws {MongoError} 67 for two kinds of index in one, 16800 and 16801 for a misplaced `2d` */
export function mustBeGeoKeys(keys: Doc, fail: Fail): void {
  const kinds = new Set(keys.values().filter((each) => typeof each === "string"));
  if (kinds.size > 1) throw fail(67, "Can't use more than one index plugin for a single index.");
  if (!kinds.has("2d")) return;
  if (keys.values().filter((each) => each === "2d").length > 1)
    throw new MongoError(16_800, "can't have 2 geo fields");
  if (keys.valueAt(0) !== "2d") throw new MongoError(16_801, "2d has to be first in index");
}

const numbers = ["bits", "min", "max", "2dsphereIndexVersion"];

/** @throws {MongoError} 14, 67 and 72 `InvalidOptions` */
export function mustBeGeoOptions(asked: Doc, options: Doc, fail: Fail): void {
  for (const name of numbers) {
    const value = options.get(name);
    if (value !== undefined && !isNumber(value))
      throw fail(14, `The field '${name}' must be a number, but got ${typeName(value)}`);
  }
  const geo = compileGeoIndex(asked);
  if (geo?.kind === "2dsphere") {
    mustBeVersion(asked, options.get("2dsphereIndexVersion"));
    mustBeLevels(options);
  }
  if (geo?.kind === "2d") mustBeGrid(geo.grid);
}

function mustBeVersion(asked: Doc, version: Value | undefined): void {
  if (version === undefined || (isNumber(version) && [1, 2, 3].includes(toDouble(version)))) return;
  const shown = printField("2dsphereIndexVersion", version);
  throw new MongoError(
    67,
    `Error in specification ${printBson(asked.with("v", 2))} :: caused by :: ` +
      `unsupported geo index version { 2dsphereIndexVersion : ${shown} }, only versions: [1,2,3] are supported`,
  );
}

const levelMax = 30;

function mustBeLevels(options: Doc): void {
  const coarsest = levelOf(options.get("coarsestIndexedLevel")) ?? 0;
  const finest = levelOf(options.get("finestIndexedLevel")) ?? 23;
  if (coarsest < 0) throw new MongoError(16_747, "coarsestIndexedLevel must be >= 0");
  if (finest > levelMax) throw new MongoError(16_748, `finestIndexedLevel must be <= ${levelMax}`);
  if (finest < coarsest)
    throw new MongoError(16_749, "finestIndexedLevel must be >= coarsestIndexedLevel");
}

function levelOf(value: Value | undefined): number | undefined {
  return isNumber(value) ? toDouble(value) : undefined;
}

function mustBeGrid({ bits, low, high }: Grid): void {
  const whole = Number.isNaN(bits) ? 0 : Math.trunc(bits);
  if (whole < 1 || whole > 32)
    throw new MongoError(
      72,
      `bits for hash must be > 0 and <= 32, but ${whole} bits were specified`,
    );
  if (!(high > low) || !Number.isFinite(high - low))
    throw new MongoError(
      72,
      "region for hash must be valid and have positive area, but " +
        `[${formatDouble(low)}, ${formatDouble(high)}] was specified`,
    );
}

const behindVersion: ReadonlySet<string> = new Set([
  "bits",
  "min",
  "max",
  "finestIndexedLevel",
  "coarsestIndexedLevel",
]);

/** The options of the kept specification: with the version of a `2dsphere` index, and whole bits. */
export function withGeoDefaults(
  keys: Doc,
  options: readonly (readonly [string, Value])[],
): readonly [string, Value][] {
  const kept = options.map(([name, value]): [string, Value] => [name, normalize(name, value)]);
  const isSphere = keys.values().includes("2dsphere");
  if (!isSphere || kept.some(([name]) => name === "2dsphereIndexVersion")) return kept;
  // In the place where the server lists it.
  const at = kept.findIndex(([name]) => behindVersion.has(name));
  const index = at < 0 ? kept.length : at;
  return kept.toSpliced(index, 0, ["2dsphereIndexVersion", sphereVersion]);
}

function normalize(name: string, value: Value): Value {
  if (!isNumber(value)) return value;
  if (name === "bits") return toInteger(Math.trunc(toDouble(value)));
  return name === "min" || name === "max" ? new Double(toDouble(value)) : value;
}
