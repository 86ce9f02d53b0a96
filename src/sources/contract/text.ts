import { all, doc, type ContractCase, type Plain } from "./case.ts";

const stories = [
  { _id: 1, a: "red fox jumps", b: "Coffee shop" },
  { _id: 2, a: "the fox's foxes", b: "café" },
  { _id: 3, a: ["one fox", "two-fox Fox"], b: { c: "fox" } },
  { _id: 4, a: "Coffee and cakes", b: "coffee shops Coffee" },
  { _id: 5, a: "Пейте кофе", language: "russian" },
  { _id: 6, a: "jumping foxtrot", b: "naïve Café" },
  { _id: 7, b: "fox" },
];
const inText = doc({ $text: { $search: "x" } });
const weighted = { a: "text", b: "text", $options: { weights: { b: 3 } } };

/** `_id`s and scores, in the order of `_id`. */
function search(
  title: string,
  text: { readonly [key: string]: Plain },
  gives: string,
  index: { readonly [key: string]: Plain } = weighted,
): ContractCase {
  return {
    title: `$text: ${title}`,
    documents: stories,
    indexes: [index],
    run: async (c) =>
      (
        await all(
          c.aggregate([
            doc({ $match: { $text: text } }),
            doc({ $project: { s: { $meta: "textScore" } } }),
            doc({ $sort: { _id: 1 } }),
          ]),
        )
      ).map((each) => [each.get("_id"), each.get("s")]),
    gives,
  };
}

function refusedIndex(
  title: string,
  keys: { readonly [key: string]: Plain },
  options: { readonly [key: string]: Plain },
  message: string,
): ContractCase {
  return {
    title: `a text index: ${title}`,
    run: (c) => c.createIndex(doc(keys), doc(options)),
    fails: [67, message],
  };
}

function shownIndex(
  title: string,
  keys: { readonly [key: string]: Plain },
  options: { readonly [key: string]: Plain },
  gives: string,
): ContractCase {
  return {
    title: `a text index: ${title}`,
    run: async (c) => {
      await c.createIndex(doc(keys), doc(options));
      return (await c.listIndexes())[1];
    },
    gives,
  };
}

