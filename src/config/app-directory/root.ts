/** The root configuration file: which one it is, what version the directory has, and what the app is called. */
import { type Static, Type } from "@sinclair/typebox";
import type { AppConfig, ConfigVersion, EnvironmentName, Layout, Origin } from "../app-config.ts";
import { type Codec, readPart } from "./codec.ts";
import { given } from "./given.ts";
import { fieldOf, type JsonFile, type JsonMembers, textOf } from "./json-node.ts";
import type { Files, Reading } from "./reading.ts";
import { at, type Reporter, show } from "./report.ts";
import { anything, maybe, oneOf, strict } from "./schema.ts";

/** Empty in templates. */
const namePattern = "^[A-Za-z0-9_-]{0,32}$";

const schema = Type.Object(
  {
    app_id: maybe(Type.String()),
    config_version: maybe(
      Type.Unsafe<ConfigVersion>({
        type: "number",
        enum: [20180301, 20200603, 20210101, 20230101],
        description: "20180301, 20200603, 20210101 or 20230101",
      }),
    ),
    name: maybe(
      Type.String({ pattern: namePattern, description: "1 to 32 letters, digits, '_' or '-'" }),
    ),
    location: maybe(Type.String()),
    provider_region: maybe(Type.String()),
    deployment_model: maybe(oneOf(["GLOBAL", "LOCAL", ""])),
    environment: maybe(
      oneOf(["", "no-environment", "none", "development", "testing", "qa", "production"]),
    ),
    allowed_request_origins: maybe(Type.Array(Type.String())),
    security: maybe(
      Type.Object({ allowed_request_origins: maybe(Type.Array(Type.String())) }, strict),
    ),
    // Ours: the original knew one way.
    hidden_fields: maybe(oneOf(["missing", "stored"])),
    user_regex: maybe(oneOf(["allowed", "refused"])),
    custom_user_data_config: anything(),
    hosting: anything(),
    sync: anything(),
  },
  strict,
);

/** What the root file says of the app. */
export type RootPart = Pick<
  AppConfig,
  | "appId"
  | "name"
  | "environment"
  | "deploymentModel"
  | "location"
  | "providerRegion"
  | "allowedOrigins"
  | "hiddenFields"
  | "userRegex"
  | "origin"
  | "layout"
>;

/** In the order of their precedence: the older ones stay behind when a directory is brought up to date. */
const rootFiles = ["root_config.json", "stitch.json", "config.json", "realm_config.json"] as const;

export function isRootFile(path: string): boolean {
  return rootFiles.some((each) => each === path);
}

const versionOfFile: ReadonlyMap<string, ConfigVersion> = new Map([
  ["root_config.json", 20230101],
  ["realm_config.json", 20210101],
  ["config.json", 20200603],
  ["stitch.json", 20180301],
]);

const fileOfVersion: ReadonlyMap<ConfigVersion, string> = new Map(
  [...versionOfFile].map(([file, version]) => [version, file]),
);

/** How a directory of a version is laid out by those who know no other way. */
export function usualLayout(version: ConfigVersion): Layout {
  return {
    version,
    rootFile: fileOfVersion.get(version) ?? "realm_config.json",
    endpointsFolder: version === 20230101 ? "https_endpoints" : "http_endpoints",
  };
}

/** Whether functions, providers and services have a file or folder each, as they had before 20210101. */
export function isLegacy({ version }: Layout): boolean {
  return version < 20210101;
}

/** The root file that counts, read as JSON; undefined, and reported, where there is none. */
export function findRoot(files: Files): JsonFile | undefined {
  const there = rootFiles.filter((path) => files.has(path));
  // Of several the newest of these names wins, as in the original's tools; config.json is one of other programs too.
  const sound = there.filter((path) => path !== "config.json" || there.length === 1);
  const chosen = [...sound].toSorted((left, right) => versionOf(right) - versionOf(left))[0];
  if (chosen === undefined) {
    files.report.wrong(
      { file: "", path: [] },
      "a root configuration file: root_config.json, realm_config.json, config.json or stitch.json",
      "none",
    );
    return undefined;
  }
  for (const other of there)
    if (other !== chosen)
      files.report.warn({ file: other, path: [] }, `not read, since there is ${chosen}; kept`);
  files.claim(chosen);
  const file = files.json(chosen);
  if (file === undefined && files.text(chosen)?.trim() === "")
    files.report.wrong({ file: chosen, path: [] }, "an object", "an empty file");
  return file;
}

function versionOf(file: string): number {
  return versionOfFile.get(file) ?? 0;
}

/** The environment, from the raw file, since templates need it before anything else can be read. */
export function environmentOf(root: JsonFile | undefined): EnvironmentName {
  const name = textOf(fieldOf(root?.root, "environment"));
  return toEnvironment(name) ?? "";
}

/** @returns undefined for a name that is none of the five */
export function toEnvironment(name: string | undefined): EnvironmentName | undefined {
  switch (name) {
    case "":
    case "no-environment":
    // As exports of 2020 called it.
    case "none":
      return "";
    case "development":
    case "testing":
    case "qa":
    case "production":
      return name;
    default:
      return undefined;
  }
}

