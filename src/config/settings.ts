/**
 * The server's settings: from flags, `PETIOLE_…` variables, `petiole.json` and defaults, in this order of precedence.
 *
 * To add a setting: a line in `settings`, a field in `Settings`, and its place in `toSettings`.
 */
import { availableParallelism } from "node:os";
import { Fault } from "../kit/fault.ts";
import { defaultLimits, type Limits } from "../kit/limits.ts";
import { internalDatabase } from "./internal-database.ts";
import { integer, list, type Setting, text, toggle } from "./setting.ts";
import { readDatabase, readIdentityProviders, readSources, readState } from "./stores-named.ts";

export interface Settings {
  /** 0: any that is free. */
  readonly port: number;
  readonly host: string;
  /** The data directory. */
  readonly data: string;
  readonly appId: string | undefined;
  /** Scheme, host and port as clients see them, without a slash at the end; undefined: as the request says. */
  readonly publicUrl: string | undefined;
  /** How mail is sent: `smtp://…` or `smtps://…`; undefined: see `mailDir`. */
  readonly smtp: string | undefined;
  /** Where mails are written to when there is no mail server; undefined: there are none. */
  readonly mailDir: string | undefined;
  /** The sender of mails; undefined: made of `publicUrl`. */
  readonly mailFrom: string | undefined;
  /** Type of an OAuth provider → its address instead of its own; trusted, so that it may be without TLS. */
  readonly identityProviders: ReadonlyMap<string, string>;
  /** Address ranges of proxies whose forwarding headers count. */
  readonly trustProxy: readonly string[];
  /** Name of a data source → connection string. */
  readonly sources: ReadonlyMap<string, string>;
  /** Connection string of the MongoDB that holds Petiole's state; undefined: it lies in the data directory. */
  readonly state: string | undefined;
  /** The database of that MongoDB. */
  readonly stateDatabase: string;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly keepAliveSeconds: number;
  /** How long requests in flight may take to finish after SIGTERM. */
  readonly drainSeconds: number;
  /** Whether browsers may send credentials in headers of their own. */
  readonly corsCredentialHeaders: boolean;
  /** One line per request. */
  readonly logRequests: boolean;
  /** Only the fields that the original's actions knew. */
  readonly strictActions: boolean;
  /** The app directory that is served; undefined: what the state holds. */
  readonly appDir: string | undefined;
  /** Whether to deploy the directory again whenever it changes. */
  readonly watch: boolean;
  /** Whether deployments that come from elsewhere are kept out of the directory. */
  readonly leaveAppDir: boolean;
  /** A file of secrets for the first start. */
  readonly secrets: string | undefined;
  /** Nothing is made up: an App ID, a place for a data source. */
  readonly strict: boolean;
  /** Deployments of one app that are kept. */
  readonly deploymentsMax: number;
  /** Processes that run the functions of one app. */
  readonly functionHostsMax: number;
  /** Of JavaScript's heap in each of them. */
  readonly functionMemoryMb: number;
  /** Whether the system may have code in queries run: `$where`, `$function`, `$accumulator`. */
  readonly allowCode: boolean;
  /** Addresses and ranges that functions may connect to although they are not public. */
  readonly functionAddresses: readonly string[];
  /** A socket that listens already, by its number: of systemd, or of a process that starts this one; 0: none. */
  readonly listenFd: number;
  /** Whether other processes may listen on the same port. */
  readonly reusePort: boolean;
  /** How long to wait for a data directory that another process still holds. */
  readonly waitSeconds: number;
  /** Where `/metrics` is served without a token; 0: nowhere. */
  readonly metricsPort: number;
  /** How long entries of the request log are kept; 0: none are. */
  readonly logDays: number;
  /** What the request log may hold; the oldest entries go first. 1 MB = 2^20 bytes. */
  readonly logMegabytesMax: number;
  readonly limits: Limits;
}

const bytesMax = 2 ** 30;
const dayMs = 86_400_000;

