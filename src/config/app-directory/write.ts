/** Writes all parts of an app; what was not changed since it was read keeps its bytes. */
import type { AppConfig, FunctionConfig, Layout } from "../app-config.ts";
import { sourceFile } from "../source-file.ts";
import { writePart } from "./codec.ts";
import { customUserDataCodec, customUserDataFile } from "./custom-user-data.ts";
import { dataApiCodec, dataApiFile } from "./data-api.ts";
import { endpointCodec, endpointsFile } from "./endpoints.ts";
import { environmentCodec, environmentFile } from "./environments.ts";
import { fileNameOf, folderOf } from "./file-name.ts";
import { functionCodec, functionsFile } from "./functions.ts";
import { fieldsOf, type JsonNode, listNode, objectNode, sameJson, toNode } from "./json-node.ts";
import { logForwarderCodec } from "./log-forwarders.ts";
import { parseJson } from "./parse-json.ts";
import { printFile } from "./print-json.ts";
import { providersFile, writeProvider } from "./providers.ts";
import { codecOf, isLegacy, isRootFile } from "./root.ts";
import { triggerCodec } from "./triggers.ts";
import { valueCodec } from "./values.ts";
import { writeDataSources } from "./write-data-sources.ts";

/** Where the parts put their files. */
export interface Writing {
  readonly app: AppConfig;
  readonly layout: Layout;
  /** Whether the layout is the one that the app was read from: only then do files keep their places. */
  readonly isSameLayout: boolean;
  readonly put: (path: string, node: JsonNode) => void;
  readonly putText: (path: string, text: string) => void;
}

