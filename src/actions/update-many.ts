import type { Action } from "./action.ts";
import { mustDoc } from "./fields.ts";
import { updateOptions } from "./options.ts";
import { mustUpdate } from "./update.ts";

/** `{ filter, update, upsert? }` → `{ matchedCount, modifiedCount, upsertedId? }`. */
export const updateMany: Action = {
  name: "updateMany",
  failure: "Failed to update documents",
  verb: "update",
  status: 200,
  async run(body, collection, context) {
    const filter = mustDoc(body, "filter");
    const update = mustUpdate(body);
    const result = await collection.updateMany(filter, update, updateOptions(body, context));
    return { kind: "updated", ...result };
  },
};