export function readRoot(
  reading: Reading,
  file: JsonFile | undefined,
  environment: EnvironmentName,
): RootPart {
  const layout = layoutOf(reading, file);
  const part = file === undefined ? undefined : readPart(codecOf(layout), reading, file, file.root);
  return { ...(part ?? nothing(layout)), environment };
}

function nothing(layout: Layout): RootPart {
  return {
    appId: undefined,
    name: "",
    environment: "",
    deploymentModel: undefined,
    location: undefined,
    providerRegion: undefined,
    allowedOrigins: [],
    layout,
  };
}

function layoutOf(reading: Reading, file: JsonFile | undefined): Layout {
  const stated = fieldOf(file?.root, "config_version");
  const known = [...fileOfVersion.keys()].find(
    (version) => stated?.kind === "number" && Number(stated.digits) === version,
  );
  const rootFile = file?.path ?? "realm_config.json";
  const version = known ?? versionOfFile.get(rootFile) ?? 20210101;
  return { version, rootFile, endpointsFolder: endpointsFolderOf(reading, version) };
}

function endpointsFolderOf(reading: Reading, version: ConfigVersion): Layout["endpointsFolder"] {
  const isThere = (folder: string): boolean =>
    reading.has(`${folder}/config.json`) || reading.has(`${folder}/data_api_config.json`);
  const usual = usualLayout(version).endpointsFolder;
  const other = usual === "http_endpoints" ? "https_endpoints" : "http_endpoints";
  if (isThere(usual) && isThere(other))
    reading.report.wrong({ file: other, path: [] }, `endpoints in one folder, ${usual}/`, "two");
  return !isThere(usual) && isThere(other) ? other : usual;
}

type Wire = Static<typeof schema>;

/** The root file's codec; its fields depend on the layout. */
export function codecOf(layout: Layout): Codec<typeof schema, RootPart> {
  return {
    schema,
    verbatim: new Set(["custom_user_data_config", "hosting", "sync", "environment"]),
    read(wire, origin, report) {
      return {
        appId: appIdOf(wire, origin, report),
        name: nameOf(wire, origin, report),
        environment: toEnvironment(wire.environment) ?? "",
        deploymentModel: wire.deployment_model === "" ? undefined : wire.deployment_model,
        location: wire.location,
        providerRegion: wire.provider_region,
        allowedOrigins: originsOf(wire, origin, report),
        ...given("hiddenFields", wire.hidden_fields),
        ...given("userRegex", wire.user_regex),
        layout,
        origin,
      };
    },
    write: (root) => writeRoot(root),
  };
}

/** Templates have a placeholder there. An app that is pushed goes by its address, and not by this. */
function appIdOf(wire: Wire, origin: Origin, report: Reporter): string | undefined {
  const id = wire.app_id ?? "";
  if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) return id;
  if (id !== "")
    report.warn(
      at(origin, "app_id"),
      "no App ID (letters, digits, '_' or '-', at most 64); not used",
    );
  return undefined;
}

function nameOf(wire: Wire, origin: Origin, report: Reporter): string {
  // Some old exports have an App ID alone: the name is what stands before its ending.
  const name = wire.name ?? wire.app_id?.replace(/-[a-z0-9]+$/, "");
  if (name === undefined || name === "")
    report.warn(at(origin, "name"), "the app has no name here; it needs one when it is made");
  return name ?? "";
}

function originsOf(wire: Wire, origin: Origin, report: Reporter): readonly string[] {
  const field = wire.allowed_request_origins === undefined ? ["security"] : [];
  const origins = wire.allowed_request_origins ?? wire.security?.allowed_request_origins ?? [];
  for (const [index, each] of origins.entries())
    if (!/^https?:\/\/[^/?#\s]+$/.test(each) && each !== "*")
      report.warn(
        at(origin, ...field, "allowed_request_origins", index),
        "matches no browser: an origin is scheme://host[:port], without a path or slash at its end",
      );
  return origins;
}

function writeRoot(root: RootPart): JsonMembers {
  const { layout, allowedOrigins } = root;
  const hasOrigins = allowedOrigins.length > 0 || root.origin !== undefined;
  const origins = hasOrigins ? [...allowedOrigins] : undefined;
  const environment =
    root.environment === "" && root.origin === undefined ? undefined : root.environment;
  const isNewest = layout.version === 20230101;
  return {
    config_version: isNewest ? undefined : layout.version,
    app_id: root.appId,
    name: root.name || undefined,
    location: root.location,
    provider_region: root.providerRegion,
    deployment_model: root.deploymentModel,
    environment,
    hidden_fields: root.hiddenFields,
    user_regex: root.userRegex,
    ...(isLegacy(layout)
      ? { security: { allowed_request_origins: origins ?? [] } }
      : { allowed_request_origins: origins }),
  };
}

/** What stands at the top of a file that must hold an object or a list, where it is something else. */
export function mustBe(reading: Reading, file: JsonFile, kind: "object" | "list"): boolean {
  if (file.root.kind === kind) return true;
  const expected = kind === "object" ? "an object" : "a list";
  reading.report.wrong({ file, path: [] }, expected, show(file.root));
  return false;
}