export function writeFiles(app: AppConfig, layout: Layout): Map<string, Uint8Array> {
  const out = new Map<string, Uint8Array>();
  const writing: Writing = {
    app,
    layout,
    isSameLayout: isLegacy(layout) === isLegacy(app.layout),
    put(path, node) {
      out.set(path, printedAs(app.files.get(path), node));
    },
    putText(path, text) {
      out.set(path, Buffer.from(text));
    },
  };
  for (const path of app.kept) {
    const bytes = app.files.get(path);
    // An older root file beside the one that counts would count itself once that has another name.
    const isRival = layout.rootFile !== app.layout.rootFile && isRootFile(path);
    if (bytes !== undefined && !isRival) out.set(keptPath(path, app.layout, layout), bytes);
  }
  writeRoot(writing);
  for (const [name, environment] of app.environments)
    writing.put(environmentFile(name), writePart(environmentCodec, environment));
  for (const value of app.values.values())
    writing.put(placeOf(value, "values"), writePart(valueCodec, value));
  writeProviders(writing);
  writeFunctions(writing);
  writeEndpoints(writing);
  writeDataSources(writing);
  for (const trigger of app.triggers)
    writing.put(placeOf(trigger, "triggers"), writePart(triggerCodec, trigger));
  for (const forwarder of app.logForwarders)
    writing.put(placeOf(forwarder, "log_forwarders"), writePart(logForwarderCodec, forwarder));
  return new Map([...out].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** Of parts that have a file each, whatever the layout. */
function placeOf(
  part: { readonly name: string; readonly origin?: AppConfig["origin"] },
  folder: string,
): string {
  return part.origin?.file.path ?? `${folder}/${fileNameOf(part.name)}.json`;
}

/** The bytes that stood there, where they say the same. */
function printedAs(former: Uint8Array | undefined, node: JsonNode): Uint8Array {
  if (former === undefined) return Buffer.from(printFile(node));
  const text = Buffer.from(former).toString("utf8");
  const { root } = parseJson(text);
  if (
    root !== undefined &&
    (sameJson(root, node, { fieldOrder: "counts" }) || isNothing(root, node))
  )
    return former;
  return Buffer.from(printFile(node, text));
}

/** `null` is what stood there for a list or object without anything in it. */
function isNothing(root: JsonNode, node: JsonNode): boolean {
  if (root.kind !== "null") return false;
  return node.kind === "list" ? node.items.length === 0 : fieldsOf(node).size === 0;
}

function keptPath(path: string, from: Layout, to: Layout): string {
  const folder = `${from.endpointsFolder}/`;
  return path.startsWith(folder) ? `${to.endpointsFolder}/${path.slice(folder.length)}` : path;
}

const olderFields = new Set(["config_version", "security", "custom_user_data_config"]);

function writeRoot({ app, layout, put, isSameLayout }: Writing): void {
  const codec = codecOf(layout);
  const isAsRead = layout.version === app.layout.version;
  const node = isAsRead ? writePart(codec, app) : convertRoot();
  const { customUserData } = app;
  if (!isLegacy(layout)) {
    put(layout.rootFile, node);
    if (customUserData !== undefined)
      put(customUserDataFile, writePart(customUserDataCodec(nameOfId), customUserData));
    return;
  }
  const fields = new Map(fieldsOf(node));
  const part =
    customUserData === undefined
      ? undefined
      : writePart(customUserDataCodec(nameOfId), customUserData);
  if (part !== undefined) fields.set("custom_user_data_config", part);
  else if (fields.get("custom_user_data_config")?.kind !== "null")
    fields.delete("custom_user_data_config");
  put(layout.rootFile, objectNode(fields));

  /** What the model does not know goes along; what another layout keeps elsewhere does not. */
  function convertRoot(): JsonNode {
    const { origin, ...unread } = { ...app, layout };
    const known = fieldsOf(toNode(codec.write(unread)));
    const others = [...fieldsOf(origin?.node)].filter(
      ([name]) => !olderFields.has(name) && (isSameLayout || name !== "allowed_request_origins"),
    );
    return objectNode(new Map([...known, ...others.filter(([name]) => !known.has(name))]));
  }

  function nameOfId(id: string): string | undefined {
    for (const source of app.dataSources.values()) {
      const stated = fieldsOf(source.origin?.node).get("id");
      if (stated?.kind === "text" && stated.value === id) return source.name;
    }
    return undefined;
  }
}

function writeProviders({ app, layout, put, isSameLayout }: Writing): void {
  if (isLegacy(layout)) {
    for (const provider of app.providers.values()) {
      const former = isSameLayout ? provider.origin?.file.path : undefined;
      put(former ?? `auth_providers/${provider.type}.json`, writeProvider(provider));
    }
    return;
  }
  if (app.providers.size === 0 && !isThere(app, providersFile)) return;
  put(
    providersFile,
    objectNode(new Map([...app.providers].map(([type, each]) => [type, writeProvider(each)]))),
  );
}

function isThere(app: AppConfig, path: string): boolean {
  return app.files.has(path) && !app.kept.has(path);
}

function writeFunctions({ app, layout, put, putText, isSameLayout }: Writing): void {
  const functions = [...app.functions.values()];
  if (isLegacy(layout)) {
    for (const each of functions) {
      const former = isSameLayout ? each.origin : undefined;
      const folder = former === undefined ? `functions/${each.name}` : folderOf(former.file.path);
      put(`${folder}/config.json`, writePart(functionCodec(""), each));
      putText(`${folder}/source.js`, each.source);
    }
    return;
  }
  for (const each of functions) putText(sourceFile(each), each.source);
  const listed = functions.filter((each) => each.origin !== undefined || !isUnlisted(app, each));
  if (listed.length === 0 && !isThere(app, functionsFile)) return;
  put(functionsFile, listNode(listed.map((each) => writePart(functionCodec(""), each))));
}

/** A source that never had an entry needs none while nothing is said of it. */
function isUnlisted(app: AppConfig, each: FunctionConfig): boolean {
  return (
    app.files.has(sourceFile(each)) &&
    !each.private &&
    !each.disableArgLogs &&
    each.canEvaluate === undefined &&
    each.runAs.kind === "caller"
  );
}

function writeEndpoints({ app, layout, put }: Writing): void {
  if (app.endpoints.length > 0 || isThere(app, endpointsFile(app.layout)))
    put(
      endpointsFile(layout),
      listNode(app.endpoints.map((each) => writePart(endpointCodec, each))),
    );
  if (app.dataApi !== undefined) put(dataApiFile(layout), writePart(dataApiCodec, app.dataApi));
}
