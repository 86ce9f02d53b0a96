/** What a user is told of changes: rows of rules, what happens, and the events that come. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import type { Collection, WatchOptions } from "../../src/sources/source.ts";
import { onBothSources, openFor, type Opened, type Stage } from "../support/rule-scenario.ts";
import { createScope, toDoc, toValue } from "../support/rule-scope.ts";

type Plain = Readonly<Record<string, unknown>>;
type Change = readonly [
  verb: "insert" | "update" | "replace" | "delete",
  ...args: readonly Plain[],
];

interface Row {
  readonly role: Plain;
  readonly filters?: readonly Plain[];
  readonly changes: readonly Change[];
  readonly pipeline?: readonly Plain[];
  readonly options?: WatchOptions;
  /** Kind, key, document and description, as far as there are any. */
  readonly tells: readonly unknown[];
}

const owner = {
  name: "owner",
  apply_when: {},
  document_filters: { read: { owner: "%%user.id" }, write: false },
  read: true,
  write: false,
};
const masked = {
  name: "masked",
  apply_when: {},
  fields: { s: { read: false }, p: { fields: { a: { read: true } } } },
  additional_fields: { read: true },
};
const open = { name: "open", apply_when: {}, read: true, write: true };
const ann = { _id: 1, owner: "ann", n: 1 };
const bob = { _id: 2, owner: "bob", n: 1 };
const lookup: WatchOptions = { fullDocument: "updateLookup" };
const description = (updatedFields: Plain, removedFields: readonly string[] = []): Plain => ({
  updatedFields,
  removedFields,
  truncatedArrays: [],
});

const rows: readonly (readonly [title: string, row: Row])[] = [
  [
    "inserts of what the user sees",
    {
      role: owner,
      changes: [
        ["insert", bob],
        ["insert", ann],
      ],
      tells: [["insert", { _id: 1 }, ann]],
    },
  ],
  [
    "updates of it, and no others",
    {
      role: owner,
      changes: [
        ["insert", ann],
        ["insert", bob],
        ["update", { _id: 2 }, { $set: { n: 2 } }],
        ["update", { _id: 1 }, { $set: { n: 3 } }],
      ],
      options: lookup,
      tells: [
        ["insert", { _id: 1 }, expect.anything()],
        ["update", { _id: 1 }, { ...ann, n: 3 }, description({ n: 3 })],
      ],
    },
  ],
  [
    "the document only where it was asked for",
    {
      role: owner,
      changes: [
        ["insert", ann],
        ["update", { _id: 1 }, { $unset: { n: "" } }],
      ],
      tells: [
        ["insert", { _id: 1 }, ann],
        ["update", { _id: 1 }, undefined, description({}, ["n"])],
      ],
    },
  ],
  [
    "what comes into sight",
    {
      role: owner,
      changes: [
        ["insert", bob],
        ["replace", { _id: 2 }, { owner: "ann" }],
      ],
      tells: [["replace", { _id: 2 }, { _id: 2, owner: "ann" }]],
    },
  ],
  [
    "nothing of what goes out of it",
    {
      role: owner,
      changes: [
        ["insert", bob],
        ["update", { _id: 2 }, { $set: { owner: "eve" } }],
      ],
      tells: [],
    },
  ],
  [
    "deletes of what was told of before",
    {
      role: owner,
      changes: [
        ["insert", ann],
        ["insert", bob],
        ["delete", { _id: 2 }],
        ["delete", { _id: 1 }],
      ],
      tells: [
        ["insert", { _id: 1 }, ann],
        ["delete", { _id: 1 }],
      ],
    },
  ],
  [
    "all deletes where every document is seen",
    {
      role: masked,
      changes: [
        ["insert", { _id: 3, s: 1 }],
        ["delete", { _id: 3 }],
      ],
      tells: [
        ["insert", { _id: 3 }, { _id: 3 }],
        ["delete", { _id: 3 }],
      ],
    },
  ],
  [
    "hidden fields nowhere",
    {
      role: masked,
      changes: [
        ["insert", { _id: 3, n: 1, s: "s1", p: { a: 1, b: "s2" } }],
        ["update", { _id: 3 }, { $set: { n: 2, s: "s3", "p.b": "s4" } }],
        ["update", { _id: 3 }, { $set: { "p.a": 5 } }],
      ],
      tells: [
        ["insert", { _id: 3 }, { _id: 3, n: 1, p: { a: 1 } }],
        ["update", { _id: 3 }, undefined, description({ n: 2 })],
        ["update", { _id: 3 }, undefined, description({ "p.a": 5 })],
      ],
    },
  ],
  [
    "nothing where all that changed is hidden",
    {
      role: masked,
      changes: [
        ["insert", { _id: 3, s: "s1" }],
        ["update", { _id: 3 }, { $set: { s: "s2" } }],
        ["update", { _id: 3 }, { $unset: { s: "" } }],
      ],
      tells: [["insert", { _id: 3 }, { _id: 3 }]],
    },
  ],
  [
    "no key where it is hidden",
    {
      role: { name: "n", apply_when: {}, fields: { n: { read: true } } },
      changes: [
        ["insert", { _id: 3, n: 1 }],
        ["delete", { _id: 3 }],
      ],
      tells: [["insert", undefined, { n: 1 }], ["delete"]],
    },
  ],
  [
    "by a pipeline that sees what is shown",
    {
      role: masked,
      pipeline: [
        { $match: { "fullDocument.s": { $exists: false }, "fullDocument.n": { $gt: 1 } } },
        { $set: { "fullDocument.seen": "$fullDocument.s" } },
      ],
      changes: [
        ["insert", { _id: 3, n: 1 }],
        ["insert", { _id: 4, n: 2, s: "s1" }],
      ],
      tells: [["insert", { _id: 4 }, { _id: 4, n: 2 }]],
    },
  ],
  [
    "under a filter of the rules",
    {
      role: open,
      filters: [{ name: "f", apply_when: {}, query: { n: { $gt: 1 } }, projection: { s: 0 } }],
      changes: [
        ["insert", { _id: 3, n: 1, s: "s1" }],
        ["insert", { _id: 4, n: 2, s: "s2" }],
      ],
      tells: [["insert", { _id: 4 }, { _id: 4, n: 2 }]],
    },
  ],
  [
    "by a function about each document",
    {
      role: {
        ...open,
        apply_when: { "%%true": { "%function": { name: "isEven", arguments: ["%%root.n"] } } },
      },
      changes: [
        ["insert", { _id: 3, n: 1 }],
        ["insert", { _id: 4, n: 2 }],
      ],
      tells: [["insert", { _id: 4 }, { _id: 4, n: 2 }]],
    },
  ],
];

