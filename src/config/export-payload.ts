/** The files of a directory of version 20210101 → the one JSON object that stands for them: what `import-payload.ts` reads. */
import type { AppFiles } from "./app-package.ts";

type Fields = Record<string, unknown>;

const rootFile = "realm_config.json";
/** File → where its content stands. */
const places: ReadonlyMap<string, readonly string[]> = new Map([
  ["auth/custom_user_data.json", ["auth", "custom_user_data"]],
  ["auth/providers.json", ["auth", "providers"]],
  ["functions/config.json", ["functions", "config"]],
  ["sync/config.json", ["sync", "config"]],
  ["http_endpoints/config.json", ["endpoints", "config"]],
  ["http_endpoints/data_api_config.json", ["data_api_config"]],
  ["graphql/config.json", ["graphql", "config"]],
]);
/** Folder → the list of its files' contents. */
const lists: readonly (readonly [folder: string, place: readonly string[]])[] = [
  ["values", ["values"]],
  ["triggers", ["triggers"]],
  ["log_forwarders", ["log_forwarders"]],
  ["graphql/custom_resolvers", ["graphql", "custom_resolvers"]],
];

/** What is no configuration, or lies in a service of an older kind, is left out, as by the original. */
export function toExportPayload(files: AppFiles): Readonly<Fields> {
  const payload: Fields = { ...readJson(files.get(rootFile)) };
  const sources: Fields = {};
  const dataSources = new Map<string, Fields & { rules: Map<string, Fields> }>();
  for (const [path, bytes] of files) {
    const place = places.get(path);
    const list = lists.find(([folder]) => path.startsWith(`${folder}/`))?.[1];
    const [folder = "", name = "", ...rest] = path.split("/");
    if (place !== undefined) put(payload, place, readJson(bytes));
    else if (list !== undefined) add(payload, list, readJson(bytes));
    else if (folder === "environments") put(payload, [folder, name], readJson(bytes));
    else if (folder === "functions" && path.endsWith(".js"))
      sources[path.slice("functions/".length)] = Buffer.from(bytes).toString("utf8");
    else if (folder === "data_sources") {
      const source = dataSources.get(name) ?? { rules: new Map() };
      dataSources.set(name, source);
      addToSource(source, rest, readJson(bytes));
    }
  }
  if (Object.keys(sources).length > 0) put(payload, ["functions", "sources"], sources);
  payload["data_sources"] = [...dataSources.values()].map(({ rules, ...source }) => ({
    ...source,
    rules: [...rules.values()],
  }));
  return payload;
}

function addToSource(
  source: Fields & { rules: Map<string, Fields> },
  [first = "", collection, file]: readonly string[],
  content: unknown,
): void {
  if (collection === undefined) {
    source[first.replace(/\.json$/, "")] = content;
    return;
  }
  const place = `${first}/${collection}`;
  const rules = source.rules.get(place) ?? { database: first, collection };
  source.rules.set(place, rules);
  if (file === "rules.json") Object.assign(rules, content);
  else rules[(file ?? "").replace(/\.json$/, "")] = content;
}

function put(payload: Fields, [first = "", second]: readonly string[], content: unknown): void {
  if (second === undefined) payload[first] = content;
  else payload[first] = { ...(payload[first] as Fields | undefined), [second]: content };
}

function add(payload: Fields, [first = "", second]: readonly string[], content: unknown): void {
  const holder = payload[first] as Fields | undefined;
  const known = second === undefined ? payload[first] : holder?.[second];
  put(payload, second === undefined ? [first] : [first, second], [
    ...((known ?? []) as readonly unknown[]),
    content,
  ]);
}

function readJson(bytes: Uint8Array | undefined): Fields {
  return bytes === undefined ? {} : (JSON.parse(Buffer.from(bytes).toString("utf8")) as Fields);
}
