/** `initializeOrderedBulkOp()` and its sister: operations that are gathered first and sent together. */
import type { Ask, Target } from "./ask.ts";
import { sessionIdOf, withoutSession } from "./session.ts";

type Operation = Readonly<Record<string, unknown>>;

export function createBulk(
  target: Target,
  settings: { readonly ordered: boolean },
  ask: Ask,
): object {
  const operations: Operation[] = [];

  function finder(filter: unknown, options: { upsert?: boolean; arrayFilters?: unknown }): object {
    const add = (kind: string, fields: Operation): object => {
      operations.push({ [kind]: { filter, ...fields } });
      return made;
    };
    const one = {
      upsert: () => finder(filter, { ...options, upsert: true }),
      arrayFilters: (arrayFilters: unknown) => finder(filter, { ...options, arrayFilters }),
      update: (update: unknown) => add("updateMany", { update, ...options }),
      updateOne: (update: unknown) => add("updateOne", { update, ...options }),
      replaceOne: (replacement: unknown) => add("replaceOne", { replacement, ...options }),
      remove: () => add("deleteMany", {}),
      delete: () => add("deleteMany", {}),
      removeOne: () => add("deleteOne", {}),
      deleteOne: () => add("deleteOne", {}),
    };
    return one;
  }

  const made = {
    get length() {
      return operations.length;
    },
    insert(document: unknown) {
      operations.push({ insertOne: { document } });
      return made;
    },
    find: (filter: unknown) => finder(filter, {}),
    execute: async (options?: unknown) =>
      ask({
        operation: "mongodb",
        ...target,
        method: "bulkWrite",
        arguments: [operations],
        options: { ...(withoutSession(options) as object), ...settings },
        session: sessionIdOf(options),
      }),
  };
  return made;
}
