/**
 * Puts a server together: stores, state, services, sockets; and takes it apart again.
 *
 * Where an earlier folder needs a later one, the function is handed in here.
 *
 * @module
 */
import { Doc } from "./bson/doc.ts";
import { ObjectId } from "./bson/value.ts";
import { createAuth } from "./auth/auth.ts";
import { ensureAdministrator } from "./auth/first-administrator.ts";
import { createMailer } from "./auth/mail.ts";
import { limitsOf } from "./config/app-limits.ts";
import type { App } from "./config/app.ts";
import { createRefusal } from "./config/internal-database.ts";
import { openLiveConfigs } from "./config/live-configs.ts";
import type { Settings } from "./config/settings.ts";
import { createAdmission } from "./http/admission.ts";
import { createBodyBudget } from "./http/body-budget.ts";
import { clientServicesOf, oauthCallbackPath } from "./http/client-parts.ts";
import { createDeadlines } from "./http/deadlines.ts";
import { createHeavyText } from "./http/heavy-text.ts";
import type { Exchange } from "./http/exchange.ts";
import { createForwarding } from "./http/forwarding.ts";
import { expire, handle } from "./http/handle.ts";
import { type Certificate, listen, type Listener } from "./http/listen.ts";
import { createManagement } from "./http/management.ts";
import { createRateLimits } from "./http/rate-limits.ts";
import { listenForMetrics } from "./http/metrics-port.ts";
import type { Services } from "./http/services.ts";
import { hashSecret } from "./kit/secret.ts";
import { openAuditLog } from "./logs/audit-log.ts";
import { createEntries } from "./logs/entries.ts";
import type { Log } from "./logs/log.ts";
import { callFunction, openCodeWorks, openServerFunctions } from "./server-functions.ts";
import { openServerForwarders, openServerLogs } from "./server-logs.ts";
import { createServerMetrics } from "./server-metrics.ts";
import { ensureAdminToken, noteServer, readCertificate } from "./server-files.ts";
import {
  backUp,
  linkSources,
  mustHaveSources,
  openStores,
  pingAll,
  stateOptionsOf,
  warnOfMissingStores,
} from "./server-stores.ts";
import { whenFree } from "./when-free.ts";
import { openServerTriggers } from "./server-triggers.ts";
import type { DataSource } from "./sources/source.ts";
import { type DirectoryLink, linkDirectory } from "./directory-link.ts";
import { deployDirectory, readServedDirectory, takeSecrets } from "./served-directory.ts";
import { type Created, ensureApp, openState, type State } from "./state.ts";

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
  const state = await whenFree(settings, log, async () =>
    openState(settings, {
      ...stateOptionsOf(settings),
      masterKey: variables["PETIOLE_MASTER_KEY"],
      variables,
      onFailure: (cause) => {
        log.write("warning", "state not read", { message: String(cause) });
      },
    }),
  );
  const stores = new Map<string, DataSource>();
  const closeStores = async (): Promise<void> => {
    await Promise.all([...stores.values(), state].map(async (each) => each.close()));
  };
  try {
    const embedded = await whenFree(settings, log, async () => openStores(settings, stores));
    const ensured = await ensureServedApp(state, options);
    const app = await linkSources(state, ensured.app, settings.sources);
    warnOfMissingStores(state.apps, stores, log);
    const isShared = state.embedded === undefined;
    const administrator = await ensureAdministrator({ ...state, isShared }, (cause) => {
      log.write("error", "administrator not kept", { message: String(cause) });
    });
    const adminToken = ensureAdminToken(settings, options.adminToken);

    let isReady = true;
    let link: DirectoryLink | undefined;
    const entries = createEntries();
    const logs = openServerLogs(state, { ...options, adminToken });
    const configs = openLiveConfigs(state.deployments);
    const isRefused = createRefusal(settings.stateDatabase);
    const openSecret = async (appId: string, name: string): Promise<string | undefined> =>
      state.secrets.open(appId, name);
    const auth = createAuth({
      accounts: state.accounts,
      keys: state.keys,
      apps: state.apps,
      configs,
      stores,
      isRefused,
      callFunction: async (...call) => services.access.callFunction(...call),
      openSecret,
      oauthAddresses: settings.identityProviders,
      mailer: createMailer(settings),
      now: Date.now,
      newId: state.newId,
    });
    const functions = openServerFunctions(state, {
      settings,
      auth,
      openSecret,
      access: () => services.access,
      log,
    });
    const codeWorks = await openCodeWorks(settings);
    const bodies = createBodyBudget(settings.limits.bodiesBytesMax);
    const metrics = createServerMetrics({
      logs,
      state,
      sources: stores,
      functions,
      auth,
      inFlight: () => services.admission.count,
      bodyBytes: () => bodies.bytes,
      stores: async () => pingAll(stores),
    });
    const services: Services = {
      apps: state.apps,
      keys: state.keys,
      auth,
      configs,
      access: {
        stores,
        isRefused,
        callFunction: async (...call) => callFunction(functions, settings, ...call),
        readSecret: openSecret,
        ...(codeWorks !== undefined && { codeWorkOf: ({ id }) => codeWorks.of(id) }),
      },
      functions,
      openSecret,
      limits: settings.limits,
      isStrict: settings.strictActions,
      corsCredentialHeaders: settings.corsCredentialHeaders,
      logsRequests: settings.logRequests,
      forwarding,
      heavyText: createHeavyText(),
      admission: createAdmission((appId) => {
        const served = state.apps.find(appId);
        const limits = served === undefined ? settings.limits : limitsOf(served, settings.limits);
        return limits.requestsAtOnceMax;
      }),
      bodies,
      deadlines: createDeadlines<Exchange>(settings.limits.processingMsMax, (exchange) => {
        expire(exchange, services);
      }),
      log,
      recorder: logs.recorder,
      rateLimits: createRateLimits(settings.limits),
      newId: state.newId,
      isReady: () => isReady,
      isStateReady: async () => state.store.source.ping(),
      manage: createManagement({
        log,
        requestBytesMax: settings.limits.requestBytesMax,
        bodies,
        entries,
        metrics,
        baseUrl: (request) => forwarding.baseUrl(request),
        client: async () => {
          const callback = settings.publicUrl && `${settings.publicUrl}${oauthCallbackPath}`;
          const addresses = settings.identityProviders;
          const oauth = await state.openOauth({ openSecret, addresses, callback });
          return clientServicesOf(services, { auth, oauth, entries });
        },
        admin: {
          apps: state.apps,
          keys: state.keys,
          secrets: state.secrets,
          accounts: state.accounts,
          auth,
          configs,
          deployments: state.deployments,
          dependencies: state.dependencies,
          functions,
          get access() {
            return services.access;
          },
          administrators: state.administrators,
          sessions: state.sessions,
          digest: state.digest,
          baseUrl: (request) => forwarding.baseUrl(request),
          groupId: state.groupId,
          limits: settings.limits,
          adminTokenHash: hashSecret(adminToken),
          logs,
          entries,
          audit: openAuditLog(state.store, state.newId),
          log,
          newId: state.newId,
          clientAddress: (request) => forwarding.clientAddress(request),
          countUsers: async (appId) =>
            state.store
              .collection("users")
              .countDocuments(Doc.of({ app_id: ObjectId.fromHex(appId) })),
          isReady: () => isReady,
          linkedDirectory: () => link?.describe(),
          backup: async (directory) => backUp(state.embedded, embedded, directory),
        },
      }),
    };
    const triggers = openServerTriggers(state, services);
    const forwarders = openServerForwarders(state, logs, services);
    const listener = await listenOn(settings, services, certificate);
    const { metricsPort, host } = settings;
    const metricsListener =
      metricsPort === 0 ? undefined : await listenForMetrics({ port: metricsPort, host }, metrics);
    triggers.start();
    link = await linkDirectory(state, app, settings, log);
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
        await link?.stop();
        const drainMs = settings.drainSeconds * 1000;
        await Promise.all([listener.close(drainMs), triggers.close(drainMs)]);
        await logs.recorder.flush();
        await forwarders.close();
        await services.functions.close();
        await codeWorks?.close();
        services.deadlines.close();
        await services.heavyText.close();
        await logs.close();
        await metricsListener?.close();
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

async function listenOn(
  settings: Settings,
  services: Services,
  certificate: Certificate | undefined,
): Promise<Listener> {
  return listen({
    port: settings.port,
    host: settings.host,
    fd: settings.listenFd,
    reusePort: settings.reusePort,
    keepAliveSeconds: settings.keepAliveSeconds,
    requestBytesMax: settings.limits.requestBytesMax,
    certificate,
    newLink: () => `${settings.publicUrl ?? ""}/console/logs?co_id=${services.newId().toHex()}`,
    handle: (request, response) => {
      void handle(request, response, services);
    },
  });
}
