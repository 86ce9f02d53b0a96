/**
 * `data_sources/NAME/{config,default_rule}.json` and what lies in folders `DATABASE/COLLECTION` below; before 20210101
 * `services/NAME/config.json`, of services that are MongoDB, with one file per collection in `rules/`.
 */
import { Type } from "@sinclair/typebox";
import type { CollectionConfig, DataSourceConfig, Origin, ReadPreference } from "../app-config.ts";
import { type Codec, readPart } from "./codec.ts";
import { type RulesPart, relationshipsCodec, rulesCodec, schemaCodec } from "./collection.ts";
import { folderOf } from "./file-name.ts";
import { given } from "./given.ts";
import { fieldOf, fieldsOf, type JsonFile, textOf } from "./json-node.ts";
import type { Reading } from "./reading.ts";
import { at, show } from "./report.ts";
import { mustBe } from "./root.ts";
import { anything, ids, maybe, oneOf, serviceName, strict } from "./schema.ts";

const readPreferences: readonly ReadPreference[] = [
  "primary",
  "primaryPreferred",
  "secondary",
  "secondaryPreferred",
  "nearest",
];

const schema = Type.Object(
  {
    ...ids,
    name: serviceName,
    type: oneOf(["mongodb-atlas", "datalake", "mongodb"]),
    config: maybe(
      Type.Object(
        {
          clusterName: maybe(Type.String()),
          dataLakeName: maybe(Type.String()),
          readPreference: maybe(oneOf([...readPreferences, ""])),
          readPreferenceTagSets: anything(),
          wireProtocolEnabled: maybe(Type.Boolean()),
          sync: anything(),
          flexible_sync: anything(),
        },
        strict,
      ),
    ),
    secret_config: anything(),
    version: anything(),
  },
  strict,
);

export const dataSourceCodec: Codec<typeof schema, DataSourceConfig> = {
  schema,
  verbatim: new Set(["sync", "flexible_sync"]),
  read: (wire, origin) => ({
    name: wire.name,
    folder: folderOf(origin.file.path),
    type: wire.type === "datalake" ? "datalake" : "mongodb-atlas",
    clusterName: wire.config?.clusterName ?? wire.config?.dataLakeName,
    readPreference: wire.config?.readPreference || "primary",
    wireProtocolEnabled: wire.config?.wireProtocolEnabled ?? false,
    defaultRule: undefined,
    collections: new Map(),
    origin,
  }),
  write: (source) => ({
    name: source.name,
    type: source.type,
    config:
      source.type === "datalake"
        ? { dataLakeName: source.clusterName }
        : {
            clusterName: source.clusterName,
            readPreference: source.readPreference,
            wireProtocolEnabled: source.wireProtocolEnabled,
          },
    version: source.origin === undefined ? 1 : undefined,
  }),
};

export function readDataSources(
  reading: Reading,
  options: { readonly isLegacy: boolean },
): ReadonlyMap<string, DataSourceConfig> {
  const root = options.isLegacy ? "services" : "data_sources";
  const sources = new Map<string, DataSourceConfig>();
  for (const folder of foldersIn(reading, root)) {
    const path = `${folder}/config.json`;
    const file = reading.json(path);
    if (file === undefined) {
      if (!options.isLegacy && !reading.has(path))
        reading.report.wrong(
          { file: path, path: [] },
          "the configuration of the data source",
          "no file",
        );
      continue;
    }
    // Other services are no data sources; that they are not served is said elsewhere.
    if (options.isLegacy && !isMongo(file)) continue;
    reading.claim(path);
    if (!mustBe(reading, file, "object")) continue;
    const source = readPart(dataSourceCodec, reading, file, file.root);
    if (source === undefined) continue;
    warnOfSync(reading, file);
    const defaultRule = readRules(reading, `${folder}/default_rule.json`);
    const complete = {
      ...source,
      defaultRule,
      collections: options.isLegacy
        ? readRuleFiles(reading, folder)
        : readCollections(reading, folder),
    };
    const former = sources.get(source.name);
    if (former === undefined) sources.set(source.name, complete);
    else
      reading.report.wrong(
        { file, path: ["name"] },
        "a name that no other data source has",
        `"${source.name}", as in ${former.folder}`,
      );
  }
  return sources;
}

/** The folders directly in a folder. */
export function foldersIn(reading: Reading, folder: string): readonly string[] {
  const names = new Set<string>();
  for (const path of reading.below(folder)) {
    const [name, ...rest] = path.slice(folder.length + 1).split("/");
    if (name !== undefined && rest.length > 0) names.add(`${folder}/${name}`);
  }
  return [...names];
}

const mongoTypes = new Set(["mongodb-atlas", "mongodb", "datalake"]);

function isMongo(file: JsonFile): boolean {
  return mongoTypes.has(textOf(fieldOf(file.root, "type")) ?? "");
}