async function apply(to: Collection, [verb, first = {}, second = {}]: Change): Promise<void> {
  const filter = toDoc(first);
  if (verb === "insert") await to.insertOne(filter);
  else if (verb === "update") await to.updateOne(filter, toDoc(second));
  else if (verb === "replace") await to.replaceOne(filter, toDoc(second));
  else await to.deleteOne(filter);
}

function plain(value: unknown): unknown {
  return value instanceof Doc ? JSON.parse(toText(value, "relaxed")) : value;
}

function tellOf(event: Doc): readonly unknown[] {
  const fields = ["operationType", "documentKey", "fullDocument", "updateDescription"];
  const told = fields.map((each) => plain(event.get(each)));
  while (told.at(-1) === undefined) told.pop();
  return told;
}

onBothSources((name, openSource) => {
  describe(`watch under rules on ${name}`, () => {
    const database = `rules_${randomBytes(6).toString("hex")}`;
    let opened: Opened;
    beforeAll(async () => {
      opened = await openSource();
    });
    afterAll(async () => {
      await opened.source.dropDatabase(database);
      await opened.close();
    });

    function openRow(row: Pick<Row, "role" | "filters">, collection: string): Collection {
      const stage: Stage = { source: opened.source, database, collection: () => collection };
      const rules = { roles: [row.role], filters: row.filters };
      const scope = createScope({ rules, documents: [], call: ["watch"] }, stage);
      return openFor(scope, stage, { verb: "find" });
    }

    test.concurrent.for(rows.map((row, index) => [...row, index] as const))(
      "%s",
      async ([, row, index]) => {
        const collection = `watched${index}`;
        const raw = opened.source.collection(database, collection);
        const stop = new AbortController();
        const batches = await openRow(row, collection).watch(
          (row.pipeline ?? []).map((each) => toValue(each)),
          { ...row.options, signal: stop.signal },
        );
        for (const change of row.changes) await apply(raw, change);
        // What every row's user sees ends it.
        await raw.insertOne(Doc.of({ _id: "end", owner: "ann", n: 1000 }));
        const told: (readonly unknown[])[] = [];
        for await (const batch of batches) {
          told.push(...batch.map(tellOf));
          if (JSON.stringify(told.at(-1)).includes("1000")) break;
        }
        stop.abort();
        expect(told.slice(0, -1)).toEqual(row.tells);
      },
    );

    test.for<[title: string, pipeline: Plain[], options: WatchOptions, message: string]>([
      ["a stage that reads elsewhere", [{ $lookup: {} }], {}, "not permitted in a $changeStream"],
      ["an operator that is refused", [{ $match: { $expr: true } }], {}, "'$expr' is not allowed"],
      [
        "a token that a stage has changed",
        [{ $set: { "_id._data": "00" } }],
        {},
        "Only transformations that retain the unmodified _id field are allowed.",
      ],
    ])("refuses %s", async ([title, pipeline, options, message]) => {
      const collection = title.replaceAll(" ", "");
      const work = async (): Promise<void> => {
        const batches = await openRow({ role: owner }, collection).watch(
          pipeline.map((each) => toValue(each)),
          options,
        );
        await opened.source.collection(database, collection).insertOne(toDoc(ann));
        for await (const _ of batches) return;
      };
      await expect(work()).rejects.toThrow(message);
    });
  });
});
