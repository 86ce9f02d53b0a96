import { Doc } from "../bson/doc.ts";
import type { FindOptions } from "../sources/source.ts";
import type { Action, ActionContext } from "./action.ts";
import { readableDoc } from "./fields.ts";
import { callOptions } from "./options.ts";

/** `{ filter?, projection?, sort? }` → `{ document }`, null when nothing matches. */
export const findOne: Action = {
  name: "findOne",
  failure: "Failed to find document",
  verb: "find",
  status: 200,
  async run(body, collection, context) {
    const filter = readableDoc(body, "filter") ?? Doc.empty;
    const document = await collection.findOne(filter, readOptions(body, filter, context));
    return { kind: "document", document };
  },
};

/** Fields of every call, and its filter. A body with no others needs no options. */
const plainFieldsMax = 4;

function readOptions(body: Doc, filter: Doc, context: ActionContext): FindOptions {
  const isPlain = body.size <= plainFieldsMax && body.has("filter");
  // The commonest read of all: it ends before anybody could stop it, and need not pay for a signal.
  if (isPlain && filter.size === 1 && filter.has("_id")) return context;
  const options: { -readonly [K in keyof FindOptions]: FindOptions[K] } = callOptions(
    body,
    context,
  );
  const projection = readableDoc(body, "projection");
  if (projection !== undefined) options.projection = projection;
  // Atlas: whether the original's findOne sorted is not known. Clients that send `sort` expect it; `skip` and `limit`
  // are ignored, since some send those of an earlier `find` along.
  const sort = readableDoc(body, "sort");
  if (sort !== undefined) options.sort = sort;
  return options;
}
