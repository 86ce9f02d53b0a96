/** Updates, replacements and upserts: every update operator and modifier. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, isArray, type Value } from "../../../src/bson/value.ts";
import type { Case } from "../case.ts";
import type { Coverage } from "../coverage.ts";
import type { Random } from "../random.ts";
import { createExpressions } from "./expression.ts";
import { createFilters } from "./filter.ts";
import {
  allNumbers,
  anyDocument,
  anyKey,
  anyPath,
  anyValue,
  scalar,
  smallNumbers,
} from "./value.ts";

export interface Updates {
  /** @param document the case's own, if it is there before the call */
  call(id: Value, document: Doc | undefined): Case;
}

export function createUpdates(random: Random, coverage: Coverage): Updates {
  const expressions = createExpressions(random, coverage);
  const filters = createFilters(random, coverage, expressions);
  const number = (): Value => random.pick(random.chance(0.5) ? smallNumbers : allNumbers);
  const each = (): Value => random.many(0, 3, () => anyValue(random, 1));

  const sortOf = (): Value =>
    random.chance(0.5)
      ? random.pick<Value>([1, -1, 1n, new Double(-1)])
      : Doc.fromEntries(
          new Map(
            random.many(
              1,
              2,
              () => [random.pick(["a", "b", "a.b"]), random.pick([1, -1])] as const,
            ),
          ),
        );

  const push = (): Value => {
    if (random.chance(0.35)) return anyValue(random, 1);
    const fields: [string, Value][] = [["$each", each()]];
    const position = (): Value => random.pick<Value>([0, 1, 2, -1, -2, 10, 1n, new Double(1)]);
    if (random.chance(0.4)) fields.push(["$position", position()]);
    if (random.chance(0.4)) fields.push(["$slice", position()]);
    if (random.chance(0.4)) fields.push(["$sort", sortOf()]);
    return Doc.fromEntries(fields);
  };

  const pull = (): Value => {
    const roll = random.next();
    if (roll < 0.35) return scalar(random);
    return roll < 0.75 ? filters.predicate(1) : filters.filter(1);
  };

  const operands: ReadonlyMap<string, () => Value> = new Map<string, () => Value>([
    ["$set", () => anyValue(random, 2)],
    ["$unset", () => random.pick<Value>(["", 1, null])],
    ["$setOnInsert", () => anyValue(random, 2)],
    ["$inc", number],
    ["$mul", number],
    ["$min", () => anyValue(random, 1)],
    ["$max", () => anyValue(random, 1)],
    ["$rename", () => (random.chance(0.7) ? anyPath(random) : anyKey(random))],
    [
      "$currentDate",
      () =>
        random.pick<Value>([
          true,
          false,
          Doc.of({ $type: "date" }),
          Doc.of({ $type: "timestamp" }),
          Doc.of({ $type: "x" }),
          1,
        ]),
    ],
    ["$push", push],
    ["$addToSet", () => (random.chance(0.5) ? anyValue(random, 1) : Doc.of({ $each: each() }))],
    ["$pop", () => random.pick<Value>([1, -1, 1n, new Double(-1), 0, 2])],
    ["$pull", pull],
    ["$pullAll", each],
    [
      "$bit",
      () =>
        Doc.of({
          [random.pick(["and", "or", "xor", "nor"])]: random.pick<Value>([
            1,
            5,
            7n,
            -1,
            new Double(1),
          ]),
        }),
    ],
  ]);
  const names = [...operands.keys()];
  const arrayVerbs = new Set(["$push", "$addToSet", "$pop", "$pull", "$pullAll"]);
  const numberVerbs = new Set(["$inc", "$mul", "$bit"]);

  function pathFor(name: string, marker: string | undefined): string {
    if (marker !== undefined) {
      const head = random.pick(["l", "l", "l", "a", "o.a"]);
      return `${head}.${marker}${random.chance(0.4) ? random.pick([".a", ".b", ".0"]) : ""}`;
    }
    if (random.chance(0.02))
      return random.pick(["", "$a", "a.", "a..b", ".a", "_id", "a.$b", "_id.a"]);
    if (random.chance(0.5)) {
      if (arrayVerbs.has(name)) return random.pick(["l", "a", "o.a", "q"]);
      if (numberVerbs.has(name)) return random.pick(["n", "o.n", "l.0", "q"]);
    }
    return random.chance(0.12) ? random.pick(["q", "q.r", "l.1.z", "l.5", "o.z"]) : anyPath(random);
  }

  function modifiers(marker: string | undefined): Doc {
    const update = new Map<string, Value>();
    for (let count = random.chance(0.7) ? 1 : 2; count > 0; count -= 1) {
      const name = random.chance(0.005) ? "$unknown" : coverage.choose(random, names);
      const operand = operands.get(name) ?? (() => 1);
      const fields = random.many(1, random.chance(0.7) ? 1 : 3, () => {
        const isMarked = marker !== undefined && random.chance(0.8);
        const value = random.chance(0.03) ? anyValue(random, 1) : operand();
        return [pathFor(name, isMarked ? marker : undefined), value] as const;
      });
      update.set(
        name,
        random.chance(0.005) ? anyValue(random, 0) : Doc.fromEntries(new Map(fields)),
      );
    }
    return Doc.fromEntries(update);
  }

  function pipeline(): Value[] {
    return random.many(1, 2, (): Value => {
      const name = random.pick([
        "$set",
        "$addFields",
        "$unset",
        "$project",
        "$replaceRoot",
        "$replaceWith",
      ]);
      const computed = (): Doc =>
        Doc.fromEntries(
          new Map(
            random.many(
              1,
              2,
              () => [random.chance(0.5) ? anyPath(random) : "q", expressions.of("v", 2)] as const,
            ),
          ),
        );
      switch (name) {
        case "$unset":
          return Doc.of({ $unset: random.chance(0.5) ? anyPath(random) : [anyPath(random)] });
        case "$project":
          return Doc.of({ $project: Doc.fromEntries([["a", 1], ...computed().entries()]) });
        case "$replaceRoot":
          return Doc.of({ $replaceRoot: Doc.of({ newRoot: root() }) });
        case "$replaceWith":
          return Doc.of({ $replaceWith: root() });
        default:
          return Doc.of({ [random.chance(0.01) ? "$group" : name]: computed() });
      }
    });
  }

  function root(): Value {
    return random.chance(0.5)
      ? Doc.of({ $mergeObjects: ["$$ROOT", expressions.of("o", 1)] })
      : expressions.of("o", 1);
  }

  /** A clause that goes through an array, so that `$` has a place. */
  function arrayClause(document: Doc | undefined): readonly [string, Value] {
    const list = document?.get("l");
    const element =
      isArray(list) && list.length > 0 && random.chance(0.6) ? random.pick(list) : undefined;
    if (element !== undefined && !(element instanceof Doc)) return ["l", Doc.of({ $eq: element })];
    if (random.chance(0.5)) return ["l", Doc.of({ $elemMatch: filters.predicate(1) })];
    return [random.pick(["l", "a", "l.a", "o.a"]), filters.predicate(1)];
  }

  function filterOf(id: Value, clauses: readonly (readonly [string, Value])[]): Doc {
    const roll = random.next();
    const own: readonly [string, Value] =
      roll < 0.85 ? ["_id", id] : ["_id", Doc.of(roll < 0.95 ? { $eq: id } : { $in: [id] })];
    return Doc.fromEntries(new Map([own, ...clauses]));
  }

  function arrayFilter(name: string): Doc {
    const field = random.chance(0.5) ? name : `${name}.${random.pick(["a", "b"])}`;
    return Doc.of({ [field]: random.chance(0.4) ? scalar(random) : filters.predicate(1) });
  }

  function equalities(): (readonly [string, Value])[] {
    return random.many(0, 2, () => {
      const roll = random.next();
      const path = random.pick(["a", "b", "o.a", "o.b", "x.y", "l.0"]);
      if (roll < 0.5) return [path, anyValue(random, 1)] as const;
      if (roll < 0.65) return [path, Doc.of({ $eq: anyValue(random, 1) })] as const;
      if (roll < 0.75) return ["$and", [Doc.of({ [path]: scalar(random) })]] as const;
      if (roll < 0.85) return ["$or", [Doc.of({ [path]: scalar(random) })]] as const;
      return [path, filters.predicate(1)] as const;
    });
  }

  function call(id: Value, document: Doc | undefined): Case {
    const upsert = document === undefined ? random.chance(0.9) : random.chance(0.05);
    const clauses = upsert && document === undefined ? equalities() : [];
    const shared = { verb: "update", own: id, upsert } as const;
    const toCase = (rest: {
      readonly filter: Doc;
      readonly update: Doc | readonly Value[];
      readonly isReplacement?: boolean;
      readonly arrayFilters?: readonly Doc[];
    }): Case => ({
      family: "update",
      isOrdered: true,
      call: { isReplacement: false, ...shared, ...rest },
    });
    const roll = random.next();
    if (roll < 0.1) {
      const fields: [string, Value][] = [...anyDocument(random, 2).entries()];
      if (random.chance(0.2)) fields.unshift(["_id", random.chance(0.8) ? id : "other"]);
      return toCase({
        filter: filterOf(id, clauses),
        update: Doc.fromEntries(fields),
        isReplacement: true,
      });
    }
    if (roll < 0.22) return toCase({ filter: filterOf(id, clauses), update: pipeline() });
    if (roll < 0.37) {
      clauses.push(arrayClause(document));
      return toCase({ filter: filterOf(id, clauses), update: modifiers("$") });
    }
    if (roll < 0.47) return toCase({ filter: filterOf(id, clauses), update: modifiers("$[]") });
    if (roll < 0.6) {
      const arrayFilters = random.many(
        random.chance(0.03) ? 0 : 1,
        random.chance(0.95) ? 1 : 2,
        () => arrayFilter("i"),
      );
      return toCase({ filter: filterOf(id, clauses), update: modifiers("$[i]"), arrayFilters });
    }
    return toCase({ filter: filterOf(id, clauses), update: modifiers(undefined) });
  }

  return { call };
}
