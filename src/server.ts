/**
 * Puts a server together: stores, state, services, sockets; and takes it apart again.
 *
 * Where an earlier folder needs a later one, the function is handed in here.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openAdministrators } from "./auth/administrators.ts";
import { type ApiKeys, openApiKeys } from "./auth/api-keys.ts";
import { Doc } from "./bson/doc.ts";
import { createObjectIdFactory } from "./bson/object-id.ts";
import type { ObjectId } from "./bson/value.ts";
import { type AppRegistry, openAppRegistry } from "./config/app-registry.ts";
import { type App, embeddedStore } from "./config/app.ts";
import { internalDatabase } from "./config/internal-database.ts";
import type { Settings } from "./config/settings.ts";
import { createAdmission } from "./http/admission.ts";
import { createDeadlines } from "./http/deadlines.ts";
import type { Exchange } from "./http/exchange.ts";
import { createForwarding } from "./http/forwarding.ts";
import { expire, handle, type Services } from "./http/handle.ts";
import { type Certificate, listen, type Listener } from "./http/listen.ts";
import { createManagement } from "./http/management.ts";
import { createSecret, hashSecret } from "./kit/secret.ts";
import type { Log } from "./logs/log.ts";
import { type EmbeddedSource, openEmbedded } from "./sources/embedded.ts";
import { openMongodb } from "./sources/mongodb.ts";
import type { DataSource } from "./sources/source.ts";

export interface ServerOptions {
  readonly settings: Settings;
  /** A key that is to be there; of a test or a container. */
  readonly apiKey: string | undefined;
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

export interface Created {
  readonly app: boolean;
  readonly apiKey?: string;
  readonly administrator?: { readonly email: string; readonly password: string };
}

const administratorEmail = "admin@localhost";

/** @throws what the system or a setting gives cause to; everything that was opened is closed again */
export async function openServer(options: ServerOptions): Promise<RunningServer> {
  const { settings, apiKey } = options;
  const certificate = readCertificate(settings);
  const forwarding = createForwarding(settings);
  const state = await openState(settings.data, settings.limits.serverKeysMax);
  const opened: DataSource[] = [];
  try {
    const embedded = await openEmbedded(path.join(settings.data, "store"));
    opened.push(embedded);
    const stores = new Map<string, DataSource>([[embeddedStore, embedded]]);
    for (const [name, uri] of settings.sources) {
      const source = await openMongodb(uri, { name });
      opened.push(source);
      stores.set(name, source);
    }
    const ensured = await ensureApp(state, settings.appId, apiKey);
    const app = await linkSources(state.apps, ensured.app, settings.sources);
    warnOfMissingStores(state.apps, stores, options.log);
    const administrator = await ensureAdministrator(state, options.log);
    const adminToken = ensureAdminToken(settings.data);

    let isReady = true;
    const services: Services = {
      apps: state.apps,
      keys: state.keys,
      stores,
      limits: settings.limits,
      isStrict: settings.strictActions,
      corsCredentialHeaders: settings.corsCredentialHeaders,
      logsRequests: settings.logRequests,
      forwarding,
      admission: createAdmission(settings.limits.requestsAtOnceMax),
      deadlines: createDeadlines<Exchange>(settings.limits.processingMsMax, (exchange) => {
        expire(exchange, services);
      }),
      log: options.log,
      newId: state.newId,
      isReady: () => isReady,
      manage: createManagement({
        log: options.log,
        requestBytesMax: settings.limits.requestBytesMax,
        newLogId: () => state.newId().toHex(),
        baseUrl: (request) => forwarding.baseUrl(request),
        admin: {
          apps: state.apps,
          keys: state.keys,
          groupId: state.groupId,
          adminTokenHash: hashSecret(adminToken),
          backup: async (directory) => backUp(state.source, embedded, directory),
        },
      }),
    };
    const listener = await listenOn(settings, services, certificate);
    writeServerFile(settings.data, listener.url);
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
        await listener.close(settings.drainSeconds * 1000);
        services.deadlines.close();
        await administrator.stored;
        rmSync(serverFileOf(settings.data), { force: true });
        await Promise.all([...opened, state.source].map(async (each) => each.close()));
      },
    };
  } catch (cause) {
    await Promise.all([...opened, state.source].map(async (each) => each.close()));
    throw cause;
  }
}

