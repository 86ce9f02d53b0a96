/** Projections and sorts of `find`. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, type Value } from "../../../src/bson/value.ts";
import type { Case } from "../case.ts";
import type { Coverage } from "../coverage.ts";
import type { Random } from "../random.ts";
import { createExpressions, type Expressions } from "./expression.ts";
import { createFilters } from "./filter.ts";
import { anyDocument, anyPath, anyValue } from "./value.ts";

export interface Projections {
  projection(): Doc;
  sortSpec(): Doc;
  projectionCase(): Case;
  sortCase(documentCount: number): Case;
}

const shown: readonly Value[] = [1, true, 1n, new Double(1), 5];
const hidden: readonly Value[] = [0, false, 0n, new Double(0)];

export function createProjections(
  random: Random,
  coverage: Coverage,
  expressions: Expressions = createExpressions(random, coverage),
): Projections {
  const filters = createFilters(random, coverage, expressions);
  const small = (): Value => random.pick<Value>([0, 1, 2, -1, -2, 5, 1n, new Double(1)]);

  const operators: ReadonlyMap<string, () => Value> = new Map<string, () => Value>([
    ["$slice", () => (random.chance(0.5) ? small() : [small(), small()])],
    ["$elemMatch", () => (random.chance(0.5) ? filters.filter(1) : filters.predicate(1))],
    ["$meta", () => random.pick(["textScore", "searchScore", "nope"])],
    ["$literal", () => anyValue(random, 1)],
  ]);
  const names = [...operators.keys()];

  function fieldOf(isInclusion: boolean): Value {
    const roll = random.next();
    const plain = random.pick(isInclusion ? shown : hidden);
    if (roll < 0.5) return plain;
    if (roll < 0.58) return random.pick(isInclusion ? hidden : shown);
    if (roll < 0.75) {
      const name = coverage.choose(random, names.slice(0, random.chance(0.9) ? 2 : names.length));
      return Doc.of({ [name]: (operators.get(name) as () => Value)() });
    }
    if (roll < 0.83) return Doc.of({ [random.pick(["a", "b", "0"])]: plain });
    if (roll < 0.85) return anyDocument(random, 1);
    return isInclusion ? expressions.of("v", 2) : plain;
  }

  function projection(): Doc {
    const isInclusion = random.chance(0.65);
    const fields = random.many(random.chance(0.03) ? 0 : 1, 3, () => {
      const path = random.chance(0.04)
        ? random.pick(["", "a.", "$a", "a.$", "l.$", "a..b", "a.$.b"])
        : anyPath(random);
      return [path, fieldOf(isInclusion)] as const;
    });
    if (random.chance(0.25)) fields.push(["_id", random.pick([...hidden, ...shown])]);
    return Doc.fromEntries(new Map(fields));
  }

  function positional(): Case {
    const path = random.pick(["l", "a", "o.a"]);
    const predicate = filters.predicate(0);
    const filter = Doc.of({
      [path]: random.chance(0.5) ? predicate : Doc.of({ $elemMatch: predicate }),
    });
    return {
      family: "projection",
      isOrdered: false,
      call: {
        verb: "find",
        filter,
        projection: Doc.of({ [`${path}.$`]: 1, ...(random.chance(0.3) && { n: 1 }) }),
      },
    };
  }

  function projectionCase(): Case {
    if (random.chance(0.12)) return positional();
    const filter = random.chance(0.5) ? someOf() : Doc.empty;
    return {
      family: "projection",
      isOrdered: false,
      call: { verb: "find", filter, projection: projection() },
    };
  }

  /** One or a few documents, so that a failure on one does not hide all the others. */
  function someOf(): Doc {
    return Doc.of({
      _id: random.chance(0.5) ? random.below(20) : Doc.of({ $lt: random.below(6) }),
    });
  }

  function sortSpec(): Doc {
    const fields = random.many(1, 3, () => {
      const direction = random.chance(0.97)
        ? random.pick<Value>([1, -1, 1n, new Double(-1)])
        : random.pick<Value>([0, 2, "x", null, true, Doc.of({ $meta: "textScore" })]);
      const path = random.chance(0.98) ? anyPath(random) : random.pick(["", "$a", "a.", "a..b"]);
      return [path, direction] as const;
    });
    return Doc.fromEntries(new Map(fields));
  }

  function sortCase(documentCount: number): Case {
    // `_id` makes the order one order.
    const given = sortSpec();
    const total = given.get("_id") === undefined ? given.with("_id", random.pick([1, -1])) : given;
    const skip = random.chance(0.3) ? random.below(documentCount) : undefined;
    const limit = random.chance(0.5) ? 1 + random.below(documentCount) : undefined;
    return {
      family: "sort",
      isOrdered: true,
      call: {
        verb: "find",
        filter: random.chance(0.7) ? Doc.empty : filters.filter(1),
        sort: total,
        ...(skip !== undefined && { skip }),
        ...(limit !== undefined && { limit }),
      },
    };
  }

  return { projection, sortSpec, projectionCase, sortCase };
}
