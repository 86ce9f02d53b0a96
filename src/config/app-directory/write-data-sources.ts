/** Writes data sources with their rules, schemas and relationships. */
import type { CollectionConfig, DataSourceConfig } from "../app-config.ts";
import { writePart } from "./codec.ts";
import { relationshipsCodec, rulesCodec, type RulesPart, schemaCodec } from "./collection.ts";
import { dataSourceCodec } from "./data-sources.ts";
import { fileNameOf } from "./file-name.ts";
import { fieldOf, fieldsOf, type JsonNode, objectNode } from "./json-node.ts";
import { isLegacy } from "./root.ts";
import type { Writing } from "./write.ts";

export function writeDataSources(writing: Writing): void {
  const { app, put, layout, isSameLayout } = writing;
  const root = isLegacy(layout) ? "services" : "data_sources";
  for (const source of app.dataSources.values()) {
    const isInPlace = isSameLayout && source.origin !== undefined;
    const folder = isInPlace ? source.folder : `${root}/${fileNameOf(source.name)}`;
    put(`${folder}/config.json`, writePart(dataSourceCodec, source));
    if (source.defaultRule !== undefined)
      put(`${folder}/default_rule.json`, writePart(rulesCodec, source.defaultRule));
    writeCollections(writing, source, folder);
  }
}

function writeCollections(writing: Writing, source: DataSourceConfig, folder: string): void {
  for (const collection of source.collections.values())
    if (isLegacy(writing.layout)) writeOneFile(writing, collection, folder);
    else writeThreeFiles(writing, collection, folder);
}

function writeOneFile(
  { put, isSameLayout }: Writing,
  collection: CollectionConfig,
  folder: string,
): void {
  const { rules, schema, relationships, database } = collection;
  const former = isSameLayout ? rules?.origin?.file.path : undefined;
  const fileName = fileNameOf(`${database}.${collection.collection}`);
  const fields = new Map(fieldsOf(writePart(rulesCodec, rulesPart(collection))));
  const set = (name: string, node: JsonNode | undefined): void => {
    if (node !== undefined) fields.set(name, node);
    // What stood for nothing before may go on doing so.
    else if (fieldsOf(fields.get(name)).size > 0) fields.delete(name);
  };
  set("schema", schema === undefined ? undefined : writePart(schemaCodec, schema));
  set(
    "relationships",
    relationships === undefined ? undefined : writePart(relationshipsCodec, relationships),
  );
  put(former ?? `${folder}/rules/${fileName}.json`, objectNode(fields));
}

function writeThreeFiles(
  { put, isSameLayout }: Writing,
  collection: CollectionConfig,
  sourceFolder: string,
): void {
  const { rules, schema, relationships, database } = collection;
  const usual = `${sourceFolder}/${fileNameOf(database)}/${fileNameOf(collection.collection)}`;
  const folder = (isSameLayout ? collection.folder : undefined) ?? usual;
  if (rules !== undefined) {
    const node = writePart(rulesCodec, rulesPart(collection));
    const fields = new Map(fieldsOf(node));
    const hasOlder = fields.delete("schema") || fields.delete("relationships");
    fields.delete("relationships");
    put(`${folder}/rules.json`, hasOlder ? objectNode(fields) : node);
  }
  if (schema !== undefined) put(`${folder}/schema.json`, writePart(schemaCodec, schema));
  if (relationships !== undefined)
    put(`${folder}/relationships.json`, writePart(relationshipsCodec, relationships));
  // The original's tool reads no schema that stands alone.
  else if (schema !== undefined && rules === undefined && collection.folder === undefined)
    put(`${folder}/relationships.json`, objectNode(new Map()));
}

/** The rules with the names of what they are about, where the file says them or is to be made. */
function rulesPart({ rules, database, collection }: CollectionConfig): RulesPart {
  const { roles, filters, origin } = rules ?? { roles: [], filters: [] };
  const isStated = (field: string): boolean =>
    origin === undefined || fieldOf(origin.node, field) !== undefined;
  return {
    ...(isStated("database") ? { database } : {}),
    ...(isStated("collection") ? { collection } : {}),
    roles,
    filters,
    ...(origin === undefined ? {} : { origin }),
  };
}
