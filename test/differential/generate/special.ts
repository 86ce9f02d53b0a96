/** Operators whose operand is a document of named arguments, or brings variables. To add one: a line in `specials`. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, type Value } from "../../../src/bson/value.ts";
import { dateSpecials } from "./date.ts";
import { named, type MakeSpecial, type Special } from "./named.ts";
import type { Kind } from "./signature.ts";
import { anyKey, anyValue, regexes } from "./value.ts";

const key: MakeSpecial = ({ random }) => (random.chance(0.9) ? anyKey(random) : "$a");
const options: MakeSpecial = ({ random }) => random.pick(["", "i", "m", "s", "x", "is", "q"]);
const pattern: MakeSpecial = ({ random, of }, depth) => {
  if (random.chance(0.15)) return of("s", depth);
  return random.chance(0.5)
    ? random.pick(regexes)
    : random.pick(["a", "(a)(b)?", "[a-c]+", ".", "", "(x)|b", "^", "b$"]);
};
const chars: MakeSpecial = ({ random, of }, depth) =>
  random.chance(0.8) ? random.pick([" ", "a", "ab", "é", ""]) : of("s", depth);
const count: MakeSpecial = ({ random, of }, depth) =>
  random.chance(0.85) ? random.pick<Value>([1, 2, 3n, new Double(2)]) : of("i", depth);

/** An expression in which the variable of an array's element is known. */
function element(kind: Kind, names: readonly string[] = ["this"]): MakeSpecial {
  return ({ of, within }, depth) => within(names, () => of(kind, depth));
}

const sortBy: MakeSpecial = ({ random }) =>
  random.chance(0.4)
    ? random.pick<Value>([1, -1, 1n, new Double(-1), 2])
    : Doc.fromEntries(
        new Map(
          random.many(1, 2, () => [random.pick(["a", "b", "a.b"]), random.pick([1, -1])] as const),
        ),
      );

const pairs: MakeSpecial = ({ random, of, literal }, depth) => {
  const isPairs = random.chance(0.5);
  const items = random.many(0, 3, (): Value => {
    const name = random.chance(0.9) ? literal("s") : of("s", depth);
    const value = of("v", depth - 1);
    return isPairs ? [name, value] : Doc.of({ k: name, v: value });
  });
  return [items];
};

const branch: MakeSpecial = ({ of }, depth) =>
  Doc.fromEntries([
    ["case", of("b", depth)],
    ["then", of("v", depth)],
  ]);

const bindings: MakeSpecial = ({ random, of, within }, depth) => {
  const names = random.chance(0.97) ? ["y", "z"] : ["Y"];
  const vars = Doc.fromEntries(names.map((name) => [name, of("v", depth)] as const));
  return Doc.of({ vars, in: within(names, () => of("v", depth)) });
};

const typesTo: readonly Value[] = [
  "int",
  "long",
  "double",
  "decimal",
  "string",
  "bool",
  "date",
  "objectId",
  1,
  2,
  16,
  18,
  "array",
  "nope",
  null,
  new Double(1.5),
];

export const specials: ReadonlyMap<string, Special> = new Map<string, Special>([
  ["$arrayToObject", { gives: "o", make: pairs }],
  [
    "$cond",
    {
      gives: "v",
      make: (maker, depth) => {
        const { random, of } = maker;
        if (random.chance(0.5)) return [of("b", depth), of("v", depth), of("v", depth)];
        return Doc.fromEntries([
          ["if", of("b", depth)],
          ["then", of("v", depth)],
          ["else", of("v", depth)],
        ]);
      },
    },
  ],
  [
    "$convert",
    {
      gives: "v",
      make: named(
        { input: "v", to: ({ random }) => random.pick(typesTo) },
        { onError: "v", onNull: "v" },
      ),
    },
  ],
  [
    "$filter",
    {
      gives: "l",
      make: (maker, depth) => {
        const name = maker.random.chance(0.5) ? "this" : "y";
        return named(
          { input: "l", ...(name === "y" && { as: () => "y" }), cond: element("b", [name]) },
          { limit: count },
        )(maker, depth);
      },
    },
  ],
  ["$firstN", { gives: "l", make: named({ n: count, input: "l" }) }],
  ["$lastN", { gives: "l", make: named({ n: count, input: "l" }) }],
  ["$maxN", { gives: "l", make: named({ n: count, input: "l" }) }],
  ["$minN", { gives: "l", make: named({ n: count, input: "l" }) }],
  [
    "$getField",
    {
      gives: "v",
      make: (maker, depth) =>
        maker.random.chance(0.4)
          ? key(maker, depth)
          : named({ field: key, input: "o" })(maker, depth),
    },
  ],
  ["$setField", { gives: "o", make: named({ field: key, input: "o", value: "v" }) }],
  ["$unsetField", { gives: "o", make: named({ field: key, input: "o" }) }],
  ["$let", { gives: "v", make: bindings }],
  ["$literal", { gives: "v", make: ({ random }) => anyValue(random, 2) }],
  [
    "$map",
    {
      gives: "l",
      make: (maker, depth) => {
        const name = maker.random.chance(0.5) ? "this" : "z";
        return named({
          input: "l",
          ...(name === "z" && { as: () => "z" }),
          in: element("v", [name]),
        })(maker, depth);
      },
    },
  ],
  ["$ltrim", { gives: "s", make: named({ input: "s" }, { chars }) }],
  ["$rtrim", { gives: "s", make: named({ input: "s" }, { chars }) }],
  ["$trim", { gives: "s", make: named({ input: "s" }, { chars }) }],
  ["$rand", { gives: "b", make: () => Doc.empty }],
  [
    "$reduce",
    {
      gives: "v",
      make: named({ input: "l", initialValue: "v", in: element("v", ["this", "value"]) }),
    },
  ],
  ["$regexFind", { gives: "o", make: named({ input: "s", regex: pattern }, { options }) }],
  ["$regexFindAll", { gives: "l", make: named({ input: "s", regex: pattern }, { options }) }],
  ["$regexMatch", { gives: "b", make: named({ input: "s", regex: pattern }, { options }) }],
  ["$replaceAll", { gives: "s", make: named({ input: "s", find: "s", replacement: "s" }) }],
  ["$replaceOne", { gives: "s", make: named({ input: "s", find: "s", replacement: "s" }) }],
  ["$sortArray", { gives: "l", make: named({ input: "l", sortBy }) }],
  [
    "$switch",
    {
      gives: "v",
      make: named(
        { branches: (maker, depth) => maker.random.many(1, 2, () => branch(maker, depth)) },
        { default: "v" },
      ),
    },
  ],
  [
    "$zip",
    {
      gives: "l",
      make: named(
        { inputs: ({ random, of }, depth) => random.many(1, 3, () => of("l", depth)) },
        {
          useLongestLength: ({ random }) => random.chance(0.7),
          defaults: ({ random, of }, depth) => random.many(1, 3, () => of("v", depth)),
        },
      ),
    },
  ],
  ...dateSpecials,
]);
