/**
 * Deployments: an app directory comes in, is checked whole, kept as a snapshot, and made live in one step.
 *
 * The snapshot is on disk before the app's own document, the only thing that every request looks at, names it: a crash
 * on the way leaves a snapshot that is not live, and nothing else.
 */
import { Fault } from "../kit/fault.ts";
import { createQueue } from "../kit/queue.ts";
import { resolveConfig, readAppDirectory, writeAppDirectory } from "./app-directory.ts";
import type { AppConfig, EnvironmentName } from "./app-config.ts";
import { listVersionProblems } from "./data-api-versions.ts";
import { diffApps, type FileChange } from "./app-diff.ts";
import type { AppFiles } from "./app-package.ts";
import { formatProblem, type Problem } from "./app-problem.ts";
import type { AppRegistry } from "./app-registry.ts";
import { type App, type DataApi, embeddedStore } from "./app.ts";
import { listUnserved, livePartsOf } from "./live-parts.ts";
import { type Deployment, openRecords } from "./deployment-records.ts";
import { type Dependencies, type DependencySource, idOf } from "./dependencies.ts";
import { createDraftWork, type DraftWork } from "./deployments/draft-work.ts";
import { type Chosen, chooseDependencies, splitArchive } from "./deployments/dependency-choice.ts";
import { firstFiles } from "./deployments/first-files.ts";
import { listSecretReferences } from "./secret-references.ts";
import type { Secrets } from "./secrets.ts";
import type { StateStore } from "./state-store.ts";
import type { ObjectId } from "../bson/value.ts";

export type { Deployment } from "./deployment-records.ts";
export type { Take } from "./deployments/draft-work.ts";

/** What would happen if a directory were pushed. */
export interface Plan {
  /** Nothing becomes live while there is one. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** In plain words: what is kept and not served yet. */
  readonly unserved: readonly string[];
  /** Against what is live. */
  readonly changes: readonly FileChange[];
}

export interface PushOptions {
  readonly author: string;
  readonly message?: string;
  /** `warns` where a server starts that may get its secrets later; a push is refused. */
  readonly missingSecret?: "refuses" | "warns";
  /** The deployment that has to be live, for it to be replaced; undefined: none. */
  readonly after?: string | undefined;
  /** Without the packages of an archive, of which a directory says nothing. */
  readonly dropsArchive?: boolean;
}

export interface Deployments {
  plan(appId: string, files: AppFiles, options?: Pick<PushOptions, "missingSecret">): Promise<Plan>;
  /**
   * Keeps a directory and makes it live.
   *
   * @throws {Fault} `BadRequest` with all problems, a line each; `DraftConflict` where another deployment is live than
   *   `after` names; what is live then stays
   */
  push(appId: string, files: AppFiles, options: PushOptions): Promise<Deployment>;
  /** Makes an older one live, under the same conditions as a push. @throws {Fault} `NotFound` */
  rollback(appId: string, id: string): Promise<Deployment>;
  /** The newest first. */
  list(appId: string): Promise<readonly Deployment[]>;
  /** @throws {Fault} `NotFound` */
  must(appId: string, id: string): Promise<Deployment>;
  /** @param id of a deployment; what is live when absent */
  files(appId: string, id?: string): Promise<AppFiles>;
  /** A deployment as it was understood. @param id what is live when absent */
  config(appId: string, id?: string): Promise<AppConfig>;
  /** Pushes the live app with a change. */
  edit(appId: string, options: PushOptions, change: (app: AppConfig) => AppConfig): Promise<void>;
  /** Everything of an app that is being deleted. */
  deleteAll(appId: string): Promise<void>;
  readonly drafts: DraftWork;
  /** Is told of everything that goes live by this server; waited for, and not to fail. */
  onDeployed(listener: (deployed: Deployed) => Promise<void>): void;
}

export interface Deployed {
  readonly appId: string;
  /** Empty where an older deployment was made live again. */
  readonly author: string;
  /** What was live. */
  readonly before: AppFiles;
  readonly after: AppFiles;
}

export interface DeploymentsEnvironment {
  readonly state: StateStore;
  readonly apps: AppRegistry;
  readonly secrets: Secrets;
  readonly dependencies: Dependencies;
  /** What is wrong, or worth knowing, of the parts that later folders understand. */
  readonly checkParts: CheckParts;
  readonly stores: StoreNames;
  /** Deployments of one app that are kept. */
  readonly keptMax: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}

export type CheckParts = (
  config: AppConfig,
) => Promise<{ readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] }>;

/** Which stores a data source may lead to. */
export interface StoreNames {
  /** Of `--source`; undefined where it is not known, since no server runs here. */
  readonly sources: ReadonlySet<string> | undefined;
  readonly hasEmbedded: boolean;
  /** Whether a data source that no `--source` is named after is a problem. */
  readonly isStrict: boolean;
}

