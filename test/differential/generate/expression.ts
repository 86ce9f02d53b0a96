/** Aggregation expressions: every operator, mostly with arguments of the types that it takes. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, Timestamp, Undefined, type Value } from "../../../src/bson/value.ts";
import type { Coverage } from "../coverage.ts";
import type { Random } from "../random.ts";
import { signatures, type Kind, type Signature } from "./signature.ts";
import type { MakeSpecial } from "./named.ts";
import { specials } from "./special.ts";
import {
  allNumbers,
  anyArray,
  anyDocument,
  anyPath,
  anyValue,
  binaries,
  dates,
  regexes,
  scalar,
  smallNumbers,
  strings,
} from "./value.ts";

export interface Expressions {
  /** An expression of any type; mostly an operator while `depth` is above 0. */
  any(depth: number): Value;
  /** An expression that mostly gives that type. */
  of(kind: Kind, depth: number): Value;
  /** A constant of that type, wrapped where it would be read as something else. */
  literal(kind: Kind): Value;
  /** Makes something within which variables are known. */
  within<T>(names: readonly string[], make: () => T): T;
  readonly random: Random;
}

const tameFields: Readonly<Record<Kind, readonly string[]>> = {
  n: ["$n"],
  i: ["$_id"],
  s: ["$s"],
  t: ["$t"],
  l: ["$l"],
  o: ["$o", "$$ROOT"],
  b: ["$f", "$a"],
  v: ["$a", "$b", "$c.a", "$$ROOT", "$$REMOVE", "$n", "$s", "$l"],
  x: ["$s"],
  r: ["$nothing"],
  ts: ["$nothing"],
};

const wildFields: Readonly<Record<Kind, readonly string[]>> = {
  n: ["$n", "$a", "$o.a", "$n"],
  i: ["$n", "$_id"],
  s: ["$s", "$s", "$b"],
  t: ["$t", "$t", "$c"],
  l: ["$l", "$l", "$a"],
  o: ["$o", "$o", "$$ROOT", "$b"],
  b: ["$f", "$a"],
  v: ["$a", "$b", "$c.a", "$$ROOT", "$$CURRENT.a", "$$REMOVE"],
  x: ["$x", "$s"],
  r: ["$x"],
  ts: ["$x"],
};

/** Names that an operator can be found by, for each type that it gives. */
const namesByKind = ((): ReadonlyMap<Kind, readonly string[]> => {
  const found = new Map<Kind, string[]>();
  for (const [name, { gives }] of [...signatures, ...specials]) {
    for (const kind of gives === "v" ? (["v"] as const) : ([gives, "v"] as const))
      found.set(kind, [...(found.get(kind) ?? []), name]);
  }
  return found;
})();

/** @param style tame: operators get nothing but what they take, so that few of them fail */
export function createExpressions(
  random: Random,
  coverage: Coverage,
  style: "tame" | "wild" = "wild",
): Expressions {
  const variables: string[] = [];
  const isWild = style === "wild";
  const fields = isWild ? wildFields : tameFields;
  const odd = (probability: number): boolean =>
    random.chance(isWild ? probability : probability / 20);

  function literal(kind: Kind): Value {
    switch (kind) {
      case "n":
        return random.pick(random.chance(0.6) ? smallNumbers : allNumbers);
      case "i":
        return random.pick<Value>([0, 1, 2, 3, -1, -2, 5, 1n, new Double(2)]);
      case "s":
        return quoted(random.pick(strings));
      case "t":
        return random.pick(dates);
      case "l":
        return Doc.of({ $literal: anyArray(random, 1) });
      case "o":
        return Doc.of({ $literal: anyDocument(random, 1) });
      case "b":
        return random.chance(0.5);
      case "x":
        return random.pick(binaries);
      case "r":
        return random.pick(regexes);
      case "ts":
        return random.pick([new Timestamp(1, 2), new Timestamp(0xffff_ffff, 7)]);
      case "v":
        return wrapped(random.chance(0.7) ? scalar(random) : anyValue(random, 2));
    }
  }

  function reference(kind: Kind): Value {
    const isVariable = (isWild || kind === "v") && variables.length > 0 && random.chance(0.5);
    if (isVariable) return `$$${random.pick(variables)}${random.chance(0.2) ? ".a" : ""}`;
    if (kind === "v" && random.chance(0.5)) return `$${anyPath(random)}`;
    return random.pick(fields[kind]);
  }

  function leaf(kind: Kind): Value {
    if (odd(0.01)) return random.pick(["$$NOPE", "$", "$a.", "$$ROOT.", "$$NOW.x"]);
    return random.chance(0.6) ? reference(kind) : literal(kind);
  }

  function of(wanted: Kind, depth: number): Value {
    const kind = odd(0.04) ? "v" : wanted;
    if (random.chance(0.03)) return null;
    if (depth <= 0 || random.chance(0.25)) return leaf(kind);
    const names = namesByKind.get(kind);
    if (names === undefined) return leaf(kind);
    if (kind === "v" && random.chance(0.08)) return composed(depth);
    return operation(coverage.choose(random, names), depth);
  }

  /** A document or array of expressions. */
  function composed(depth: number): Value {
    if (random.chance(0.5)) return random.many(0, 3, () => of("v", depth - 1));
    return Doc.fromEntries(
      new Map(random.many(1, 2, () => [random.pick(["a", "b", "x"]), of("v", depth - 1)] as const)),
    );
  }

  function operation(name: string, depth: number): Value {
    const signature = signatures.get(name);
    const operand =
      signature === undefined
        ? (specials.get(name) as { readonly make: MakeSpecial }).make(self, depth - 1)
        : operandOf(signature, depth - 1);
    const call = Doc.of({ [name]: odd(0.015) ? wrapped(anyValue(random, 1)) : operand });
    // Sets have no order; neither has what `$rand` gives.
    if (name === "$setUnion" || name === "$setIntersection")
      return Doc.of({ $sortArray: Doc.of({ input: call, sortBy: 1 }) });
    return name === "$rand" ? Doc.of({ $lt: [call, 1] }) : call;
  }

  function operandOf({ takes, rest, optional }: Signature, depth: number): Value {
    const args = takes.map((kind) => of(kind, depth));
    for (const kind of optional) {
      if (random.chance(0.5)) break;
      args.push(of(kind, depth));
    }
    if (rest !== undefined) args.push(...random.many(0, 3, () => of(rest, depth)));
    if (odd(0.01)) args.pop();
    const [only] = args;
    const isBare = args.length === 1 && only !== undefined && !Array.isArray(only);
    return isBare && random.chance(0.7) ? only : args;
  }

  function within<T>(names: readonly string[], make: () => T): T {
    variables.push(...names);
    try {
      return make();
    } finally {
      variables.length -= names.length;
    }
  }

  const self: Expressions = {
    random,
    of,
    literal,
    within,
    any: (depth) =>
      depth > 0 ? operation(coverage.choose(random, namesByKind.get("v") ?? []), depth) : leaf("v"),
  };
  return self;
}

/** A constant that is no expression. An undefined stands for null here: it arrives as that (see `expression.ts`). */
export function wrapped(value: Value): Value {
  if (value === Undefined) return null;
  return value instanceof Doc || Array.isArray(value) || typeof value === "string"
    ? Doc.of({ $literal: value })
    : value;
}

function quoted(text: string): Value {
  return text.startsWith("$") ? Doc.of({ $literal: text }) : text;
}