function warnOfSync(reading: Reading, file: JsonFile): void {
  const config = fieldOf(file.root, "config");
  for (const name of ["sync", "flexible_sync"])
    if (textOf(fieldOf(fieldOf(config, name), "state")) === "enabled")
      reading.report.warn(
        { file, path: ["config", name] },
        "Device Sync is not served: apps that synchronize can not, and these permissions are not used; kept",
      );
}

function readRules(reading: Reading, path: string): RulesPart | undefined {
  const file = reading.json(path);
  if (file === undefined || !mustBe(reading, file, "object")) return undefined;
  reading.claim(path);
  return readPart(rulesCodec, reading, file, file.root);
}

function readCollections(reading: Reading, folder: string): ReadonlyMap<string, CollectionConfig> {
  const collections = new Map<string, CollectionConfig>();
  for (const database of foldersIn(reading, folder))
    for (const inner of foldersIn(reading, database)) {
      const collection = readCollection(reading, inner);
      if (collection !== undefined) addCollection(reading, collections, collection, inner);
    }
  return collections;
}

function addCollection(
  reading: Reading,
  collections: Map<string, CollectionConfig>,
  collection: CollectionConfig,
  place: string,
): void {
  const namespace = `${collection.database}.${collection.collection}`;
  if (collections.has(namespace))
    reading.report.wrong(
      { file: place, path: [] },
      "a collection that no other file is about",
      `${namespace} for the second time`,
    );
  else collections.set(namespace, collection);
}

function readCollection(reading: Reading, folder: string): CollectionConfig | undefined {
  const rules = readRules(reading, `${folder}/rules.json`);
  const schemaPart = readSchema(reading, `${folder}/schema.json`);
  const relationships = readRelationships(reading, `${folder}/relationships.json`);
  if (rules === undefined && schemaPart === undefined && relationships === undefined)
    return undefined;
  const [, , databaseFolder = "", collectionFolder = ""] = folder.split("/");
  const { database = databaseFolder, collection = collectionFolder } = rules ?? {};
  const isElsewhere = database !== databaseFolder || collection !== collectionFolder;
  if (isElsewhere && rules?.origin !== undefined)
    reading.report.warn(
      at(rules.origin),
      `is about ${database}.${collection}, as it says, and not about ${databaseFolder}.${collectionFolder}, as its folders say`,
    );
  return {
    database,
    collection,
    folder,
    ...given("rules", rules),
    ...given("schema", schemaPart),
    ...given("relationships", relationships),
  };
}

function readRelationships(reading: Reading, path: string): CollectionConfig["relationships"] {
  const file = reading.json(path);
  if (file === undefined || isEmpty(file)) return undefined;
  reading.claim(path);
  return readPart(relationshipsCodec, reading, file, file.root);
}

function readSchema(reading: Reading, path: string): CollectionConfig["schema"] {
  const file = reading.json(path);
  if (file === undefined || isEmpty(file)) return undefined;
  reading.claim(path);
  return readPart(schemaCodec, reading, file, file.root);
}

/** An empty object says nothing: the original wrote one where there was no schema, or no relationship. */
function isEmpty({ root }: JsonFile): boolean {
  return root.kind === "object" && root.fields.size === 0;
}

/** Before 20210101 a file held roles, filters, schema and relationships of a collection. */
function readRuleFiles(reading: Reading, folder: string): ReadonlyMap<string, CollectionConfig> {
  const collections = new Map<string, CollectionConfig>();
  for (const path of reading.below(`${folder}/rules`)) {
    if (!path.endsWith(".json")) continue;
    const rules = readRules(reading, path);
    const origin = rules?.origin;
    if (rules === undefined || origin === undefined) continue;
    const { database, collection } = rules;
    if (database === undefined || collection === undefined) {
      const field = database === undefined ? "database" : "collection";
      const found = show(fieldOf(origin.node, field));
      reading.report.wrong(at(origin, field), `the name of a ${field}`, found);
      continue;
    }
    const schemaPart = readInner(schemaCodec, reading, origin, "schema");
    const relationships = readInner(relationshipsCodec, reading, origin, "relationships");
    const made: CollectionConfig = {
      database,
      collection,
      rules,
      ...given("schema", schemaPart),
      ...given("relationships", relationships),
    };
    addCollection(reading, collections, made, path);
  }
  return collections;
}

function readInner<Model extends { readonly origin?: Origin }>(
  codec: Codec<ReturnType<typeof Type.Unsafe<object>>, Model>,
  reading: Reading,
  { file, node }: Origin,
  field: string,
): Model | undefined {
  const inner = fieldOf(node, field);
  if (inner === undefined || inner.kind === "null" || fieldsOf(inner).size === 0) return undefined;
  return readPart(codec, reading, file, inner, [field]);
}
