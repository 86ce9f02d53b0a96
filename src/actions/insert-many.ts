import type { Action } from "./action.ts";
import { mustDocs } from "./fields.ts";

/** `{ documents }` → 201 `{ insertedIds }`. Ordered: what stands before a failure stays. */
export const insertMany: Action = {
  name: "insertMany",
  failure: "Failed to insert documents",
  verb: "insert",
  status: 201,
  async run(body, collection, context) {
    const documents = mustDocs(body, "documents");
    return { kind: "insertedIds", ids: await collection.insertMany(documents, context) };
  },
};
