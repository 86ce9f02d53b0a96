/** Documents, collections and indexes of a data source. Everything is canonical EJSON, so that no type is lost. */
import { queryOptions } from "@tanstack/react-query";
import { parseEjson } from "../ejson/parse.ts";
import { printEjson } from "../ejson/print.ts";
import {
  countOf,
  type Ejson,
  EjsonObject,
  isEjsonArray,
  textOf,
  type Plain,
  toEjson,
} from "../ejson/value.ts";
import { call, open } from "./client.ts";

export interface Place {
  /** Of the data source, below the admin API: `…/data/mongodb-atlas`. */
  readonly source: string;
  readonly database: string;
  readonly collection: string;
}

export interface Query {
  readonly filter?: Ejson;
  readonly projection?: Ejson;
  readonly sort?: Ejson;
  readonly collation?: Ejson;
  readonly skip?: number;
  readonly limit?: number;
}

export interface BrowsedDocument {
  /** As the projection has it; where `isCut`, only its beginning. */
  readonly document: EjsonObject;
  readonly id: Ejson;
  /** As BSON. */
  readonly bytes: number;
  readonly isCut: boolean;
}

export interface BrowsedPage {
  readonly documents: readonly BrowsedDocument[];
  /** Where the next page begins; undefined at the end. */
  readonly next: Ejson | undefined;
  /** What tells it from other pages, however often it is read. */
  readonly name: string;
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
    queryKey: [...keyOf(place), "stats"],
    queryFn: async () => mustObject(await readEjson({ path: `${collectionPath(place)}/stats` })),
  });
}

/** Pages are big: those that were left are soon forgotten. */
const pageKeptMs = 5000;

/** @param from where the page begins, as the one before it said */
export function pageQuery(place: Place, query: Query, from: Ejson | undefined) {
  const asked = toEjson({ ...query, ...(from !== undefined && { from }) }) as EjsonObject;
  const name = printEjson(asked);
  return queryOptions({
    queryKey: [...keyOf(place), "page", name],
    gcTime: pageKeptMs,
    queryFn: async ({ signal }) => readPage(await act(place, "browse", asked, signal), name),
    structuralSharing: false,
  });
}

function readPage(answer: EjsonObject, name: string): BrowsedPage {
  const documents = listOf(answer.get("documents")).map((each): BrowsedDocument => ({
    document: mustObject(each.get("document") ?? null),
    id: each.get("id") ?? null,
    bytes: countOf(each.get("bytes")),
    isCut: each.get("isCut") === true,
  }));
  return { documents, next: answer.get("next") ?? undefined, name };
}

export function countQuery(place: Place, { filter, collation }: Query) {
  const asked = toEjson({ filter, collation });
  return queryOptions({
    queryKey: [...keyOf(place), "count", printEjson(asked)],
    queryFn: async ({ signal }) =>
      countOf((await act(place, "countDocuments", asked as EjsonObject, signal)).get("count")),
  });
}

export function indexesQuery(place: Place) {
  return queryOptions({
    queryKey: [...keyOf(place), "indexes"],
    queryFn: async () => listOf(await readEjson({ path: `${collectionPath(place)}/indexes` })),
  });
}

/** What is read again when something in a collection changed. */
export function keyOf({ source, database, collection }: Place): readonly string[] {
  return [source, "in", database, collection];
}

/** One of the Data API's actions, or one of the admin API's own, as the system. */
export async function act(
  { source, database, collection }: Place,
  action: string,
  fields: EjsonObject | Readonly<Record<string, Plain | undefined>>,
  signal?: AbortSignal,
): Promise<EjsonObject> {
  const given = fields instanceof EjsonObject ? fields : (toEjson(fields) as EjsonObject);
  const body = new EjsonObject(
    ["database", "collection", ...given.names],
    [database, collection, ...given.values],
  );
  return mustObject(
    await readEjson({
      method: "POST",
      path: `${source}/actions/${action}`,
      body: printEjson(body),
      ...(signal !== undefined && { signal }),
    }),
  );
}

export interface SeenDocument {
  readonly document: EjsonObject;
  /** Of what is stored, to be told when another changed it. */
  readonly version: string;
  /** Whether its text says all of it. */
  readonly isTrue: boolean;
}

/** @returns undefined where it is gone */
export async function readSeen(place: Place, id: Ejson): Promise<SeenDocument | undefined> {
  const answer = await act(place, "readSeen", { id });
  const document = answer.get("document");
  if (!(document instanceof EjsonObject)) return undefined;
  return {
    document,
    version: textOf(answer.get("version")),
    isTrue: answer.get("isTrue") === true,
  };
}

export interface Replaced {
  readonly isReplaced: boolean;
  /** What is stored now; undefined where it is gone. */
  readonly now: { readonly document: EjsonObject; readonly version: string } | undefined;
}

/** Only where it still is what was seen: what others changed meanwhile must not be undone. */
export async function replaceSeen(
  place: Place,
  wanted: { readonly id: Ejson; readonly version: string; readonly replacement: EjsonObject },
): Promise<Replaced> {
  const answer = await act(place, "replaceSeen", { ...wanted });
  const document = answer.get("document");
  return {
    isReplaced: answer.get("replaced") === true,
    now:
      document instanceof EjsonObject
        ? { document, version: textOf(answer.get("version")) }
        : undefined,
  };
}

export async function findDocuments(
  place: Place,
  action: "find" | "aggregate",
  fields: Readonly<Record<string, Plain | undefined>>,
  signal?: AbortSignal,
): Promise<readonly EjsonObject[]> {
  return listOf((await act(place, action, fields, signal)).get("documents"));
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

export async function createIndex(place: Place, keys: Ejson, options: Ejson): Promise<void> {
  const path = `${collectionPath(place)}/indexes`;
  await call({ method: "POST", path, body: printEjson(toEjson({ keys, options })) });
}

export async function dropIndex(place: Place, name: string): Promise<void> {
  const path = `${collectionPath(place)}/indexes/${encodeURIComponent(name)}`;
  await call({ method: "DELETE", path });
}

async function readEjson(wanted: Parameters<typeof open>[0]): Promise<Ejson> {
  return parseEjson(await (await open(wanted)).text());
}

function mustObject(value: Ejson): EjsonObject {
  if (value instanceof EjsonObject) return value;
  throw new TypeError("the server answered something else than was expected");
}

function listOf(value: Ejson | undefined): readonly EjsonObject[] {
  return isEjsonArray(value) ? value.filter((each) => each instanceof EjsonObject) : [];
}

function collectionsPath(source: string, database: string): string {
  return `${source}/databases/${encodeURIComponent(database)}/collections`;
}

export function collectionPath({ source, database, collection }: Place): string {
  return `${collectionsPath(source, database)}/${encodeURIComponent(collection)}`;
}