export const settings: readonly Setting[] = [
  integer("port", 0, 65_535, 7700, "port to listen on; 0 for any that is free"),
  text("host", "ADDRESS", "address to listen on", "127.0.0.1"),
  text("data", "DIR", "data directory", "./data"),
  text("appId", "ID", "App ID of the app that is served; made at the first start when absent"),
  text("appDir", "DIR", "app directory to serve, as behind serve"),
  toggle("watch", "deploy the app directory again whenever it changes"),
  toggle(
    "leaveAppDir",
    "do not write deployments of the console and the API into the app directory",
  ),
  text("secrets", "FILE", "JSON object of secrets, taken over where the app has none of the name"),
  toggle("strict", "make up no App ID, and no place for data sources without --source"),
  integer("deploymentsMax", 1, 1000, 25, "deployments of one app that are kept"),
  integer(
    "functionHostsMax",
    1,
    1000,
    Math.max(2, availableParallelism()),
    "processes that run the functions of one app",
  ),
  integer("functionMemoryMb", 32, 65_536, 350, "MB of JavaScript's heap in each of them"),
  toggle("allowCode", "run $where, $function and $accumulator for the system"),
  list("functionAddress", "CIDR", "addresses that functions may connect to though not public"),
  integer(
    "listenFd",
    0,
    1023,
    0,
    "listen on this open socket in place of a port, as systemd gives it",
  ),
  toggle("reusePort", "let other processes listen on the same port (Node 22.12 or newer)"),
  integer("waitSeconds", 0, 3600, 0, "how long to wait for a data directory that is in use"),
  integer("metricsPort", 0, 65_535, 0, "port for /metrics without a token; 0: with a token alone"),
  integer("logDays", 0, 3650, 30, "days that the request log goes back; 0 for no request log"),
  integer("logMegabytesMax", 1, 1_000_000, 1024, "size of the request log; the oldest go first"),
  text("publicUrl", "URL", "address of this server as clients see it"),
  text("smtp", "URL", "mail server for confirmations and resets: smtp://… or smtps://…"),
  text("mailFrom", "ADDRESS", "sender of mails, also as NAME <ADDRESS>"),
  text("mailDir", "DIR", "write mails into files instead of sending them, for development"),
  list("identityProvider", "TYPE=URL", "address of an OAuth provider in place of its own"),
  list("trustProxy", "CIDR", "proxies whose X-Forwarded-… headers count"),
  list("source", "NAME=URI", "data source on MongoDB: mongodb://… or mongodb+srv://…"),
  text("state", "URI", "MongoDB that holds Petiole's own state, so that many nodes share it"),
  text("stateDatabase", "NAME", "its database there", internalDatabase),
  text("tlsCert", "FILE", "certificate chain in PEM form; reloaded on change and SIGHUP"),
  text("tlsKey", "FILE", "private key in PEM form"),
  integer("keepAliveSeconds", 1, 3600, 75, "how long an idle connection stays open"),
  integer("drainSeconds", 0, 3600, 30, "how long requests may take to finish after SIGTERM"),
  toggle("corsCredentialHeaders", "let browsers send api-key, email, password and jwtTokenString"),
  toggle("logRequests", "print one line per request"),
  toggle("strictActions", "take only the fields that the Atlas Data API knew"),
  integer("requestBytesMax", 1, bytesMax, defaultLimits.requestBytesMax, "largest request body"),
  integer(
    "bodiesBytesMax",
    2 ** 20,
    2 ** 40,
    defaultLimits.bodiesBytesMax,
    "request bodies in memory at once, of all apps together",
  ),
  integer(
    "responseBytesMax",
    1,
    bytesMax,
    defaultLimits.responseBytesMax,
    "largest answer, as BSON",
  ),
  integer("processingMsMax", 1, dayMs, defaultLimits.processingMsMax, "longest work on a request"),
  integer(
    "requestsAtOnceMax",
    1,
    1_000_000,
    defaultLimits.requestsAtOnceMax,
    "requests of one app worked on at once",
  ),
  integer(
    "findLimitDefault",
    1,
    1_000_000,
    defaultLimits.findLimitDefault,
    "documents of a find without limit",
  ),
  integer("documentsMax", 1, 10_000_000, defaultLimits.documentsMax, "documents of one answer"),
  integer("serverKeysMax", 1, 100_000, defaultLimits.serverKeysMax, "server API keys of one app"),
  integer("requestsPerKeyMax", 0, 10_000_000, 0, "requests of one API key in a minute; 0: any"),
  integer("requestsPerAddressMax", 0, 10_000_000, 0, "requests of one address in a minute; 0: any"),
];

/** The numbers that a limit may have. */
export function limitBounds(name: keyof Limits): { readonly min: number; readonly max: number } {
  const found = settings.find((each) => each.name === name);
  if (found?.kind !== "integer") throw new TypeError(`${name} is no setting`);
  return found;
}