/** Petiole's own state: open it to serve, or to change it while no server runs. */
export interface State {
  readonly source: EmbeddedSource;
  readonly apps: AppRegistry;
  readonly keys: ApiKeys;
  readonly groupId: string;
  readonly newId: () => ObjectId;
}

/** @param data the data directory, made where there is none */
export async function openState(data: string, keysMax: number): Promise<State> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const source = await openEmbedded(path.join(data, "state"));
  try {
    const newId = createObjectIdFactory({ now: Date.now, random: (count) => randomBytes(count) });
    const environment = { state: source, now: Date.now, newId };
    const [apps, keys, groupId] = await Promise.all([
      openAppRegistry(environment),
      openApiKeys({ ...environment, keysMax }),
      ensureGroupId(source, newId),
    ]);
    return { source, apps, keys, groupId, newId };
  } catch (cause) {
    await source.close();
    throw cause;
  }
}

async function ensureGroupId(source: DataSource, newId: () => ObjectId): Promise<string> {
  const collection = source.collection(internalDatabase, "server");
  const found = await collection.findOne(Doc.of({ _id: "server" }));
  const known = found?.get("group_id");
  if (typeof known === "string") return known;
  const groupId = newId().toHex();
  await collection.insertOne(Doc.of({ _id: "server", group_id: groupId }));
  return groupId;
}

/**
 * Finds the app that is served, and makes it and its first key where they are missing.
 *
 * @param clientAppId the first app when absent
 * @param apiKey a key that is to work
 */
export async function ensureApp(
  state: State,
  clientAppId: string | undefined,
  apiKey: string | undefined,
  options: { readonly withKey: boolean } = { withKey: true },
): Promise<{ readonly app: App; readonly created: Created }> {
  const { apps, keys } = state;
  const found = clientAppId === undefined ? apps.list()[0] : apps.find(clientAppId);
  const app =
    found ??
    (await apps.create({ name: "data", ...(clientAppId === undefined ? {} : { clientAppId }) }));
  const created = { app: found === undefined };
  if (apiKey !== undefined) await keys.ensure(app.id, "PETIOLE_API_KEY", apiKey);
  else if (found === undefined && options.withKey) {
    const { key } = await keys.create(app.id, { name: "first-key" });
    return { app, created: { ...created, apiKey: key } };
  }
  return { app, created };
}

/** Lets the app's data sources lead where the settings say. */
async function linkSources(
  apps: AppRegistry,
  app: App,
  sources: ReadonlyMap<string, string>,
): Promise<App> {
  let linked = app;
  for (const name of sources.keys())
    if (linked.dataSources.get(name)?.store !== name) linked = await apps.link(app.id, name, name);
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
          message: `calls that name it fail; start with --source ${store}=mongodb://…`,
          app: clientAppId,
          data_source: name,
        });
}

async function ensureAdministrator(
  state: State,
  log: Log,
): Promise<{
  readonly created: Pick<Created, "administrator">;
  /** Settles when it is kept. Hashing a password takes longer than all the rest of a start. */
  readonly stored: Promise<void>;
}> {
  const { source, newId } = state;
  const administrators = openAdministrators({ state: source, now: Date.now, newId });
  if (!(await administrators.isEmpty())) return { created: {}, stored: Promise.resolve() };
  const administrator = { email: administratorEmail, password: createSecret(20) };
  const stored = administrators
    .create(administrator.email, administrator.password)
    .catch((cause: unknown) => {
      log.write("error", "administrator not kept", { message: String(cause) });
    });
  return { created: { administrator }, stored };
}

/** The local administrator's token, readable by the owner of the data directory alone. */
function ensureAdminToken(data: string): string {
  const file = path.join(data, "admin-token");
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

function writeServerFile(data: string, url: string): void {
  const content = JSON.stringify({ pid: process.pid, url });
  writeFileSync(serverFileOf(data), `${content}\n`, { mode: 0o600 });
}

/** Copies state and documents into a directory that must not be there yet. */
export async function backUp(
  state: EmbeddedSource,
  store: EmbeddedSource,
  directory: string,
): Promise<void> {
  mkdirSync(directory, { mode: 0o700 });
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
