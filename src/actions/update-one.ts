import type { Action } from "./action.ts";
import { mustDoc } from "./fields.ts";
import { updateOptions } from "./options.ts";
import { mustUpdate } from "./update.ts";

/** `{ filter, update, upsert? }` → `{ matchedCount, modifiedCount, upsertedId? }`. */
export const updateOne: Action = {
  name: "updateOne",
  failure: "Failed to update document",
  verb: "update",
  status: 200,
  async run(body, collection, context) {
    const filter = mustDoc(body, "filter");
    const update = mustUpdate(body);
    const result = await collection.updateOne(filter, update, updateOptions(body, context));
    return { kind: "updated", ...result };
  },
};