const configsMax = 50;
const noParts = { problems: [], warnings: [] };

export function openDeployments(environment: DeploymentsEnvironment): Deployments {
  const { apps, secrets, stores, keptMax } = environment;
  const records = openRecords(environment);
  const inTurn = createQueue();
  /** By the id of their deployment, which never changes. */
  const configs = new Map<string, AppConfig>();

  const listeners: ((deployed: Deployed) => Promise<void>)[] = [];

  async function filesOf(app: App): Promise<AppFiles> {
    const { deployment } = app;
    return deployment === undefined ? firstFiles(app) : records.files(app.id, deployment);
  }

  async function check(appId: string, given: AppFiles, missingSecret: "refuses" | "warns") {
    const { files } = splitArchive(given);
    const { app: config, problems, warnings } = readAppDirectory(files);
    // What can not be read can not be understood either.
    const parts = problems.length > 0 ? noParts : await environment.checkParts(config);
    const missing = await listMissingSecrets(appId, config);
    const [refused, excused] = missingSecret === "warns" ? [[], missing] : [missing, []];
    return {
      config,
      problems: [...problems, ...parts.problems, ...unmapped(config, stores), ...refused],
      warnings: [...warnings, ...parts.warnings, ...excused],
    };
  }

  async function listMissingSecrets(appId: string, config: AppConfig): Promise<readonly Problem[]> {
    const known = new Set((await secrets.list(appId)).map(({ name }) => name));
    return listSecretReferences(config)
      .filter(({ name }) => !known.has(name))
      .map(({ name, usedBy, file, path }) => ({
        file,
        path,
        message: `the secret '${name}', which ${usedBy} needs, is not set: petiole secrets set ${name}`,
      }));
  }

  async function plan(
    appId: string,
    files: AppFiles,
    options: Pick<PushOptions, "missingSecret"> = {},
  ): Promise<Plan> {
    const checked = await check(appId, files, options.missingSecret ?? "refuses");
    const { config, warnings } = checked;
    const app = apps.must(appId);
    // Not of a rollback, which undoes what was done to them.
    const problems = [...checked.problems, ...listVersionProblems(app, config)];
    const before = await filesOf(app);
    const { files: rest, archive } = splitArchive(files);
    const after = problems.length > 0 ? rest : writeAppDirectory(config);
    const changes = [...diffApps(before, after), ...changedArchive(app, archive)];
    return { problems, warnings, unserved: listUnserved(config), changes };
  }

  /** The packages lie where functions find them before anybody calls one. @throws {Fault} `BadRequest` */
  async function unpack(appId: string, dependencies: string | undefined): Promise<void> {
    try {
      await environment.dependencies.folderOf({ id: appId, dependencies });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Fault("BadRequest", `the packages of the functions can not be unpacked: ${why}`, {
        cause,
      });
    }
  }

  async function deploy(appId: string, config: AppConfig, deployment: Deployment): Promise<void> {
    await apps.deploy(appId, livePartsOf(config, deployment), (name, former) => {
      if (stores.sources?.has(name) === true) return name;
      return former ?? (stores.hasEmbedded ? embeddedStore : name);
    });
    remember(deployment.id, config);
  }

  function remember(id: string, config: AppConfig): void {
    const [oldest] = configs.keys();
    if (configs.size >= configsMax && oldest !== undefined) configs.delete(oldest);
    configs.set(id, config);
  }

  async function push(appId: string, files: AppFiles, options: PushOptions): Promise<Deployment> {
    const { author, message = "", missingSecret = "refuses", dropsArchive = false } = options;
    if ("after" in options && options.after !== apps.must(appId).deployment)
      throw new Fault("DraftConflict", "something else went live meanwhile");
    const { config, problems } = await check(appId, files, missingSecret);
    mustBeWell([...problems, ...listVersionProblems(apps.must(appId), config)]);
    const { dependencies } = dropsArchive
      ? { dependencies: undefined }
      : await choose(appId, files);
    await unpack(appId, dependencies);
    const written = writeAppDirectory(config);
    const before = await filesOf(apps.must(appId));
    const deployment = await records.add(appId, written, { author, message, dependencies });
    await deploy(appId, config, deployment);
    await prune(appId, deployment.id);
    await tell({ appId, author, before, after: written });
    return deployment;
  }

  async function tell(deployed: Deployed): Promise<void> {
    for (const listener of listeners) await listener(deployed);
  }

  async function choose(appId: string, files: AppFiles): Promise<Chosen> {
    const app = apps.must(appId);
    return chooseDependencies(app, files, await filesOf(app), environment.dependencies);
  }

  async function prune(appId: string, liveId: string): Promise<void> {
    await records.prune(appId, keptMax, liveId);
    const wanted = (await records.list(appId)).map((each) => each.dependencies);
    await environment.dependencies.sweep(appId, new Set(wanted.filter((id) => id !== undefined)));
  }

  async function pushInTurn(appId: string, files: AppFiles, options: PushOptions) {
    const { problems } = await check(appId, files, options.missingSecret ?? "refuses");
    mustBeWell(problems);
    // What takes minutes is done before anybody has to wait for it; in its turn it is there already.
    await choose(appId, files);
    return inTurn(async () => push(appId, files, options));
  }

  return {
    plan,
    push: pushInTurn,
    async rollback(appId, id) {
      return inTurn(async () => {
        const deployment = await records.must(appId, id);
        const files = await records.files(appId, id);
        const { config, problems } = await check(appId, files, "refuses");
        mustBeWell(problems);
        await unpack(appId, deployment.dependencies);
        const before = await filesOf(apps.must(appId));
        await deploy(appId, config, deployment);
        await tell({ appId, author: "", before, after: files });
        return deployment;
      });
    },
    list: async (appId) => records.list(appId),
    must: async (appId, id) => records.must(appId, id),
    async files(appId, id) {
      return id === undefined ? filesOf(apps.must(appId)) : records.files(appId, id);
    },
    async config(appId, id) {
      const app = apps.must(appId);
      const deployment = id ?? app.deployment;
      const known = configs.get(deployment ?? "");
      if (known !== undefined) return known;
      const files =
        deployment === undefined ? firstFiles(app) : await records.files(appId, deployment);
      const { app: config } = readAppDirectory(files);
      if (deployment !== undefined) remember(deployment, config);
      return config;
    },
    async edit(appId, options, change) {
      await inTurn(async () => {
        const { app: config } = readAppDirectory(await filesOf(apps.must(appId)));
        await push(appId, writeAppDirectory(change(config)), options);
      });
    },
    async deleteAll(appId) {
      await records.deleteAll(appId);
      await environment.dependencies.sweep(appId, new Set());
    },
    drafts: createDraftWork({
      drafts: records.drafts,
      liveOf: (appId) => apps.must(appId).deployment,
      async filesAt(appId, deployment) {
        const app = apps.must(appId);
        return deployment === undefined ? firstFiles(app) : records.files(appId, deployment);
      },
      push: pushInTurn,
      async snapshot(appId, files) {
        const by = { author: "", message: "before the first deployment", dependencies: undefined };
        return (await records.add(appId, files, by)).id;
      },
      async remembered(key, make) {
        const config = configs.get(key) ?? (await make());
        remember(key, config);
        return config;
      },
    }),
    onDeployed(listener) {
      listeners.push(listener);
    },
  };
}

