/**
 * Puts a server together: stores, state, services, sockets; and takes it apart again.
 *
 * Where an earlier folder needs a later one, the function is handed in here.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { AppRegistry } from "./config/app-registry.ts";
import { type App, embeddedStore } from "./config/app.ts";
import { createRefusal } from "./config/internal-database.ts";
import { openLiveConfigs } from "./config/live-configs.ts";
import type { Settings } from "./config/settings.ts";
import { createAdmission } from "./http/admission.ts";
import { createDeadlines } from "./http/deadlines.ts";
import { createHeavyText } from "./http/heavy-text.ts";
import type { Exchange } from "./http/exchange.ts";
import { createForwarding } from "./http/forwarding.ts";
import { expire, handle } from "./http/handle.ts";
import { type Certificate, listen, type Listener } from "./http/listen.ts";
import { createManagement } from "./http/management.ts";
import type { Services } from "./http/services.ts";
import { Fault } from "./kit/fault.ts";
import { createSecret, hashSecret } from "./kit/secret.ts";
import type { Log } from "./logs/log.ts";
import { type EmbeddedSource, openEmbedded } from "./sources/embedded.ts";
import { openMongodb } from "./sources/mongodb.ts";
import type { DataSource } from "./sources/source.ts";
import {
  deployDirectory,
  readServedDirectory,
  takeSecrets,
  watchDirectory,
} from "./served-directory.ts";
import {
  type Created,
  ensureAdministrator,
  ensureApp,
  openState,
  type State,
  type StateOptions,
} from "./state.ts";

export interface ServerOptions {
  readonly settings: Settings;
  /** A key that is to be there; of a test or a container. */
  readonly apiKey: string | undefined;
  /** The administrator's token where the state lies on MongoDB; else it lies in the data directory. */
  readonly adminToken?: string | undefined;
  /** What the environment gives besides settings: `PETIOLE_MASTER_KEY`, `PETIOLE_SECRET_<NAME>`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

export interface RunningServer {
  /** Scheme, address and port. */
  readonly url: string;
  readonly app: App;
  /** What was made at this start and will not be shown again. */
  readonly created: Created;
  /** Reads the certificate's files again; the old one stays when they do not hold one. */
  reloadCertificate(): void;
  /** No new connections; requests in flight finish; stores close. */
  close(): Promise<void>;
}

