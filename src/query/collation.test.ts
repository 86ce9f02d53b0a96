import { describe, expect, test } from "vitest";
import { compare, identityBy } from "../bson/compare.ts";
import type { Doc } from "../bson/doc.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { type Collation, holdsText, readCollation } from "./collation.ts";

const valueOf = (json: string): Value =>
  parseEjson(Buffer.from(`{"value":${json}}`)).get("value") as Value;

function collationOf(json: string, field?: string): Collation | undefined {
  return readCollation(valueOf(json) as Doc, field);
}

/** What was asked of a mongod 6.0.5. */
describe("readCollation", () => {
  test.for([
    [
      `{"locale":1}`,
      "14 BSON field 'collation.locale' is the wrong type 'int', expected type 'string'",
    ],
    [`{"strength":1}`, "40414 BSON field 'collation.locale' is missing but a required field"],
    [`{"locale":"xx"}`, `2 Field 'locale' is invalid in: { locale: "xx" }`],
    [`{"locale":"EN"}`, `2 Field 'locale' is invalid in: { locale: "EN" }. Did you mean 'en'?`],
    [
      `{"locale":"en-US"}`,
      `2 Field 'locale' is invalid in: { locale: "en-US" }. Did you mean 'en_US'?`,
    ],
    [`{"locale":""}`, `2 Field 'locale' cannot be the empty string in: { locale: "" }`],
    [`{"locale":"en","foo":1}`, "40415 BSON field 'collation.foo' is an unknown field."],
    [
      `{"locale":"en","strength":0}`,
      "2 Enumeration value '0' for field 'collation.strength' is not a valid value.",
    ],
    [
      `{"locale":"en","strength":6}`,
      "51024 BSON field 'strength' value must be <= 5, actual value '6'",
    ],
    [
      `{"locale":"en","strength":"a"}`,
      "14 BSON field 'collation.strength' is the wrong type 'string', expected types '[long, int, decimal, double']",
    ],
    [
      `{"locale":"en","caseFirst":"x"}`,
      "2 Enumeration value 'x' for field 'collation.caseFirst' is not a valid value.",
    ],
    [
      `{"locale":"en","backwards":1}`,
      "14 Field 'backwards' should be a boolean value, but found: int",
    ],
    [
      `{"locale":"fr","backwards":true,"strength":1}`,
      `2 'backwards' is invalid with 'strength' of 1 in: { locale: "fr", backwards: true, strength: 1 }`,
    ],
    [
      `{"locale":"da","strength":1}`,
      `2 'caseFirst' is invalid unless 'caseLevel' is on or 'strength' is greater than 2 in: { locale: "da", strength: 1 }`,
    ],
    [
      `{"locale":"en","version":"x"}`,
      `161 Requested collation version x but the only available collator version was 57.1. Requested collation spec: { locale: "en", version: "x" }`,
    ],
  ] as const)("%s is refused: %s", ([spec, outcome]) => {
    expect(refusalOf(() => collationOf(spec))).toBe(outcome);
  });

  test("a collection's is shown with all options when it is refused", () => {
    expect(refusalOf(() => collationOf(`{"locale":"xx"}`, "create.collation"))).toBe(
      `2 Field 'locale' is invalid in: { locale: "xx", caseLevel: false, caseFirst: "off", strength: 3, numericOrdering: false, alternate: "non-ignorable", maxVariable: "punct", normalization: false }`,
    );
  });

  test.for([`{}`, `{"locale":"simple"}`, `{"locale":"simple","strength":1}`])(
    "%s is none",
    (spec) => {
      expect(collationOf(spec)).toBeUndefined();
    },
  );

  test("is the same for the same options, however they are written", () => {
    expect(collationOf(`{"locale":"en","strength":2}`)).toBe(
      collationOf(`{"strength":{"$numberDouble":"2.5"},"locale":"en","caseLevel":false}`),
    );
  });
});

function refusalOf(run: () => unknown): string {
  try {
    run();
    return "nothing";
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    return `${error.code} ${error.message}`;
  }
}

