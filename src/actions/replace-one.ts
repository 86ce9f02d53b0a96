import type { Action } from "./action.ts";
import { mustDoc } from "./fields.ts";
import { updateOptions } from "./options.ts";
import { mustReplacement } from "./update.ts";

/** `{ filter, replacement, upsert? }` → `{ matchedCount, modifiedCount, upsertedId? }`. */
export const replaceOne: Action = {
  name: "replaceOne",
  failure: "Failed to replace document",
  verb: "update",
  status: 200,
  async run(body, collection, context) {
    const filter = mustDoc(body, "filter");
    const replacement = mustReplacement(body);
    const result = await collection.replaceOne(filter, replacement, updateOptions(body, context));
    return { kind: "updated", ...result };
  },
};
