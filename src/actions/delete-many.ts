import type { Action } from "./action.ts";
import { mustDoc } from "./fields.ts";
import { callOptions } from "./options.ts";

/** `{ filter }` → `{ deletedCount }`. */
export const deleteMany: Action = {
  name: "deleteMany",
  failure: "Failed to delete documents",
  verb: "delete",
  status: 200,
  async run(body, collection, context) {
    const filter = mustDoc(body, "filter");
    const deletedCount = await collection.deleteMany(filter, callOptions(body, context));
    return { kind: "deleted", deletedCount };
  },
};
