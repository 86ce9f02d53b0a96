/** Texts that differ in case, accents, digits and punctuation, compared by collations. */
import { Doc } from "../../../src/bson/doc.ts";
import type { Value } from "../../../src/bson/value.ts";
import type { Case } from "../case.ts";
import type { Random } from "../random.ts";
import { stage } from "./stage-maker.ts";

export interface Collations {
  document(id: number): Doc;
  collationCase(): Case;
}

const texts: readonly string[] =
  "a A á Á ä b B z Z aa aA ab a-b a,b ae æ oe ö ø ss ß SS ñ n nz o ch c cz d ll l 1 2 10 02 1a 10a a1 a10 a2 résumé resume Resume RÉSUMÉ péché pêche cote coté côte côté i I ı İ fi ﬁ e\u0301 é 日本 漢字 я Я".split(
    " ",
  );
const spaced = ["", " ", "a b", "a  b", "co-op", "coop", "co op"];
const locales = ["en", "de", "fr", "fr_CA", "sv", "es", "tr", "da", "simple", "en_US", "ja"];

export function createCollations(random: Random): Collations {
  const text = (): string => (random.chance(0.85) ? random.pick(texts) : random.pick(spaced));
  const value = (): Value => {
    const roll = random.next();
    if (roll < 0.75) return text();
    if (roll < 0.85) return random.many(0, 3, text);
    if (roll < 0.93) return Doc.of({ t: text() });
    return random.pick<Value>([1, null, true]);
  };

  const spec = (): Doc =>
    Doc.of({
      locale: random.pick(locales),
      ...(random.chance(0.6) && { strength: 1 + random.below(5) }),
      ...(random.chance(0.15) && { caseLevel: random.chance(0.7) }),
      ...(random.chance(0.15) && { caseFirst: random.pick(["upper", "lower", "off"]) }),
      ...(random.chance(0.2) && { numericOrdering: random.chance(0.8) }),
      ...(random.chance(0.15) && { alternate: random.pick(["shifted", "non-ignorable"]) }),
      ...(random.chance(0.1) && { maxVariable: random.pick(["punct", "space"]) }),
      ...(random.chance(0.1) && { backwards: random.chance(0.7) }),
      ...(random.chance(0.1) && { normalization: random.chance(0.7) }),
    });

  const condition = (): Value => {
    const roll = random.next();
    if (roll < 0.3) return text();
    if (roll < 0.6)
      return Doc.of({ [random.pick(["$gt", "$gte", "$lt", "$lte", "$ne", "$eq"])]: value() });
    const list = random.many(1, 3, text);
    if (roll < 0.8) return Doc.of({ [random.pick(["$in", "$nin", "$all"])]: list });
    return roll < 0.9
      ? Doc.of({ $elemMatch: Doc.of({ $gt: text() }) })
      : Doc.of({ $not: Doc.of({ $lt: text() }) });
  };

  const filter = (): Doc => {
    const roll = random.next();
    if (roll < 0.2) return Doc.empty;
    if (roll < 0.8) return Doc.of({ [random.pick(["a", "b", "a.t"])]: condition() });
    const compared = Doc.of({ [random.pick(["$eq", "$lt", "$gte", "$cmp"])]: ["$a", text()] });
    return Doc.of({ $expr: compared });
  };

  const sort = (): Doc =>
    Doc.of({ [random.pick(["a", "b"])]: random.pick([1, -1]), _id: random.pick([1, -1]) });

  const expressions: readonly (() => Doc)[] = [
    () => Doc.of({ $cmp: ["$a", "$b"] }),
    () => Doc.of({ $in: [text(), Doc.of({ $ifNull: ["$none", random.many(1, 4, text)] })] }),
    () => Doc.of({ $indexOfArray: [random.many(1, 4, text), "$b"] }),
    () => Doc.of({ $max: ["$a", "$b", text()] }),
    () => Doc.of({ $setIsSubset: [random.many(0, 2, text), random.many(1, 4, text)] }),
    () =>
      Doc.of({
        $sortArray: Doc.of({ input: random.many(1, 5, text), sortBy: random.pick([1, -1]) }),
      }),
    () =>
      Doc.of({
        $switch: Doc.of({
          branches: [
            Doc.fromEntries([
              ["case", Doc.of({ $eq: ["$a", text()] })],
              ["then", 1],
            ]),
          ],
          default: 2,
        }),
      }),
  ];

  const pipeline = (): Value[] => {
    const begin = [stage("$match", filter()), stage("$sort", sort())];
    const roll = random.next();
    if (roll < 0.35) {
      const fields = Doc.of({ x: random.pick(expressions)() });
      return [...begin, stage("$project", fields)];
    }
    const least = Doc.of({ $min: "$_id" });
    if (roll < 0.7) {
      const group = Doc.of({
        _id: random.pick(["$a", "$b"]),
        first: Doc.of({ $first: "$_id" }),
        count: Doc.of({ $sum: 1 }),
        least,
        max: Doc.of({ $max: "$b" }),
        min: Doc.of({ $min: "$a" }),
      });
      return [...begin, stage("$group", group), stage("$sort", Doc.of({ least: 1, first: 1 }))];
    }
    const rank = Doc.of({
      sortBy: Doc.of({ b: 1 }),
      output: Doc.of({ r: Doc.of({ $rank: Doc.empty }) }),
    });
    return [stage("$setWindowFields", rank), stage("$sort", Doc.of({ _id: 1 }))];
  };

  return {
    document: (id) => Doc.of({ _id: id, a: value(), ...(random.chance(0.9) && { b: text() }) }),
    collationCase() {
      const base = { family: "collation", isOrdered: true } as const;
      const collation = spec();
      if (random.chance(0.5))
        return { ...base, call: { verb: "aggregate", pipeline: pipeline(), collation } };
      return { ...base, call: { verb: "find", filter: filter(), sort: sort(), collation } };
    },
  };
}
