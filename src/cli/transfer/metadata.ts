/** What a collection is beside its documents: options and indexes, in the form of `mongodump`'s metadata files. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Doc } from "../../bson/doc.ts";
import { parseEjson } from "../../bson/parse-ejson.ts";
import { toText } from "../../bson/stringify.ts";
import { isArray } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Collection, DataSource } from "../../sources/source.ts";

/** @param listed the collection's entry of `listCollections` */
export async function writeMetadata(
  collection: Collection,
  listed: Doc,
  file: string,
): Promise<void> {
  const options = listed.get("options");
  const metadata = Doc.of({
    options: options instanceof Doc ? options : Doc.empty,
    indexes: await collection.listIndexes(),
    collectionName: collection.name,
    type: "collection",
  });
  writeFileSync(`${file}.metadata.json`, `${toText(metadata, "canonical")}\n`, { mode: 0o600 });
}

export interface Metadata {
  readonly options: Doc;
  readonly indexes: readonly Doc[];
}

/** Nothing special where there is no file. @throws {Fault} `BadRequest` for one that is none */
export function readMetadata(file: string): Metadata {
  const name = `${file}.metadata.json`;
  if (!existsSync(name)) return { options: Doc.empty, indexes: [] };
  try {
    const metadata = parseEjson(readFileSync(name));
    const options = metadata.get("options");
    const indexes = metadata.get("indexes");
    return {
      options: options instanceof Doc ? options : Doc.empty,
      indexes: isArray(indexes) ? indexes.filter((each) => each instanceof Doc) : [],
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault("BadRequest", `${name}: ${error.message}`, { cause: error });
  }
}

/** Makes the collection, unless it is there. @returns why its options could not be had; undefined when they were */
export async function makeCollection(
  source: DataSource,
  { database, name }: Collection,
  { options }: Metadata,
): Promise<string | undefined> {
  const listed = await source.listCollections(database);
  if (listed.some((each) => each.get("name") === name)) return undefined;
  try {
    await source.createCollection(database, name, options.without("uuid"));
    return undefined;
  } catch (error) {
    if (!(error instanceof MongoError) || options.size === 0) throw error;
    await source.createCollection(database, name);
    return `${database}.${name}: made without its options: ${error.message}`;
  }
}

/** Makes the indexes. @returns a line for each that could not be made */
export async function makeIndexes(
  collection: Collection,
  { indexes }: Metadata,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const index of indexes) {
    const key = index.get("key");
    const name = index.get("name");
    if (!(key instanceof Doc) || typeof name !== "string" || name === "_id_") continue;
    const options = ["v", "key", "ns", "background"].reduce(
      (rest, each) => rest.without(each),
      index,
    );
    try {
      await collection.createIndex(key, options);
    } catch (error) {
      if (!(error instanceof MongoError)) throw error;
      problems.push(
        `${collection.database}.${collection.name}: index ${name} not made: ${error.message}`,
      );
    }
  }
  return problems;
}