/** `--like-this` of `likeThis`. */
export function flagOf(setting: Setting): string {
  return `--${setting.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `PETIOLE_LIKE_THIS` of `likeThis`. */
export function variableOf(setting: Setting): string {
  return `PETIOLE_${setting.name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

export interface SettingSources {
  /** Name of a setting → what stood behind its flag; a list for flags that take several. */
  readonly flags: ReadonlyMap<string, unknown>;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The parsed content of the configuration file, and its name for messages. */
  readonly file?: { readonly name: string; readonly content: unknown };
}

/**
 * Reads all settings.
 *
 * @throws {Fault} `InvalidParameter` that names the flag, variable or field: it is unknown, of a wrong type or out of range
 */
export function readSettings(sources: SettingSources): Settings {
  const fromFile = readFile(sources.file);
  const values = new Map<string, unknown>();
  for (const setting of settings) {
    const variable = variableOf(setting);
    // An empty variable is an unset one: that is how containers leave a setting alone.
    const candidates: readonly (readonly [string, unknown])[] = [
      [flagOf(setting), sources.flags.get(setting.name)],
      [variable, sources.variables[variable] || undefined],
      [`${sources.file?.name ?? ""}: ${setting.name}`, fromFile.get(setting.name)],
    ];
    const given = candidates.find(([, value]) => value !== undefined);
    values.set(
      setting.name,
      given === undefined ? fallbackOf(setting) : readValue(setting, given[1], given[0]),
    );
  }
  return toSettings(values);
}

function readFile(file: SettingSources["file"]): ReadonlyMap<string, unknown> {
  if (file === undefined) return new Map();
  const { content, name } = file;
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new Fault("InvalidParameter", `${name} must hold one JSON object`);
  const known = new Set(settings.map((setting) => setting.name));
  const fields = Object.entries(content);
  for (const [field] of fields)
    if (!known.has(field)) throw new Fault("InvalidParameter", `${name}: '${field}' is no setting`);
  return new Map(fields);
}

function fallbackOf(setting: Setting): unknown {
  switch (setting.kind) {
    case "list":
      return [];
    case "switch":
      return false;
    case "text":
    case "integer":
      return setting.fallback;
  }
}

function readValue(setting: Setting, value: unknown, where: string): unknown {
  switch (setting.kind) {
    case "text":
      if (typeof value === "string" && value !== "") return value;
      throw new Fault("InvalidParameter", `${where} must be a text`);
    case "switch":
      return readSwitch(value, where);
    case "integer":
      return readInteger(setting, value, where);
    case "list":
      return readList(value, where);
  }
}

function readSwitch(value: unknown, where: string): boolean {
  if (value === true || value === "true" || value === "1") return true;
  if (value === false || value === "false" || value === "0") return false;
  throw new Fault("InvalidParameter", `${where} must be true or false`);
}

function readInteger(
  setting: { readonly min: number; readonly max: number },
  value: unknown,
  where: string,
): number {
  const isNumber = typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
  const number = isNumber ? Number(value) : Number.NaN;
  if (Number.isInteger(number) && number >= setting.min && number <= setting.max) return number;
  throw new Fault(
    "InvalidParameter",
    `${where} must be a whole number from ${setting.min} to ${setting.max}`,
  );
}

function readList(value: unknown, where: string): readonly string[] {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return parts.flatMap((part) => {
    if (typeof part !== "string")
      throw new Fault("InvalidParameter", `${where} must be a list of texts`);
    // Not at commas: a connection string may hold them.
    return part.split(/\s+/).filter((each) => each !== "");
  });
}

function toSettings(values: ReadonlyMap<string, unknown>): Settings {
  // `readValue` has brought every value to the type of its kind.
  const number = (name: string): number => values.get(name) as number;
  const optional = (name: string): string | undefined => values.get(name) as string | undefined;
  return {
    port: number("port"),
    host: values.get("host") as string,
    data: values.get("data") as string,
    appId: optional("appId"),
    publicUrl: optional("publicUrl")?.replace(/\/+$/, ""),
    smtp: optional("smtp"),
    mailDir: optional("mailDir"),
    mailFrom: optional("mailFrom"),
    identityProviders: readIdentityProviders(values.get("identityProvider") as readonly string[]),
    trustProxy: values.get("trustProxy") as readonly string[],
    sources: readSources(values.get("source") as readonly string[]),
    state: readState(optional("state")),
    stateDatabase: readDatabase(values.get("stateDatabase") as string),
    tlsCert: optional("tlsCert"),
    tlsKey: optional("tlsKey"),
    keepAliveSeconds: number("keepAliveSeconds"),
    drainSeconds: number("drainSeconds"),
    corsCredentialHeaders: values.get("corsCredentialHeaders") === true,
    logRequests: values.get("logRequests") === true,
    strictActions: values.get("strictActions") === true,
    appDir: optional("appDir"),
    watch: values.get("watch") === true,
    leaveAppDir: values.get("leaveAppDir") === true,
    secrets: optional("secrets"),
    strict: values.get("strict") === true,
    deploymentsMax: number("deploymentsMax"),
    functionHostsMax: number("functionHostsMax"),
    functionMemoryMb: number("functionMemoryMb"),
    allowCode: values.get("allowCode") === true,
    functionAddresses: values.get("functionAddress") as readonly string[],
    listenFd: number("listenFd"),
    reusePort: values.get("reusePort") === true,
    waitSeconds: number("waitSeconds"),
    metricsPort: number("metricsPort"),
    logDays: number("logDays"),
    logMegabytesMax: number("logMegabytesMax"),
    // Each bound is a setting of its name.
    limits: Object.fromEntries(
      Object.keys(defaultLimits).map((name) => [name, number(name)]),
    ) as unknown as Limits,
  };
}
