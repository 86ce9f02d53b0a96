import { Doc } from "../bson/doc.ts";
import type { FindOptions } from "../sources/source.ts";
import type { Action, ActionContext } from "./action.ts";
import { optionalCount, readableDoc } from "./fields.ts";
import { callOptions } from "./options.ts";

/** `{ filter?, projection?, sort?, limit?, skip? }` → `{ documents }`. */
export const find: Action = {
  name: "find",
  failure: "Failed to find documents",
  verb: "find",
  status: 200,
  async run(body, collection, context) {
    const filter = readableDoc(body, "filter") ?? Doc.empty;
    const batches = collection.find(filter, readOptions(body, context));
    return { kind: "documents", batches, documentsMax: context.limits.documentsMax };
  },
};

function readOptions(body: Doc, context: ActionContext): FindOptions {
  const { findLimitDefault, documentsMax } = context.limits;
  const options: { -readonly [K in keyof FindOptions]: FindOptions[K] } = callOptions(
    body,
    context,
  );
  // Atlas: 0 stands for the default, as if the field were not there; more than the most is cut to it.
  const limit = optionalCount(body, "limit") || findLimitDefault;
  options.limit = Math.min(limit, documentsMax);
  const skip = optionalCount(body, "skip");
  if (skip !== undefined) options.skip = skip;
  const projection = readableDoc(body, "projection");
  if (projection !== undefined) options.projection = projection;
  const sort = readableDoc(body, "sort");
  if (sort !== undefined) options.sort = sort;
  return options;
}