/** An archive is not shown file by file. */
function changedArchive(
  app: App,
  archive: Extract<DependencySource, { kind: "archive" }> | undefined,
): readonly FileChange[] {
  if (archive === undefined || idOf(archive) === app.dependencies) return [];
  const file = `functions/${archive.name}`;
  return [{ file, kind: "modified", patch: `--- ${file}\n+++ ${file}\nBinary files differ\n` }];
}

/** Data sources for which no store is known. */
function unmapped(config: AppConfig, stores: StoreNames): readonly Problem[] {
  const { sources, hasEmbedded, isStrict } = stores;
  if (sources === undefined || (hasEmbedded && !isStrict)) return [];
  return [...config.dataSources.values()]
    .filter(({ name }) => !sources.has(name))
    .map(({ name, origin }) => ({
      file: origin?.file.path ?? "",
      path: "name",
      message: `the data source '${name}' leads nowhere: start the server with --source ${name}=mongodb://…`,
    }));
}

/** @throws {Fault} `BadRequest` with all problems, a line each */
export function mustBeWell(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new Fault("BadRequest", problems.map(formatProblem).join("\n"));
}

/** An app whose Data API is served otherwise. */
export function withDataApi(
  app: AppConfig,
  { disabled, versions, returnType }: DataApi,
): AppConfig {
  const former = app.dataApi ?? plainDataApi;
  return {
    ...app,
    dataApi: { ...former, disabled, versions: [...versions].toSorted(), returnType },
  };
}

const plainDataApi = {
  runAs: { kind: "caller" },
  validationMethod: "NO_VALIDATION",
  fetchCustomUserData: false,
  createUserOnAuth: false,
  logFunctionArguments: false,
} as const;

/** The live app in another environment. @throws {Fault} `BadRequest` with all problems */
export function withEnvironment(app: AppConfig, environment: EnvironmentName): AppConfig {
  const { app: resolved, problems } = resolveConfig({ ...app, environment }, environment);
  mustBeWell(problems);
  return { ...resolved, environment };
}
