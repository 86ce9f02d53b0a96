/** Indexes of a collection of a MongoDB. */
import { Doc } from "../../bson/doc.ts";
import { isNumber, typeName, type Value } from "../../bson/value.ts";
import type { Collection } from "../source.ts";
import { readCursor } from "./cursor.ts";
import type { Link } from "./link.ts";
import { toNumber } from "./write.ts";

type Indexes = Pick<Collection, "createIndex" | "dropIndex" | "listIndexes">;

export function createIndexes(link: Link, database: string, collection: string): Indexes {
  const base = { database, target: collection } as const;
  return {
    async createIndex(keys, options = Doc.empty): Promise<string> {
      const given = options.get("name");
      const name = typeof given === "string" ? given : nameOf(keys);
      const index = Doc.fromEntries([
        ["key", keys],
        ["name", name],
        ...options.without("name").entries(),
      ]);
      await link.call({
        ...base,
        kind: "write",
        name: "createIndexes",
        fields: [["indexes", [index]]],
      });
      return name;
    },

    async dropIndex(name): Promise<void> {
      await link.call({ ...base, kind: "write", name: "dropIndexes", fields: [["index", name]] });
    },

    async listIndexes(): Promise<readonly Doc[]> {
      const found: Doc[] = [];
      const call = { ...base, kind: "retryableRead", name: "listIndexes", fields: [] } as const;
      for await (const batch of readCursor(link, call)) found.push(...batch);
      return found;
    },
  };
}

/** `a_1_b_-1`, as the server's clients name an index that has no name. */
function nameOf(keys: Doc): string {
  return [...keys.entries()].map(([key, value]) => `${key}_${textOf(value)}`).join("_");
}

function textOf(value: Value): string {
  if (typeof value === "string") return value;
  return isNumber(value) ? toNumber(value).toString() : typeName(value);
}
