import { Doc } from "../bson/doc.ts";
import { Fault } from "../kit/fault.ts";
import type { Action } from "./action.ts";
import { mustField } from "./fields.ts";

/** `{ document }` → 201 `{ insertedId }`. */
export const insertOne: Action = {
  name: "insertOne",
  failure: "Failed to insert document",
  verb: "insert",
  status: 201,
  async run(body, collection, context) {
    const document = mustField(body, "document");
    // The original's own words, without the field's name.
    if (!(document instanceof Doc))
      throw new Fault("InvalidParameter", "argument must be an object");
    return { kind: "insertedId", id: await collection.insertOne(document, context) };
  },
};
