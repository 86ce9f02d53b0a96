/** Parts of a directory that Petiole keeps and does not serve: what that means for the app. */
import { foldersIn } from "./data-sources.ts";
import { fieldOf, fieldsOf, itemsOf, type JsonFile, textOf } from "./json-node.ts";
import { parseJson } from "./parse-json.ts";
import type { Reading } from "./reading.ts";
import { httpServiceAt } from "./webhooks.ts";

/** `isLegacy`: services hold data sources too. */
export function warnOfUnserved(
  reading: Reading,
  root: JsonFile | undefined,
  options: { readonly isLegacy: boolean; readonly endpointsFolder: string },
): void {
  warnOfGraphql(reading);
  warnOfSync(reading);
  warnOfHosting(reading, root);
  warnOfServices(reading, options.isLegacy);
  warnOfWebhooks(reading, options.endpointsFolder);
  warnOfSecrets(reading);
  warnOfOtherLayout(reading, options.isLegacy);
}

/** Every new app has defaults for GraphQL; only its own resolvers say that it is used. */
function warnOfGraphql(reading: Reading): void {
  const resolvers = reading
    .below("graphql/custom_resolvers")
    .filter((path) => path.endsWith(".json"));
  if (resolvers.length > 0)
    reading.report.warn(
      { file: "graphql", path: [] },
      `GraphQL is not served: requests to it, and the app's custom resolvers (${resolvers.length}), have no answer; kept`,
    );
}

/** `{"development_mode_enabled": false}` is what every new app has. */
function warnOfSync(reading: Reading): void {
  const file = reading.json("sync/config.json");
  const state = textOf(fieldOf(file?.root, "state"));
  const mode = fieldOf(file?.root, "development_mode_enabled");
  const isUsed = state === "enabled" || (mode?.kind === "boolean" && mode.value);
  if (file !== undefined && isUsed)
    reading.report.warn(
      { file, path: state === "enabled" ? ["state"] : ["development_mode_enabled"] },
      "Device Sync is not served: apps that synchronize can not connect; kept",
    );
}

function warnOfHosting(reading: Reading, root: JsonFile | undefined): void {
  const hosted = reading.below("hosting/files");
  const listed = itemsOf(reading.json("hosting/metadata.json")?.root);
  const config = reading.json("hosting/config.json");
  const isOn = [
    fieldOf(config?.root, "enabled"),
    fieldOf(fieldOf(root?.root, "hosting"), "enabled"),
  ].some((node) => node?.kind === "boolean" && node.value);
  if (!isOn && hosted.length === 0 && listed.length === 0) return;
  reading.report.warn(
    {
      file: hosted.length > 0 || config !== undefined ? "hosting" : (root?.path ?? "hosting"),
      path: [],
    },
    `static hosting is not served: serve these files (${Math.max(hosted.length, listed.length)}) with a web server; kept`,
  );
}

const mongoTypes = new Set(["mongodb-atlas", "mongodb", "datalake"]);

function warnOfServices(reading: Reading, isLegacy: boolean): void {
  for (const folder of foldersIn(reading, "services")) {
    const file = reading.json(`${folder}/config.json`);
    const type = textOf(fieldOf(file?.root, "type")) ?? "unknown";
    if (mongoTypes.has(type)) {
      if (!isLegacy)
        reading.report.warn(
          { file: folder, path: [] },
          "a data source lies in data_sources/ in this version of the configuration; this one is kept and not used",
        );
      continue;
    }
    // Its webhooks are converted, and functions find it.
    if (httpServiceAt(reading, folder) !== undefined) continue;
    const webhooks = foldersIn(reading, `${folder}/incoming_webhooks`).length;
    const rest =
      webhooks === 0
        ? ""
        : `, and its incoming webhooks (${webhooks}) have no answer: write them as endpoints`;
    reading.report.warn(
      { file: folder, path: [] },
      `third-party services are not served: context.services.get() finds no service of type "${type.slice(0, 64)}"${rest}; kept`,
    );
  }
}

/** The services of type `http` that lay beside the endpoints before there were any. */
function warnOfWebhooks(reading: Reading, endpointsFolder: string): void {
  for (const folder of foldersIn(reading, endpointsFolder)) {
    if (httpServiceAt(reading, folder) !== undefined) continue;
    const webhooks = foldersIn(reading, `${folder}/incoming_webhooks`).length;
    reading.report.warn(
      { file: folder, path: [] },
      `HTTP services are not served: the incoming webhooks (${webhooks}) have no answer; write them as endpoints in ${endpointsFolder}/config.json; kept`,
    );
  }
}

/** Never kept: a deployment holds no secret. */
function warnOfSecrets(reading: Reading): void {
  if (!reading.has(secretsFile)) return;
  // Not by way of the other files: what is wrong in it would be shown, and no harm is done by it.
  const { root } = parseJson(reading.text(secretsFile) ?? "");
  const count = [...fieldsOf(root).values()]
    .flatMap((section) => [...fieldsOf(section).values()])
    .reduce((sum, owner) => sum + fieldsOf(owner).size, 0);
  if (count > 0)
    reading.report.warn(
      { file: secretsFile, path: [] },
      `is no part of an app: the secrets in it (${count}) are not taken over; set them with \`petiole secrets\``,
    );
}

export const secretsFile = "secrets.json";

function warnOfOtherLayout(reading: Reading, isLegacy: boolean): void {
  const [folder, other] = isLegacy
    ? ["data_sources", "services/"]
    : ["auth_providers", "auth/providers.json"];
  if (reading.below(folder).length > 0)
    reading.report.warn(
      { file: folder, path: [] },
      `belongs to another version of the configuration: in this one it is ${other}; kept and not used`,
    );
}
