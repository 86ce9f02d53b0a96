/** That conditions are pushed into the query: an index on the owner's field serves the owner. */
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import { onBothSources, openFor, type Stage } from "../support/rule-scenario.ts";
import { createScope, toDoc } from "../support/rule-scope.ts";

const all = { name: "all", apply_when: {}, read: true, write: true };
const ownFilters = { read: { owner: "%%user.id" }, write: { owner: "%%user.id" } };

const rows: readonly (readonly [title: string, rules: object, filter: object])[] = [
  ["document_filters", { roles: [{ ...all, document_filters: ownFilters }] }, {}],
  [
    "beside a filter of the user's",
    { roles: [{ ...all, document_filters: ownFilters }] },
    { n: { $gt: 5 } },
  ],
  ["apply_when", { roles: [{ ...all, apply_when: { owner: "%%user.id" } }] }, {}],
  ["read", { roles: [{ ...all, read: { owner: "%%user.id" }, write: false }] }, {}],
  [
    "the user on the left",
    { roles: [{ ...all, apply_when: { "%%user.id": "%%root.owner" } }] },
    {},
  ],
  [
    "a filter's query",
    {
      roles: [{ ...all, write: false }],
      filters: [{ name: "f", apply_when: {}, query: { owner: "%%user.id" } }],
    },
    {},
  ],
  [
    "where fields are hidden, too",
    {
      roles: [
        {
          name: "r",
          apply_when: {},
          document_filters: ownFilters,
          fields: { n: { read: false } },
          additional_fields: { read: true },
        },
      ],
    },
    { n: { $gt: 5 } },
  ],
  [
    "beside a function",
    {
      roles: [
        {
          ...all,
          apply_when: {
            owner: "%%user.id",
            "%%true": { "%function": { name: "isEven", arguments: ["%%root.n"] } },
          },
        },
      ],
    },
    {},
  ],
  [
    "of the first of two roles that can apply",
    {
      roles: [
        { ...all, apply_when: { owner: "%%user.id" } },
        { ...all, apply_when: { "%%user.custom_data.isAdmin": true } },
      ],
    },
    {},
  ],
];

onBothSources((name, open) => {
  test.for(rows.map((row) => [...row] as const))(
    `%s is served by an index on ${name}`,
    async ([, rules, filter]) => {
      const { source, close } = await open();
      const database = `rules_${randomBytes(6).toString("hex")}`;
      try {
        const stage: Stage = { source, database, collection: (each) => each };
        const raw = source.collection(database, "main");
        await raw.createIndex(Doc.of({ owner: 1 }));
        await raw.insertMany(
          Array.from({ length: 200 }, (_, n) =>
            Doc.of({ owner: n % 20 === 0 ? "ann" : `o${n}`, n }),
          ),
        );
        const scope = createScope({ rules: rules as never, documents: [], call: ["find"] }, stage);
        const user = openFor(scope, stage, { verb: "find" });
        const plan = toText(await user.explain(toDoc(filter as never)), "relaxed");
        expect(plan).toContain('"IXSCAN"');
        expect(plan).toContain('"totalDocsExamined":10');
      } finally {
        await source.dropDatabase(database);
        await close();
      }
    },
  );
});
