/** The one JSON object that the original's tool sends for a directory → the files of that directory. */
import { Fault } from "../kit/fault.ts";
import type { AppConfig } from "./app-config.ts";
import { fileNameOf } from "./app-directory/file-name.ts";
import type { AppFiles } from "./app-package.ts";

type Fields = Readonly<Record<string, unknown>>;
type Put = (file: string, content: unknown) => void;

export interface ImportPayload {
  /** Of the configuration that it is laid out in. */
  readonly version: 20180301 | 20200603 | 20210101;
  readonly files: AppFiles;
}

const rootFiles = {
  20180301: "stitch.json",
  20200603: "config.json",
  20210101: "realm_config.json",
} as const;

const rootFields: readonly string[] = [
  "config_version",
  "app_id",
  "name",
  "location",
  "deployment_model",
  "environment",
  "allowed_request_origins",
  "security",
  "hosting",
  "custom_user_data_config",
];

/**
 * @param live what is live: a part of it that comes again keeps its file, since the payload has lost the names
 * @throws {Fault} `BadRequest` for what is no such object
 */
export function readImportPayload(payload: unknown, live: AppConfig): ImportPayload {
  const fields = toFields(payload, "the payload");
  const version = fields["config_version"];
  if (version !== 20180301 && version !== 20200603 && version !== 20210101)
    throw new Fault("BadRequest", "config_version must be 20180301, 20200603 or 20210101");
  const files = new Map<string, Uint8Array>();
  const put: Put = (file, content) => {
    if (content === undefined) return;
    const text = typeof content === "string" ? content : `${JSON.stringify(content, null, 4)}\n`;
    files.set(file, Buffer.from(text));
  };
  put(rootFiles[version], rootOf(fields, version));
  putShared(fields, live, put);
  if (version === 20210101) putModern(fields, live, put);
  else putLegacy(fields, put);
  return { version, files };
}

function rootOf(fields: Fields, version: ImportPayload["version"]): Fields {
  const names = version === 20210101 ? rootFields : [...rootFields, "sync"];
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(fields, name)).map((name) => [name, fields[name]]),
  );
}

function putShared(fields: Fields, live: AppConfig, put: Put): void {
  for (const [file, content] of Object.entries(toFields(fields["environments"] ?? {})))
    put(`environments/${file}`, content);
  const places: readonly [string, string, (name: string) => string | undefined][] = [
    ["values", "values", (name) => live.values.get(name)?.origin?.file.path],
    ["triggers", "triggers", (name) => pathIn(live.triggers, name)],
    ["log_forwarders", "log_forwarders", (name) => pathIn(live.logForwarders, name)],
  ];
  for (const [field, folder, placeOf] of places)
    for (const part of toList(fields[field])) {
      const name = nameOf(part);
      put(placeOf(name) ?? `${folder}/${fileNameOf(name)}.json`, part);
    }
  const graphql = toFields(fields["graphql"] ?? {});
  put("graphql/config.json", graphql["config"]);
  for (const [index, resolver] of toList(graphql["custom_resolvers"]).entries())
    put(`graphql/custom_resolvers/${resolverName(toFields(resolver), index)}.json`, resolver);
}

function pathIn(
  parts: AppConfig["triggers"] | AppConfig["logForwarders"],
  wanted: string,
): string | undefined {
  return parts.find(({ name }) => name === wanted)?.origin?.file.path;
}

function resolverName({ on_type: type, field_name: field }: Fields, index: number): string {
  if (typeof type !== "string" || typeof field !== "string") return `resolver_${index}`;
  return fileNameOf(`${type}_${field}`);
}

function putModern(fields: Fields, live: AppConfig, put: Put): void {
  const auth = toFields(fields["auth"] ?? {});
  put("auth/custom_user_data.json", auth["custom_user_data"]);
  put("auth/providers.json", auth["providers"]);
  const functions = toFields(fields["functions"] ?? {});
  put("functions/config.json", functions["config"]);
  for (const [path, source] of Object.entries(toFields(functions["sources"] ?? {})))
    put(`functions/${path}`, source);
  put("sync/config.json", toFields(fields["sync"] ?? {})["config"]);
  put("http_endpoints/config.json", toFields(fields["endpoints"] ?? {})["config"]);
  put("http_endpoints/data_api_config.json", fields["data_api_config"]);
  for (const source of toList(fields["data_sources"])) putDataSource(toFields(source), live, put);
  putServices(fields["http_endpoints"], "http_endpoints", put);
  putServices(fields["services"], "services", put);
}

function putDataSource(source: Fields, live: AppConfig, put: Put): void {
  const name = nameOf(source["config"]);
  const known = live.dataSources.get(name);
  const folder = modernFolder(known?.folder) ?? `data_sources/${fileNameOf(name)}`;
  put(`${folder}/config.json`, source["config"]);
  put(`${folder}/default_rule.json`, source["default_rule"]);
  for (const each of toList(source["rules"])) {
    const { schema, relationships, ...rules } = toFields(each);
    const { database, collection } = rules;
    const [db, coll] = [toText(database), toText(collection)];
    const place =
      modernFolder(known?.collections.get(`${db}.${coll}`)?.folder) ??
      `${folder}/${fileNameOf(db)}/${fileNameOf(coll)}`;
    // Without a rules.json, the two names come from the folders.
    if (Object.keys(rules).length > 2) put(`${place}/rules.json`, rules);
    put(`${place}/schema.json`, schema);
    put(`${place}/relationships.json`, relationships);
  }
}

/** In older versions a data source lies elsewhere. */
function modernFolder(folder: string | undefined): string | undefined {
  return folder?.startsWith("data_sources/") === true ? folder : undefined;
}

function putLegacy(fields: Fields, put: Put): void {
  for (const provider of toList(fields["auth_providers"]))
    put(`auth_providers/${fileNameOf(nameOf(provider))}.json`, provider);
  for (const each of toList(fields["functions"])) {
    const { config, source } = toFields(each);
    const folder = `functions/${fileNameOf(nameOf(config))}`;
    put(`${folder}/config.json`, config);
    put(`${folder}/source.js`, source);
  }
  put("data_api_config.json", fields["data_api_config"]);
  putServices(fields["services"], "services", put);
}

function putServices(services: unknown, root: string, put: Put): void {
  for (const each of toList(services)) {
    const service = toFields(each);
    const folder = `${root}/${fileNameOf(nameOf(service["config"]))}`;
    put(`${folder}/config.json`, service["config"]);
    put(`${folder}/default_rule.json`, service["default_rule"]);
    for (const rule of toList(service["rules"])) {
      const { name, database, collection } = toFields(rule);
      const file = typeof name === "string" ? name : `${toText(database)}.${toText(collection)}`;
      put(`${folder}/rules/${fileNameOf(file)}.json`, rule);
    }
    for (const webhook of toList(service["incoming_webhooks"])) {
      const { config, source } = toFields(webhook);
      const place = `${folder}/incoming_webhooks/${fileNameOf(nameOf(config))}`;
      put(`${place}/config.json`, config);
      put(`${place}/source.js`, source);
    }
  }
}

function nameOf(part: unknown): string {
  return toText(toFields(part, "a part")["name"], "the name of a part");
}

function toText(value: unknown, what = "database and collection"): string {
  if (typeof value === "string" && value !== "") return value;
  throw new Fault("BadRequest", `${what} must be a text`);
}

function toFields(value: unknown, what = "a part of the payload"): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Fault("BadRequest", `${what} must be an object`);
}

function toList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new Fault("BadRequest", "a part of the payload must be a list");
}