export const textCases: readonly ContractCase[] = [
  search(
    "a word in all its forms, scored by its share of the text",
    { $search: "fox" },
    "[[1, 0.6666666666666666], [2, 1.5], [3, 2.0], [7, 3.3]]",
  ),
  search("several words: any of them", { $search: "coffee shop" }, "[[1, 4.5], [4, 6.5]]"),
  search("without a word", { $search: "fox -red" }, "[[2, 1.5], [3, 2.0], [7, 3.3]]"),
  search(
    "a dash within a word excludes nothing",
    { $search: "fox-red" },
    "[[1, 1.333333333333333], [2, 1.5], [3, 2.0], [7, 3.3]]",
  ),
  search("a phrase", { $search: '"red fox" "jumps"' }, "[[1, 2.0]]"),
  search("without a phrase", { $search: '-"coffee shop" coffee' }, "[]"),
  search("marks do not count", { $search: "cafe" }, "[[2, 3.0], [6, 2.25]]"),
  search("marks count", { $search: "cafe", $diacriticSensitive: true }, "[]"),
  search("case counts", { $search: "coffee", $caseSensitive: true }, "[[4, 4.5]]"),
  search("words that say nothing", { $search: "the" }, "[]"),
  search("another language", { $search: "кофе", $language: "ru" }, "[[5, 0.75]]"),
  search("only exclusions", { $search: "-fox" }, "[]"),
  search(
    "all fields",
    { $search: "fox" },
    "[[1, 0.6666666666666666], [2, 1.5], [3, 3.1], [7, 1.1]]",
    {
      "$**": "text",
    },
  ),
  {
    title: "$text: without sorting, the best of the first word comes first",
    documents: stories,
    indexes: [weighted],
    run: async (c) =>
      (await all(c.find(doc({ $text: { $search: "fox" } })))).map((each) => each.get("_id")),
    gives: "[7, 3, 2, 1]",
  },
  {
    title: "$text: sorted by score, with what else the filter says, skipped and limited",
    documents: stories,
    indexes: [weighted],
    run: (c) =>
      all(
        c.find(doc({ $text: { $search: "fox" }, _id: { $lt: 7 } }), {
          sort: doc({ s: { $meta: "textScore" } }),
          projection: doc({ _id: 1, s: { $meta: "textScore" } }),
          skip: 1,
          limit: 1,
        }),
      ),
    gives: "[{ _id: 2, s: 1.5 }]",
  },
  {
    title: "$text: among alternatives with an index",
    documents: stories,
    indexes: [weighted],
    run: async (c) =>
      (await all(c.find(doc({ $or: [{ $text: { $search: "foxtrot" } }, { _id: 4 }] })))).map(
        (each) => each.get("_id"),
      ),
    gives: "[6, 4]",
  },
  {
    title: "$text: an alternative without an index",
    documents: stories,
    indexes: [weighted],
    run: (c) => all(c.find(doc({ $or: [{ $text: { $search: "fox" } }, { b: 4 }] }))),
    fails: [291, "other non-TEXT clauses under OR have to be indexed as well."],
  },
  {
    title: "$text: behind fields that must be equal",
    documents: [
      { _id: 1, x: 1, a: "fox" },
      { _id: 2, x: 2, a: "fox" },
      { _id: 3, a: "fox" },
    ],
    indexes: [{ x: 1, a: "text" }],
    run: async (c) => [
      await all(c.find(doc({ x: 2, $text: { $search: "fox" } }))),
      await all(c.find(doc({ x: null, $text: { $search: "fox" } }))),
    ],
    gives: '[[{ _id: 2, x: 2, a: "fox" }], [{ _id: 3, a: "fox" }]]',
  },
  {
    title: "$text: behind a field that is not held to one value",
    documents: [{ _id: 1, x: 1, a: "fox" }],
    indexes: [{ x: 1, a: "text" }],
    run: (c) => all(c.find(doc({ x: { $gt: 0 }, $text: { $search: "fox" } }))),
    fails: [291, "failed to use text index to satisfy $text query"],
  },
  {
    title: "$text: counts, updates and removes",
    documents: stories.slice(0, 3),
    indexes: [weighted],
    run: async (c) => [
      await c.countDocuments(doc({ $text: { $search: "fox" } })),
      (await c.updateMany(doc({ $text: { $search: "red" } }), doc({ $set: { a: "blue" } })))
        .modifiedCount,
      await c.deleteMany(doc({ $text: { $search: "foxes" } })),
      await c.countDocuments(doc({ $text: { $search: "blue" } })),
    ],
    gives: "[3, 1, 2, 1]",
  },
  {
    title: "$text: without an index",
    documents: [{ _id: 1 }],
    run: (c) => all(c.find(doc({ $text: { $search: "x" } }))),
    fails: [27, "text index required for $text query"],
  },
  ...(
    [
      ["find", (c) => all(c.find(inText))],
      ["count", (c) => c.countDocuments(inText)],
      ["aggregate", (c) => all(c.aggregate([doc({ $match: inText })]))],
      ["distinct", (c) => c.distinct("a", inText)],
      ["updateOne", (c) => c.updateOne(inText, doc({ $set: { a: 1 } }))],
      ["updateMany", (c) => c.updateMany(inText, doc({ $set: { a: 1 } }))],
      ["deleteOne", (c) => c.deleteOne(inText)],
      ["deleteMany", (c) => c.deleteMany(inText)],
      ["findOneAndUpdate", (c) => c.findOneAndUpdate(inText, doc({ $set: { a: 1 } }))],
      ["findOneAndDelete", (c) => c.findOneAndDelete(inText)],
    ] satisfies [string, ContractCase["run"]][]
  ).map(([verb, run]): ContractCase => ({
    title: `$text: ${verb} without a collection`,
    run,
    fails: [27, "text index required for $text query (no such collection '"],
  })),
  {
    title: "$text: a language that is none",
    documents: [{ _id: 1 }],
    indexes: [weighted],
    run: (c) => all(c.find(doc({ $nor: [{ $text: { $search: "x", $language: "klingon" } }] }))),
    fails: [2, 'unsupported language: "klingon" for text index version 3'],
  },
  search(
    "phrases in Turkish, whatever their case",
    { $search: 'Cafe -"coffee"', $caseSensitive: true },
    "[[6, 0.75]]",
    { "$**": "text", $options: { default_language: "turkish" } },
  ),
  {
    title: "$text: with a hint",
    documents: stories,
    indexes: [weighted],
    run: (c) => all(c.find(doc({ $text: { $search: "x" } }), { hint: "_id_" })),
    fails: [2, "text and hint not allowed in same query"],
  },
  {
    title: "$text: twice",
    documents: stories,
    indexes: [weighted],
    run: (c) =>
      all(c.find(doc({ $and: [{ $text: { $search: "x" } }, { $text: { $search: "y" } }] }))),
    fails: [2, "Too many text expressions"],
  },
  {
    title: "$text: in $nor",
    documents: stories,
    indexes: [weighted],
    run: (c) => all(c.find(doc({ $nor: [{ $text: { $search: "x" } }] }))),
    fails: [2, "text expression not allowed in nor"],
  },
  {
    title: "$text: behind the first stage",
    documents: stories,
    indexes: [weighted],
    run: (c) => all(c.aggregate([doc({ $skip: 1 }), doc({ $match: { $text: { $search: "x" } } })])),
    fails: [17_313, "$match with $text is only allowed as the first pipeline stage"],
  },
  {
    title: "$text: an unknown language",
    documents: stories,
    indexes: [weighted],
    run: (c) => all(c.find(doc({ $text: { $search: "x", $language: "klingon" } }))),
    fails: [2, 'unsupported language: "klingon" for text index version 3'],
  },
  {
    title: "a text index: a document in an unknown language",
    indexes: [{ a: "text" }],
    run: (c) => c.insertOne(doc({ _id: 1, a: "x", language: "klingon" })),
    fails: [17_262, "language override unsupported: klingon"],
    leaves: "[]",
  },
  {
    title: "a text index: an array beside the texts",
    indexes: [{ x: 1, a: "text" }],
    run: (c) => c.insertOne(doc({ _id: 1, x: [1, 2], a: "fox" })),
    fails: [
      201,
      "Field 'x' of text index contains an array in document: { _id: 1, x: [ 1, 2 ], a: \"fox\" }",
    ],
  },
  shownIndex(
    "what is kept of it",
    { x: 1, a: "text", b: "text", y: -1 },
    { weights: { c: 2 }, default_language: "french" },
    '{ v: 2, key: { x: 1, _fts: "text", _ftsx: 1, y: -1 }, name: "x_1_a_text_b_text_y_-1", weights: { a: 1, b: 1, c: 2 }, default_language: "french", language_override: "language", textIndexVersion: 3 }',
  ),
  shownIndex(
    "all fields",
    { "$**": "text" },
    {},
    '{ v: 2, key: { _fts: "text", _ftsx: 1 }, name: "$**_text", weights: { $**: 1 }, default_language: "english", language_override: "language", textIndexVersion: 3 }',
  ),
  refusedIndex(
    "an unknown language",
    { a: "text" },
    { default_language: "x" },
    "default_language is not valid",
  ),
  refusedIndex(
    "texts apart",
    { a: "text", b: 1, c: "text" },
    {},
    "'text' fields in index must all be adjacent",
  ),
  refusedIndex(
    "a weight beyond its range",
    { a: "text" },
    { weights: { a: 100_000 } },
    "text index weight must be in the exclusive interval (0,100000) but found: 100000",
  ),
  refusedIndex(
    "a collation",
    { a: "text" },
    { collation: { locale: "fr" } },
    "Index type 'text' does not support collation",
  ),
  {
    title: "a text index: a second one",
    indexes: [{ a: "text" }],
    run: (c) => c.createIndex(doc({ b: "text" })),
    fails: [85, "An equivalent index already exists with a different name and options."],
  },
];
