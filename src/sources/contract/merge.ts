import type { Collection } from "../source.ts";
import { all, type ContractCase, doc, type Plain } from "./case.ts";

async function mergeBy(
  c: Collection,
  on: string,
  options: { readonly [key: string]: Plain } = {},
): Promise<unknown> {
  return await all(
    c.aggregate(
      [
        doc({ $match: { _id: 1 } }),
        doc({ $project: { _id: 0, k: { $toUpper: "$k" }, seen: "yes" } }),
        doc({ $merge: { into: c.name, on } }),
      ],
      options["collation"] === undefined
        ? {}
        : { collation: doc(options["collation"] as { readonly [key: string]: Plain }) },
    ),
  );
}

const caseless = { locale: "en", strength: 2 };
const unique = { k: 1, $options: { unique: true } };
const uniqueCaseless = { k: 1, $options: { unique: true, collation: caseless } };
const documents = [{ _id: 1, k: "a" }];
const noIndex = [51_183, "Cannot find index to verify that join fields will be unique"] as const;

export const mergeCases: readonly ContractCase[] = [
  ...(
    [
      [{ db: "a$b", coll: "c" }, 73, "Invalid namespace: a$b."],
      ["a$b", 20, "error with target namespace: Invalid collection name: a$b"],
    ] as const
  ).map(([target, code, message]): ContractCase => ({
    title: `$out: to what can not be: ${JSON.stringify(target)}`,
    documents,
    run: async (c) => await all(c.aggregate([doc({ $out: target })])),
    fails: [code, message],
  })),
  {
    title: "$merge: a sparse index is good enough",
    documents: [{ _id: 1, k: "A" }],
    indexes: [{ k: 1, $options: { unique: true, sparse: true } }],
    run: async (c) => mergeBy(c, "k"),
    leaves: '[{ _id: 1, k: "A", seen: "yes" }]',
  },
  {
    title: "$merge: an index of the pipeline's collation does, but what it has equal is not found",
    documents,
    indexes: [uniqueCaseless],
    run: async (c) => mergeBy(c, "k", { collation: caseless }),
    fails: [11_000, "$merge failed due to a DuplicateKey error"],
  },
  {
    title: "$merge: an index of another collation does not do",
    documents,
    indexes: [uniqueCaseless],
    run: async (c) => mergeBy(c, "k"),
    fails: noIndex,
  },
  {
    title: "$merge: an index without the pipeline's collation does not do",
    documents,
    indexes: [unique],
    run: async (c) => mergeBy(c, "k", { collation: caseless }),
    fails: noIndex,
  },
  ...[
    { k: "2d", $options: { unique: true } },
    { k: "text", $options: { unique: true } },
    { k: 1, $options: { unique: true, partialFilterExpression: { k: "a" } } },
  ].map((index): ContractCase => ({
    title: `$merge: an index that is not simply of its fields does not do: ${JSON.stringify(index)}`,
    documents: [{ _id: 1, k: [1, 2] }],
    indexes: [index],
    run: async (c) => mergeBy(c, "k"),
    fails: noIndex,
  })),
  {
    title: "$merge: what another unique index refuses",
    documents: [
      { _id: 1, k: "a", u: 1 },
      { _id: 2, k: "b", u: 2 },
    ],
    indexes: [{ u: 1, $options: { unique: true } }],
    run: async (c) =>
      await all(
        c.aggregate([
          doc({ $match: { _id: 1 } }),
          doc({ $set: { u: 2 } }),
          doc({ $merge: { into: c.name } }),
        ]),
      ),
    fails: [
      11_000,
      "$merge failed due to a DuplicateKey error :: caused by :: E11000 duplicate key",
    ],
  },
];
