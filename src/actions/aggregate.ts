import type { Action } from "./action.ts";
import { mustDocs } from "./fields.ts";
import { callOptions } from "./options.ts";

/** `{ pipeline }` → `{ documents }`. */
export const aggregate: Action = {
  name: "aggregate",
  failure: "Failed to aggregate documents",
  verb: "aggregate",
  status: 200,
  async run(body, collection, context) {
    const pipeline = mustDocs(body, "pipeline");
    const batches = collection.aggregate(pipeline, callOptions(body, context));
    return { kind: "documents", batches, documentsMax: context.limits.documentsMax };
  },
};