/** @throws what the system or a setting gives cause to; everything that was opened is closed again */
export async function openServer(options: ServerOptions): Promise<RunningServer> {
  const { settings, log } = options;
  const certificate = readCertificate(settings);
  const forwarding = createForwarding(settings);
  mustHaveSources(settings);
  const { variables = {} } = options;
  const state = await openState(settings, {
    ...stateOptionsOf(settings),
    masterKey: variables["PETIOLE_MASTER_KEY"],
    onFailure: (cause) => {
      log.write("warning", "state not read", { message: String(cause) });
    },
  });
  const stores = new Map<string, DataSource>();
  const closeStores = async (): Promise<void> => {
    await Promise.all([...stores.values(), state].map(async (each) => each.close()));
  };
  try {
    const embedded = await openStores(settings, stores);
    const ensured = await ensureServedApp(state, options);
    const app = await linkSources(state, ensured.app, settings.sources);
    warnOfMissingStores(state.apps, stores, log);
    const administrator = await ensureAdministrator(state, (cause) => {
      log.write("error", "administrator not kept", { message: String(cause) });
    });
    const adminToken = ensureAdminToken(settings, options.adminToken);

    let isReady = true;
    const services: Services = {
      apps: state.apps,
      keys: state.keys,
      configs: openLiveConfigs(state.deployments),
      access: {
        stores,
        isRefused: createRefusal(settings.stateDatabase),
        callFunction: () => {
          throw new Fault("FunctionExecutionError", "functions are not served yet");
        },
      },
      limits: settings.limits,
      isStrict: settings.strictActions,
      corsCredentialHeaders: settings.corsCredentialHeaders,
      logsRequests: settings.logRequests,
      forwarding,
      heavyText: createHeavyText(),
      admission: createAdmission(settings.limits.requestsAtOnceMax),
      deadlines: createDeadlines<Exchange>(settings.limits.processingMsMax, (exchange) => {
        expire(exchange, services);
      }),
      log,
      newId: state.newId,
      isReady: () => isReady,
      isStateReady: async () => state.store.source.ping(),
      manage: createManagement({
        log,
        requestBytesMax: settings.limits.requestBytesMax,
        newLogId: () => state.newId().toHex(),
        baseUrl: (request) => forwarding.baseUrl(request),
        admin: {
          apps: state.apps,
          keys: state.keys,
          secrets: state.secrets,
          deployments: state.deployments,
          administrators: state.administrators,
          sessions: state.sessions,
          digest: state.digest,
          baseUrl: (request) => forwarding.baseUrl(request),
          groupId: state.groupId,
          adminTokenHash: hashSecret(adminToken),
          backup: async (directory) => backUp(state.embedded, embedded, directory),
        },
      }),
    };
    const listener = await listenOn(settings, services, certificate);
    const watch =
      settings.watch && settings.appDir !== undefined
        ? watchDirectory(state, app, settings.appDir, log)
        : undefined;
    const forgetServer = noteServer(settings, listener.url);
    return {
      url: settings.publicUrl ?? listener.url,
      app,
      created: { ...ensured.created, ...administrator.created },
      reloadCertificate() {
        const renewed = readCertificate(settings);
        if (renewed !== undefined) listener.setCertificate(renewed);
      },
      async close() {
        isReady = false;
        await watch?.stop();
        await listener.close(settings.drainSeconds * 1000);
        services.deadlines.close();
        await services.heavyText.close();
        await administrator.stored;
        forgetServer();
        await closeStores();
      },
    };
  } catch (cause) {
    await closeStores();
    throw cause;
  }
}

function stateOptionsOf(settings: Settings): Omit<StateOptions, "onFailure"> {
  return {
    keysMax: settings.limits.serverKeysMax,
    follows: true,
    deploymentsMax: settings.deploymentsMax,
    stores: {
      sources: new Set(settings.sources.keys()),
      hasEmbedded: settings.state === undefined,
      isStrict: settings.strict,
    },
  };
}

/** The app of the directory that is served, with the directory live; without one, the app that there is. */
async function ensureServedApp(
  state: State,
  { settings, apiKey, variables = {}, log }: ServerOptions,
): Promise<{ readonly app: App; readonly created: Created }> {
  const { appDir: directory, appId: clientAppId, strict: isStrict } = settings;
  const given = { file: settings.secrets, variables };
  if (directory === undefined) {
    const ensured = await ensureApp(state, clientAppId, apiKey);
    await takeSecrets(state, ensured.app, given);
    return ensured;
  }
  const served = await readServedDirectory(state, { directory, clientAppId, isStrict }, log);
  const options = { name: served.name, withKey: false };
  const { app, created } = await ensureApp(state, served.clientAppId, apiKey, options);
  await takeSecrets(state, app, given);
  await deployDirectory(state, app, served, log);
  const live = state.apps.must(app.id);
  // Only now: a key that is made before a start that fails would never be shown.
  if (app.deployment !== undefined || state.keys.list(app.id).length > 0)
    return { app: live, created };
  const { key } = await state.keys.create(app.id, { name: "first-key" });
  return { app: live, created: { ...created, apiKey: key } };
}

/** With the state on MongoDB nothing lies on local disk, so that data must lie elsewhere too. */
function mustHaveSources(settings: Settings): void {
  if (settings.state === undefined || settings.sources.size > 0) return;
  throw new Fault(
    "InvalidParameter",
    "--state keeps nothing in the data directory: name where the data lies with --source mongodb-atlas=mongodb://…",
  );
}

