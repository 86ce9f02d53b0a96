/** Shapes on the sphere and on the plane: stored values, and what they are asked for with. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, type Value } from "../../../src/bson/value.ts";
import type { Random } from "../random.ts";

/** Where the shapes of a batch are, in degrees: few of them meet if they lie all over. */
interface Region {
  readonly center: readonly [longitude: number, latitude: number];
  readonly radius: number;
  /** Coordinates are multiples of it, so that borders touch; 0 for any number. */
  readonly grid: number;
}

const regions: readonly Region[] = [
  { center: [0, 0], radius: 10, grid: 1 },
  { center: [0, 0], radius: 10, grid: 0 },
  { center: [10, 45], radius: 30, grid: 5 },
  { center: [180, 0], radius: 20, grid: 0 },
  { center: [180, 10], radius: 20, grid: 5 },
  { center: [0, 90], radius: 20, grid: 0 },
  { center: [30, -85], radius: 15, grid: 5 },
  { center: [0, 0], radius: 170, grid: 0 },
  { center: [0, 0], radius: 180, grid: 30 },
  { center: [-73.97, 40.77], radius: 0.01, grid: 0 },
];

const strictWinding = Doc.of({
  type: "name",
  properties: Doc.of({ name: "urn:x-mongodb:crs:strictwinding:EPSG:4326" }),
});

type Position = readonly [number, number];

export interface Geometries {
  /** A position anywhere on the sphere's map, as a legacy pair; hardly ever two alike. */
  place(): Value;
  /** What a document may hold: any shape, a legacy pair, or what only looks like one. */
  stored(): Value;
  /** `$geoWithin` or `$geoIntersects`, rarely one that is refused. */
  condition(): Doc;
}

export function createGeometries(random: Random): Geometries {
  const { center, radius, grid } = random.pick(regions);
  const signed = (): number => random.next() * 2 - 1;
  const toGrid = (degrees: number): number =>
    grid === 0 ? degrees : Math.round(degrees / grid) * grid;

  const position = (): Position =>
    onMap(
      toGrid(center[0] + signed() * radius),
      toGrid(center[1] + signed() * Math.min(radius, 89)),
    );
  const pair = (): Value => toPair(position());
  const line = (): Value => random.many(2, 5, pair);

  /** A star around a position, which seldom crosses itself. */
  const ring = (at: Position, scale: number): readonly Position[] => {
    const size = radius * (0.1 + random.next()) * scale * 0.6;
    const start = random.next() * 2 * Math.PI;
    const count = 3 + random.below(6);
    const corners = Array.from({ length: count }, (_, index) => {
      const angle = start + (index / count) * 2 * Math.PI;
      const distance = size * (0.4 + random.next() * 0.6);
      return onMap(
        toGrid(at[0] + Math.cos(angle) * distance),
        toGrid(at[1] + Math.sin(angle) * distance),
      );
    });
    return random.chance(0.5) ? corners : corners.toReversed();
  };
  const rings = (): Value => {
    const at = position();
    const outer = closed(ring(at, 1));
    return random.chance(0.3) ? [outer, closed(ring(at, 0.25))] : [outer];
  };

  const shapes: readonly (() => Doc)[] = [
    () => typed("Point", pair()),
    () => typed("LineString", line()),
    () => typed("Polygon", rings()),
    () => typed("Polygon", rings()),
    () => typed("MultiPoint", random.many(1, 3, pair)),
    () => typed("MultiLineString", random.many(1, 3, line)),
    () => typed("MultiPolygon", random.many(1, 2, rings)),
  ];
  const simple = (): Doc => random.pick(shapes)();
  const geometry = (): Doc =>
    random.chance(0.1)
      ? Doc.of({ type: "GeometryCollection", geometries: random.many(1, 3, simple) })
      : simple();
  const strict = (): Doc =>
    typed("Polygon", [closed(ring(position(), 1))]).with("crs", strictWinding);
  const odd = (): Value =>
    random.pick<Value>([
      null,
      1,
      [],
      [1],
      [1, "a"],
      [200, 1],
      Doc.empty,
      typed("Point", [200, 1]),
      typed("LineString", [[1, 1]]),
      typed("Polygon", [[[0, 0]]]),
      typed("Circle", [1, 1]),
    ]);

  const reach = (): number => (grid === 0 ? random.next() * radius : grid * random.below(5));
  const conditions: readonly (() => Doc)[] = [
    () => within({ $box: [pair(), pair()] }),
    () => within({ $center: [pair(), new Double(reach())] }),
    () => within({ $polygon: ring(position(), 1).map(toPair) }),
    () => within({ $centerSphere: [pair(), inRadians(reach())] }),
    () => within({ $geometry: typed("Polygon", rings()) }),
    () => within({ $geometry: geometry() }),
    () => within({ $geometry: strict() }),
    () => Doc.of({ $geoIntersects: Doc.of({ $geometry: strict() }) }),
    () =>
      Doc.of({ $geoIntersects: Doc.of({ $geometry: random.chance(0.1) ? pair() : geometry() }) }),
    () => Doc.of({ $geoIntersects: Doc.of({ $geometry: random.chance(0.1) ? odd() : simple() }) }),
  ];

  return {
    place: () => toPair([signed() * 170, signed() * 80]),
    stored() {
      const roll = random.next();
      if (roll < 0.25) return pair();
      if (roll < 0.3) return Doc.fromEntries([...pairFields(position())]);
      if (roll < 0.35) return [pair(), pair()];
      return roll < 0.4 ? odd() : geometry();
    },
    condition: () => random.pick(conditions)(),
  };
}

function typed(type: string, coordinates: Value): Doc {
  return Doc.of({ type, coordinates });
}

function within(operand: Record<string, Value>): Doc {
  return Doc.of({ $geoWithin: Doc.of(operand) });
}

function inRadians(degrees: number): Value {
  return new Double((degrees * Math.PI) / 180);
}

function closed(corners: readonly Position[]): Value {
  return [...corners, ...corners.slice(0, 1)].map(toPair);
}

/** Longitudes beyond the antimeridian come in again on the other side; latitudes turn back at the poles. */
function onMap(longitude: number, latitude: number): Position {
  const turned = longitude - 360 * Math.round(longitude / 360);
  return [turned, latitude > 90 ? 180 - latitude : latitude < -90 ? -180 - latitude : latitude];
}

function toPair(position: Position): Value {
  return position.map(toNumber);
}

function pairFields([longitude, latitude]: Position): readonly (readonly [string, Value])[] {
  return [
    ["x", toNumber(longitude)],
    ["y", toNumber(latitude)],
  ];
}

function toNumber(value: number): Value {
  return Number.isInteger(value) && !Object.is(value, -0) ? value : new Double(value);
}
