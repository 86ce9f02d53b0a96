/** Documents with texts, an index over them, and searches for words, phrases and what is not wanted. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, type Value } from "../../../src/bson/value.ts";
import type { Case } from "../case.ts";
import type { Random } from "../random.ts";
import { stage } from "./stage-maker.ts";

export interface Texts {
  /** Of the batch: `name`, `keys` and `options`. */
  readonly index: Doc;
  document(id: number): Doc;
  textCase(): Case;
}

/** Words that share stems, differ in case and accents, stop, and are torn apart by punctuation. */
const words: readonly string[] =
  "fox foxes Fox the coffee Coffee-shop café Cafe naïve don't fox's running runs ran a_b x.y İstanbul straße кофе élan d'accès 日本語 foo,bar 1,000 e-mail O'Neil shop shops leche ships “quoted” ﬁne Σίσυφος".split(
    " ",
  );
const languages = ["english", "none", "fr", "german", "spanish", "turkish", "ru", "hu"];

type Plain = Readonly<Record<string, Value>>;

const layouts: readonly (readonly [keys: Plain, options: Plain])[] = [
  [{ a: "text" }, {}],
  [{ a: "text", b: "text" }, { weights: Doc.of({ b: 3 }) }],
  [{ "$**": "text" }, {}],
  [{ "a.t": "text", b: "text" }, { default_language: "french" }],
  [{ p: 1, a: "text", q: 1 }, {}],
  [
    { a: "text", "b.t": "text" },
    { default_language: "none", weights: Doc.of({ a: 7 }) },
  ],
  [{ "$**": "text" }, { weights: Doc.of({ a: 4, "b.t": 2 }), default_language: "turkish" }],
  [{ a: "text", b: "text", "a.t": "text" }, { language_override: "lang" }],
];

/** Names of the collections that the layouts' indexes are on. */
export const textCollections: readonly string[] = layouts.map((_, index) => `texts${index}`);

export function createTexts(random: Random): Texts {
  const layout = random.below(layouts.length);
  const [keys, options] = layouts[layout] as (typeof layouts)[number];
  const hasPrefix = "p" in keys;

  const text = (): string =>
    random
      .many(random.chance(0.2) ? 0 : 1, 4, () => random.pick(words))
      .join(random.pick([" ", " ", "  ", "-", ", ", "\n"]));

  const value = (depth: number): Value => {
    const roll = random.next();
    if (roll < 0.55 || depth === 0) return text();
    if (roll < 0.7) return random.many(1, 3, () => value(depth - 1));
    if (roll < 0.9)
      return Doc.of({
        t: value(depth - 1),
        ...(random.chance(0.3) && { u: text() }),
        ...(random.chance(0.2) && { language: random.pick(languages) }),
      });
    return random.pick<Value>([5, null, true]);
  };

  const search = (): string =>
    random
      .many(1, 4, () => {
        const sign = random.chance(0.2) ? "-" : "";
        if (random.chance(0.8)) return sign + random.pick(words);
        return `${sign}"${text()}${random.chance(0.9) ? '"' : ""}`;
      })
      .join(random.pick([" ", " ", "  ", "-"]));

  const operand = (): Doc =>
    Doc.of({
      $search: random.chance(0.97) ? search() : random.pick<Value>([5, null, ["fox"]]),
      ...(random.chance(0.3) && {
        $language: random.pick([...languages, ...languages, "klingon"]),
      }),
      ...(random.chance(0.3) && { $caseSensitive: random.chance(0.8) }),
      ...(random.chance(0.3) && { $diacriticSensitive: random.chance(0.8) }),
    });

  const filter = (): Doc => {
    const base = Doc.of({
      $text: operand(),
      ...(hasPrefix && random.chance(0.9) && { p: random.pick<Value>([1, 2, null]) }),
    });
    const roll = random.next();
    if (roll < 0.15) return Doc.of({ $or: [base, Doc.of({ _id: random.below(5) })] });
    if (roll < 0.3) return Doc.of({ $and: [base, Doc.of({ _id: Doc.of({ $lt: 8 }) })] });
    return roll < 0.33 ? Doc.of({ $nor: [base] }) : base;
  };

  const score = Doc.of({ s: Doc.of({ $meta: "textScore" }) });
  const whole = { family: "text", isOrdered: true } as const;

  return {
    index: Doc.of({
      name: textCollections[layout] as string,
      keys: Doc.of(keys),
      options: Doc.of(options),
    }),
    document: (id) =>
      Doc.of({
        _id: id,
        ...(random.chance(0.9) && { a: value(2) }),
        ...(random.chance(0.6) && { b: value(2) }),
        ...(random.chance(0.7) && { p: random.pick<Value>([1, 2, null, "x"]) }),
        ...(random.chance(0.15) && { language: random.pick(languages) }),
      }),
    textCase() {
      if (random.chance(0.4))
        return {
          ...whole,
          call: {
            verb: "find",
            filter: filter(),
            projection: score.with("_id", 1),
            sort: random.chance(0.5) ? Doc.of({ ...toFields(score), _id: 1 }) : Doc.of({ _id: 1 }),
            ...(random.chance(0.3) && { limit: 1 + random.below(5) }),
          },
        };
      const pipeline = [stage("$match", filter()), stage("$project", score), stage("$sort", byId)];
      if (random.chance(0.3)) {
        const group = Doc.of({ _id: null, m: Doc.of({ $max: Doc.of({ $meta: "textScore" }) }) });
        pipeline.splice(1, 2, stage("$group", group));
      } else if (random.chance(0.2)) {
        const condition = Doc.of({ $gt: new Double(random.next() * 2) });
        pipeline.push(stage("$match", Doc.of({ s: condition })));
      }
      return { ...whole, call: { verb: "aggregate", pipeline } };
    },
  };
}

const byId = Doc.of({ _id: 1 });

function toFields(doc: Doc): Plain {
  return Object.fromEntries(doc.entries());
}