/** In the order of a mongod 6.0.5; `=` stands between equals. */
describe("the order of", () => {
  test.for([
    [`{"locale":"en","strength":1}`, "a=A=á < b"],
    [`{"locale":"en","strength":2}`, "a=A < á < b"],
    [`{"locale":"en"}`, "a < A < á < b"],
    [`{"locale":"en","caseFirst":"upper"}`, "A < a < á"],
    [`{"locale":"en","strength":1,"caseLevel":true}`, "a=á < A=Á < b"],
    [`{"locale":"en","strength":2,"caseLevel":true}`, "a < A < á < Á"],
    [`{"locale":"en","numericOrdering":true}`, "1=01 < 2 < 10"],
    [`{"locale":"en"}`, "1 < 10 < 2"],
    [`{"locale":"en","alternate":"shifted"}`, "ab=a-b=a b < ac"],
    [`{"locale":"en","alternate":"shifted","maxVariable":"space"}`, "a-b < ab=a b"],
    [`{"locale":"en","alternate":"shifted","strength":4}`, "a b < a-b < ab < ac"],
    [`{"locale":"fr","backwards":true}`, "cote < côte < coté < côté"],
    [`{"locale":"fr_CA"}`, "cote < côte < coté < côté"],
    [`{"locale":"fr_CA"}`, "ae < æ < áe < aé < b"],
    [`{"locale":"fr_CA","numericOrdering":true}`, "2=02 < 10"],
    [`{"locale":"fr_CA","strength":2}`, "fi=ﬁ < fj"],
    [`{"locale":"fr"}`, "cote < coté < côte < côté"],
    [`{"locale":"sv"}`, "a < z < å < ä < ö"],
    [`{"locale":"de"}`, "a < ä < ö < z"],
    [`{"locale":"de@collation=phonebook","strength":1}`, "ad < ae=ä < af"],
    [`{"locale":"es@collation=traditional"}`, "cz < ch < d"],
    [`{"locale":"da"}`, "A < a < Z < z"],
    [`{"locale":"en","strength":5}`, "a < A"],
  ] as const)("%s is %s", ([spec, expected]) => {
    const collation = collationOf(spec) as Collation;
    const places = expected.split(" < ").map((each) => each.split("="));
    for (const [at, texts] of places.entries())
      for (const text of texts) {
        for (const same of texts) {
          expect(collation.compare(text, same)).toBe(0);
          expect(collation.foldOf(text)).toBe(collation.foldOf(same));
        }
        for (const next of places[at + 1] ?? []) {
          expect(collation.compare(text, next)).toBeLessThan(0);
          expect(collation.compare(next, text)).toBeGreaterThan(0);
        }
      }
  });
});

const english = collationOf(`{"locale":"en","strength":2}`) as Collation;

test.for([
  [`"a"`, `"A"`, 0],
  [`["a",{"b":"C"}]`, `["A",{"b":"c"}]`, 0],
  [`{"a":"x"}`, `{"A":"x"}`, 1],
  [`"b"`, `"A"`, 1],
  [`1`, `"A"`, -1],
] as const)("compare: %s and %s give %i under a collation", ([left, right, expected]) => {
  const [a, b] = [valueOf(left), valueOf(right)];
  expect(Math.sign(compare(a, b, english))).toBe(expected);
  const identityOf = identityBy(english);
  expect(identityOf(a) === identityOf(b)).toBe(expected === 0);
});

test("identityBy: a thousand texts have as many keys as the collation sees", () => {
  const identityOf = identityBy(english);
  const keys = Array.from({ length: 2000 }, (_, number) => {
    const word = `Word ${(number * 7919) % 1000}`;
    return identityOf(number % 2 === 0 ? word : word.toUpperCase());
  });
  expect(new Set(keys).size).toBe(1000);
});

test.for([
  [`"a"`, true],
  [`{"a":[1,{"b":"x"}]}`, true],
  [`{"a":[1,null]}`, false],
  [`3`, false],
] as const)("holdsText: %s is %s", ([json, expected]) => {
  expect(holdsText(valueOf(json))).toBe(expected);
});

/** Whatever a collation calls equal has the same fold: an index finds it. */
test.for([
  "en",
  "sv",
  "de@collation=phonebook",
  "hu",
  "lt",
  "tr",
  "da",
  "ar",
  "he",
  "ru",
  "el",
  "ko",
])("foldOf: in %s, letters that are equal have one fold", (locale) => {
  const collation = collationOf(
    `{"locale":"${locale}","strength":2}`.replace(`"da","strength":2`, `"da"`),
  ) as Collation;
  const characters: string[] = [];
  for (let code = 0x20; code < 0x2000; code += 1) {
    const character = String.fromCodePoint(code);
    if (/[\p{L}\p{N}]/u.test(character)) characters.push(character);
  }
  for (const first of "aeiosxyz") for (const second of "aeszhy") characters.push(first + second);
  const sorted = characters.toSorted((left, right) => collation.compare(left, right));
  const lost = sorted.filter((each, at) => {
    const before = sorted[at - 1] ?? "";
    return (
      collation.compare(before, each) === 0 && collation.foldOf(before) !== collation.foldOf(each)
    );
  });
  expect(lost).toEqual([]);
});

test.for([
  ["ja", "カー", "カア"],
  ["ja", "カカ", "かゝ"],
  ["en", "ﬁ", "FI"],
  ["en", "a b", "A b"],
  ["de", "Straße", "strasse"],
  ["ru", "Ёж", "еж"],
] as const)("foldOf: in %s, %s has the fold of %s", ([locale, left, right]) => {
  const collation = collationOf(`{"locale":"${locale}","strength":1}`) as Collation;
  expect(collation.compare(left, right)).toBe(0);
  expect(collation.foldOf(left)).toBe(collation.foldOf(right));
});

test.for([
  ["ada", "bob"],
  ["a.b", "ab"],
  ["user1", "user2"],
  ["猫", "犬"],
] as const)("foldOf: %s and %s are told apart", ([left, right]) => {
  expect(english.foldOf(left)).not.toBe(english.foldOf(right));
});
