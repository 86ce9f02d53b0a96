/** Documents with shapes and places, and calls that look for them. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, type Value } from "../../../src/bson/value.ts";
import type { Case } from "../case.ts";
import type { Random } from "../random.ts";
import { createGeometries } from "./geometry.ts";
import { stage } from "./stage-maker.ts";

export interface Geo {
  /** `g` is any shape, without an index; `s` and `f` are places with one, on the sphere and on the plane. */
  document(id: number): Doc;
  geoCase(): Case;
}

const earthRadiusM = 6_378_100;
const idOnly = Doc.of({ _id: 1 });

export function createGeo(random: Random): Geo {
  const geometries = createGeometries(random);
  const whole = { family: "geo", isOrdered: false } as const;
  const ordered = { family: "geo", isOrdered: true } as const;
  const point = (): Doc => Doc.of({ type: "Point", coordinates: geometries.place() });

  /** `$minDistance` and `$maxDistance`, or without the dollar, up to a part of the greatest distance there is. */
  const limits = (prefix: string, most: number): Record<string, Value> => ({
    ...(random.chance(0.5) && {
      [`${prefix}maxDistance`]: new Double(random.next() * most),
    }),
    ...(random.chance(0.5) && {
      [`${prefix}minDistance`]: new Double(random.next() * most * 0.3),
    }),
  });
  const halfWay = Math.PI * earthRadiusM;

  const nears: readonly (() => Doc)[] = [
    () => {
      const operand = Doc.of({ $geometry: point(), ...limits("$", halfWay) });
      return Doc.of({ s: Doc.of({ [random.pick(["$near", "$nearSphere"])]: operand }) });
    },
    () => Doc.of({ s: Doc.of({ $nearSphere: geometries.place(), ...limits("$", Math.PI) }) }),
    () => Doc.of({ f: Doc.of({ $near: geometries.place(), ...limits("$", 300) }) }),
    // Refused: there is no index.
    () => Doc.of({ g: Doc.of({ $near: geometries.place() }) }),
  ];

  const filterOf = (): Doc => {
    const conditions = random.many(1, 4, () =>
      Doc.of({ [random.pick(["g", "g", "g", "s"])]: geometries.condition() }),
    );
    const [only] = conditions;
    if (conditions.length === 1 && only !== undefined && random.chance(0.8)) return only;
    return Doc.of({ [random.pick(["$or", "$or", "$and", "$nor"])]: conditions });
  };

  const narrowed = (filter: Doc): Doc => {
    if (random.chance(0.6)) return filter;
    return random.chance(0.5)
      ? filter.with("n", Doc.of({ $lt: 3 }))
      : filter.with("g", geometries.condition());
  };

  const nearCase = (): Case => ({
    ...ordered,
    call: {
      verb: "find",
      filter: narrowed(random.pick(nears)()),
      projection: idOnly,
      ...(random.chance(0.4) && { limit: 1 + random.below(9) }),
      ...(random.chance(0.2) && { skip: random.below(5) }),
    },
  });

  /** Distances are rounded to millimeters: their last digits depend on the mathematical library. */
  const rounded = Doc.of({ d: Doc.of({ $round: ["$d", 3] }), l: 1 });

  const stageCase = (): Case => {
    const isFlat = random.chance(0.3);
    const isLegacy = isFlat || random.chance(0.3);
    const near = isLegacy ? geometries.place() : point();
    const multiplier = isFlat ? 1 : isLegacy ? earthRadiusM : random.pick([1, 0.5]);
    const operand = Doc.of({
      near,
      distanceField: "d",
      key: isFlat ? "f" : "s",
      spherical: !isFlat,
      ...limits("", isFlat ? 300 : isLegacy ? Math.PI : halfWay),
      ...(multiplier !== 1 && { distanceMultiplier: new Double(multiplier) }),
      ...(random.chance(0.3) && { includeLocs: "l" }),
      ...(random.chance(0.3) && { query: narrowed(Doc.of({ n: Doc.of({ $gt: 0 }) })) }),
    });
    const pipeline = [stage("$geoNear", operand), stage("$project", rounded)];
    if (random.chance(0.3)) pipeline.splice(1, 0, stage("$limit", 1 + random.below(9)));
    return { ...ordered, call: { verb: "aggregate", pipeline } };
  };

  return {
    document: (id) =>
      Doc.of({
        _id: id,
        n: random.below(5),
        g: geometries.stored(),
        s: random.chance(0.5) ? point() : geometries.place(),
        f: geometries.place(),
      }),
    geoCase() {
      const roll = random.next();
      if (roll < 0.28) return nearCase();
      if (roll < 0.46) return stageCase();
      const call = { verb: "find", filter: filterOf(), projection: idOnly } as const;
      return { ...whole, call };
    },
  };
}
