import { all, type ContractCase, doc } from "./case.ts";

export const textScoreCases: readonly ContractCase[] = [
  {
    title: "$text: the score of each pipeline is its own",
    documents: [
      { _id: 1, a: "red fox" },
      { _id: 2, a: "blue" },
    ],
    indexes: [{ a: "text" }],
    run: (c) =>
      all(
        c.aggregate([
          doc({ $match: { $text: { $search: "red" } } }),
          doc({
            $lookup: {
              from: c.name,
              pipeline: [
                { $match: { $text: { $search: "blue" } } },
                { $project: { s: { $meta: "textScore" } } },
              ],
              as: "b",
            },
          }),
          doc({ $project: { b: 1, s: { $meta: "textScore" } } }),
        ]),
      ),
    gives: "[{ _id: 1, b: [ { _id: 2, s: 1.1 } ], s: 0.75 }]",
  },
  {
    title: "$text: a joined pipeline without a search has no score",
    documents: [{ _id: 1, a: "red fox" }],
    indexes: [{ a: "text" }],
    run: (c) =>
      all(
        c.aggregate([
          doc({ $match: { $text: { $search: "red" } } }),
          doc({
            $lookup: {
              from: c.name,
              pipeline: [{ $project: { s: { $meta: "textScore" } } }],
              as: "b",
            },
          }),
        ]),
      ),
    fails: [40218, "query requires text score metadata, but it is not available"],
  },
];
