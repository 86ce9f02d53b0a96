/** The operations of a bulk write. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type { BulkOperation, UpdateOptions } from "../../sources/source.ts";
import { mustDoc, mustList, mustUpdate } from "./arguments.ts";

const method = "bulkWrite";

export function readBulk(value: Value | undefined): readonly BulkOperation[] {
  return mustList(value, method, "operations").map((each) => {
    const [[kind, fields] = ["", null]] = mustDoc(each, method, "operations").entries();
    const read = kinds.get(kind);
    if (read !== undefined) return read(mustDoc(fields, method, kind));
    throw new Fault("InvalidParameter", `mongodb bulkWrite: unknown operation '${kind}'`);
  });
}

const kinds: ReadonlyMap<string, (fields: Doc) => BulkOperation> = new Map(
  Object.entries<(fields: Doc) => BulkOperation>({
    insertOne: (fields) => ({ insertOne: { document: documentOf(fields) } }),
    updateOne: (fields) => ({ updateOne: updateOf(fields) }),
    updateMany: (fields) => ({ updateMany: updateOf(fields) }),
    replaceOne: (fields) => ({
      replaceOne: {
        filter: filterOf(fields),
        replacement: mustDoc(fields.get("replacement"), method, "replacement"),
        ...optionsOf(fields),
      },
    }),
    deleteOne: (fields) => ({ deleteOne: { filter: filterOf(fields), ...collationOf(fields) } }),
    deleteMany: (fields) => ({ deleteMany: { filter: filterOf(fields), ...collationOf(fields) } }),
  }),
);

/** What must be allowed for all of them to be done. */
export function verbsOf(
  operations: readonly BulkOperation[],
): readonly ("insert" | "update" | "delete")[] {
  const verbs = new Set<"insert" | "update" | "delete">();
  for (const each of operations) {
    if ("insertOne" in each) verbs.add("insert");
    else verbs.add("deleteOne" in each || "deleteMany" in each ? "delete" : "update");
  }
  return [...verbs];
}

/** The documentation's list has it in `document`, its example stands alone. */
function documentOf(fields: Doc): Doc {
  const document = fields.get("document");
  return fields.size === 1 && document instanceof Doc ? document : fields;
}

function filterOf(fields: Doc): Doc {
  return mustDoc(fields.get("filter"), method, "filter");
}

function updateOf(
  fields: Doc,
): { readonly filter: Doc; readonly update: Doc | readonly Value[] } & UpdateOptions {
  return {
    filter: filterOf(fields),
    update: mustUpdate(fields.get("update"), method),
    ...optionsOf(fields),
  };
}

function optionsOf(fields: Doc): UpdateOptions {
  const arrayFilters = fields.get("arrayFilters");
  return {
    ...collationOf(fields),
    ...(fields.get("upsert") === true ? { upsert: true } : {}),
    ...(arrayFilters === undefined
      ? {}
      : {
          arrayFilters: mustList(arrayFilters, method, "arrayFilters").map((each) =>
            mustDoc(each, method, "arrayFilters"),
          ),
        }),
  };
}

function collationOf(fields: Doc): { readonly collation?: Doc } {
  const collation = fields.get("collation");
  return collation instanceof Doc ? { collation } : {};
}
