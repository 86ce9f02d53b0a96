/** All collections of an app, by their names. */
import { queryOptions } from "@tanstack/react-query";
import { dataSourcesQuery } from "./data-api.ts";

export interface Namespace {
  readonly source: string;
  readonly db: string;
  readonly coll: string;
}

/** Of each data source; each takes a call. */
const databasesMax = 20;

export function namespacesQuery(path: string) {
  return queryOptions({
    queryKey: [path, "namespaces"],
    queryFn: async ({ client }): Promise<readonly Namespace[]> => {
      // Who never looks at data does without what reads it.
      const { collectionsQuery, databasesQuery, sourcePath } = await import("./data.ts");
      const sources = await client.ensureQueryData(dataSourcesQuery(path));
      const found = sources.map(async ({ name: source }) => {
        const base = sourcePath(path, source);
        const databases = await client.ensureQueryData(databasesQuery(base));
        const lists = databases.slice(0, databasesMax).map(async (db) => {
          const collections = await client.ensureQueryData(collectionsQuery(base, db));
          return collections.map(({ name: coll }) => ({ source, db, coll }));
        });
        return (await Promise.all(lists)).flat();
      });
      return (await Promise.all(found)).flat();
    },
  });
}
