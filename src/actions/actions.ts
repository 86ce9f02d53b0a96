/** The actions by name. To add one: its file, a line here, and its rows in `test/contract`. */
import type { Action } from "./action.ts";
import { aggregate } from "./aggregate.ts";
import { deleteMany } from "./delete-many.ts";
import { deleteOne } from "./delete-one.ts";
import { findOne } from "./find-one.ts";
import { find } from "./find.ts";
import { insertMany } from "./insert-many.ts";
import { insertOne } from "./insert-one.ts";
import { replaceOne } from "./replace-one.ts";
import { updateMany } from "./update-many.ts";
import { updateOne } from "./update-one.ts";

export const actions: ReadonlyMap<string, Action> = new Map(
  [
    findOne,
    find,
    insertOne,
    insertMany,
    updateOne,
    updateMany,
    replaceOne,
    deleteOne,
    deleteMany,
    aggregate,
  ].map((action) => [action.name, action]),
);
