/** Documents, collections and indexes of a data source. Everything is canonical EJSON, so that no type is lost. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";

/** A document as canonical EJSON. */
export type EjsonDocument = Readonly<Record<string, unknown>>;

export interface Place {
  /** Of the data source, below the admin API: `…/data/mongodb-atlas`. */
  readonly source: string;
  readonly database: string;
  readonly collection: string;
}

export interface Query {
  readonly filter?: unknown;
  readonly projection?: unknown;
  readonly sort?: unknown;
  readonly skip?: number;
  readonly limit?: number;
}

export function sourcePath(appPath: string, name: string): string {
  return `${appPath}/data/${encodeURIComponent(name)}`;
}

export function databasesQuery(source: string) {
  return queryOptions({
    queryKey: [source, "databases"],
    queryFn: async () => call<readonly string[]>({ path: `${source}/databases` }),
  });
}

export function collectionsQuery(source: string, database: string) {
  return queryOptions({
    queryKey: [source, "collections", database],
    queryFn: async () =>
      call<readonly { readonly name: string }[]>({ path: collectionsPath(source, database) }),
  });
}

export function statsQuery(place: Place) {
  return queryOptions({
    queryKey: [place.source, "stats", place.database, place.collection],
    queryFn: async () => call<EjsonDocument>({ path: `${collectionPath(place)}/stats` }),
  });
}

export function documentsQuery(place: Place, query: Query) {
  return queryOptions({
    queryKey: [place.source, "documents", place.database, place.collection, query],
    queryFn: async ({ signal }) => {
      const { documents } = await act<{ readonly documents: readonly EjsonDocument[] }>(
        place,
        "find",
        { ...query },
        signal,
      );
      return documents;
    },
  });
}

export function countQuery(place: Place, filter: unknown) {
  return queryOptions({
    queryKey: [place.source, "count", place.database, place.collection, filter],
    queryFn: async ({ signal }) => {
      const answer = await act<EjsonDocument>(place, "countDocuments", { filter }, signal);
      return numberOf(answer["count"]);
    },
  });
}

export function indexesQuery(place: Place) {
  return queryOptions({
    queryKey: [place.source, "indexes", place.database, place.collection],
    queryFn: async () =>
      call<readonly EjsonDocument[]>({ path: `${collectionPath(place)}/indexes` }),
  });
}

/** One of the Data API's actions, or `countDocuments`, `distinct`, `explain`, as the system. */
export async function act<Answer>(
  { source, database, collection }: Place,
  action: string,
  body: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<Answer> {
  return call<Answer>({
    method: "POST",
    path: `${source}/actions/${action}`,
    body: { database, collection, ...body },
    ...(signal !== undefined && { signal }),
  });
}

export async function createCollection(
  source: string,
  database: string,
  name: string,
): Promise<void> {
  await call({ method: "POST", path: collectionsPath(source, database), body: { name } });
}

export async function dropCollection(place: Place): Promise<void> {
  await call({ method: "DELETE", path: collectionPath(place) });
}

export async function createIndex(place: Place, keys: unknown, options: unknown): Promise<void> {
  const path = `${collectionPath(place)}/indexes`;
  await call({ method: "POST", path, body: { keys, options } });
}

export async function dropIndex(place: Place, name: string): Promise<void> {
  const path = `${collectionPath(place)}/indexes/${encodeURIComponent(name)}`;
  await call({ method: "DELETE", path });
}

function collectionsPath(source: string, database: string): string {
  return `${source}/databases/${encodeURIComponent(database)}/collections`;
}

function collectionPath({ source, database, collection }: Place): string {
  return `${collectionsPath(source, database)}/${encodeURIComponent(collection)}`;
}

/** A number out of its EJSON wrapper. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "object" || value === null) return 0;
  const wrapped = Object.values(value)[0] as unknown;
  return typeof wrapped === "string" ? Number(wrapped) : 0;
}
