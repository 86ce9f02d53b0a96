import type { Action } from "./action.ts";
import { mustDoc } from "./fields.ts";
import { callOptions } from "./options.ts";

/** `{ filter }` → `{ deletedCount }`. */
export const deleteOne: Action = {
  name: "deleteOne",
  failure: "Failed to delete document",
  verb: "delete",
  status: 200,
  async run(body, collection, context) {
    const filter = mustDoc(body, "filter");
    const deletedCount = await collection.deleteOne(filter, callOptions(body, context));
    return { kind: "deleted", deletedCount };
  },
};