/** Opens all stores. @returns the one in the data directory, if there is one */
async function openStores(
  settings: Settings,
  stores: Map<string, DataSource>,
): Promise<EmbeddedSource | undefined> {
  let embedded: EmbeddedSource | undefined;
  if (settings.state === undefined) {
    embedded = await openEmbedded(path.join(settings.data, "store"));
    stores.set(embeddedStore, embedded);
  }
  for (const [name, uri] of settings.sources) stores.set(name, await openMongodb(uri, { name }));
  return embedded;
}

/**
 * Lets data sources lead where the settings say: those of the app that is served; of every app where none could lie in
 * a data directory.
 */
async function linkSources(
  { apps, embedded }: State,
  served: App,
  sources: ReadonlyMap<string, string>,
): Promise<App> {
  let linked = served;
  for (const name of sources.keys()) {
    // What data sources a pushed app has, its directory says.
    const isWanted = linked.deployment === undefined || linked.dataSources.has(name);
    if (isWanted && linked.dataSources.get(name)?.store !== name)
      linked = await apps.link(served.id, name, name);
    if (embedded !== undefined) continue;
    for (const { id, dataSources } of apps.list())
      if (dataSources.get(name)?.store === embeddedStore) await apps.link(id, name, name);
  }
  return linked;
}

/** A data source of an earlier start whose `--source` is gone must not turn into an empty one without a word. */
function warnOfMissingStores(
  apps: AppRegistry,
  stores: ReadonlyMap<string, DataSource>,
  log: Log,
): void {
  for (const { clientAppId, dataSources } of apps.list())
    for (const { name, store } of dataSources.values())
      if (!stores.has(store))
        log.write("warning", "data source not configured", {
          message: `calls that name it fail; start with --source ${store === embeddedStore ? name : store}=mongodb://…`,
          app: clientAppId,
          data_source: name,
        });
}

/**
 * The local administrator's token, readable by the owner of the data directory alone. Without a data directory it is
 * the one that was given; else nobody's.
 */
function ensureAdminToken(settings: Settings, given: string | undefined): string {
  if (settings.state !== undefined) return given ?? createSecret(48);
  const file = path.join(settings.data, "admin-token");
  try {
    const token = readFileSync(file, "utf8").trim();
    if (token.length >= 32) return token;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  }
  const token = createSecret(48);
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}

/** Where commands find the running server. */
export function serverFileOf(data: string): string {
  return path.join(data, "server.json");
}

/** @returns what takes the note away */
function noteServer({ data, state }: Settings, url: string): () => void {
  if (state !== undefined) return () => {};
  const file = serverFileOf(data);
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, url })}\n`, { mode: 0o600 });
  return () => {
    rmSync(file, { force: true });
  };
}

/** Copies state and documents into a directory that must not be there yet. */
export async function backUp(
  state: EmbeddedSource | undefined,
  store: EmbeddedSource | undefined,
  directory: string,
): Promise<void> {
  if (state === undefined || store === undefined)
    throw new Fault("BadRequest", "state and data lie on MongoDB; petiole export copies them");
  if (existsSync(directory)) throw new Fault("BadRequest", `${directory} is there already`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await state.backup(path.join(directory, "state"));
  await store.backup(path.join(directory, "store"));
}

function readCertificate(settings: Settings): Certificate | undefined {
  const { tlsCert, tlsKey } = settings;
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
}

async function listenOn(
  settings: Settings,
  services: Services,
  certificate: Certificate | undefined,
): Promise<Listener> {
  return listen({
    port: settings.port,
    host: settings.host,
    keepAliveSeconds: settings.keepAliveSeconds,
    requestBytesMax: settings.limits.requestBytesMax,
    certificate,
    newLink: () => `${settings.publicUrl ?? ""}/console/logs?co_id=${services.newId().toHex()}`,
    handle: (request, response) => {
      void handle(request, response, services);
    },
  });
}
