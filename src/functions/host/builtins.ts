/** Node's own modules as functions and packages get them. */
import { harmlessFs } from "./file-system.ts";
import { freezeClass } from "./harden.ts";
import { harmlessProcess } from "./process.ts";

/** As they are; network modules too, since every connection passes `network-guard.ts`. */
const plain: ReadonlySet<string> = new Set([
  "assert",
  "assert/strict",
  "buffer",
  "constants",
  "crypto",
  "dgram",
  "dns",
  "dns/promises",
  "events",
  "http",
  "http2",
  "https",
  "net",
  "path",
  "path/posix",
  "path/win32",
  "perf_hooks",
  "punycode",
  "querystring",
  "stream",
  "stream/consumers",
  "stream/promises",
  "stream/web",
  "string_decoder",
  "sys",
  "timers",
  "timers/promises",
  "tls",
  "tty",
  "url",
  "util",
  "util/types",
  "zlib",
]);

/** Those that would reach the machine, other calls, or this process itself. */
const refused: ReadonlySet<string> = new Set([
  "child_process",
  "cluster",
  "diagnostics_channel",
  "domain",
  "inspector",
  "inspector/promises",
  "readline",
  "readline/promises",
  "repl",
  "sea",
  "sqlite",
  "test",
  "trace_events",
  "v8",
  "vm",
  "wasi",
  "worker_threads",
]);

type NodeRequire = (specifier: string) => unknown;

const replaced: ReadonlyMap<string, (load: NodeRequire) => unknown> = new Map(
  Object.entries<(load: NodeRequire) => unknown>({
    fs: () => harmlessFs,
    "fs/promises": () => harmlessFs["promises"],
    process: () => harmlessProcess,
    console: () => globalThis.console,
    os: (load) => harmlessOs(load),
    async_hooks: (load) => harmlessAsyncHooks(load),
    module: () => Object.freeze({ builtinModules: [...plain] }),
  }),
);

/**
 * What packages get of refused modules: many load them without ever using them. Whatever they call there fails.
 */
const forPackages: ReadonlyMap<string, object> = new Map(
  Object.entries<object>({
    child_process: unavailable("child_process", [
      "exec",
      "execFile",
      "execFileSync",
      "execSync",
      "fork",
      "spawn",
      "spawnSync",
    ]),
    cluster: { isMaster: true, isPrimary: true, isWorker: false, on: nothing },
    diagnostics_channel: {
      channel: () => ({ hasSubscribers: false, publish: nothing, subscribe: nothing }),
      tracingChannel: () => ({ hasSubscribers: false, traceSync: apply, tracePromise: apply }),
      hasSubscribers: () => false,
    },
    domain: { ...unavailable("domain", ["create", "createDomain"]), active: null },
    readline: unavailable("readline", ["createInterface"]),
    v8: unavailable("v8", ["getHeapStatistics", "serialize", "deserialize", "setFlagsFromString"]),
    vm: unavailable("vm", ["Script", "createContext", "runInContext", "runInNewContext"]),
    worker_threads: {
      ...unavailable("worker_threads", ["Worker", "MessageChannel"]),
      isMainThread: true,
      parentPort: null,
      threadId: 0,
      workerData: null,
    },
  }),
);

function nothing(): void {}

function apply(
  run: (...given: unknown[]) => unknown,
  _context: unknown,
  self: unknown,
  ...given: unknown[]
): unknown {
  return Reflect.apply(run, self, given);
}

function unavailable(module: string, names: readonly string[]): object {
  return Object.fromEntries(
    names.map((name) => [
      name,
      function refuse() {
        throw new Error(`${module}.${name} is not available in functions`);
      },
    ]),
  );
}

const made = new Map<string, unknown>();

/** Whether it names a module of Node's, one that is refused included. */
export function isBuiltinName(specifier: string): boolean {
  const name = bare(specifier);
  return (
    specifier.startsWith("node:") || plain.has(name) || replaced.has(name) || refused.has(name)
  );
}

/** @throws {Error} `MODULE_NOT_FOUND` for one that is refused */
export function builtinOf(
  specifier: string,
  load: NodeRequire,
  { isForPackage }: { readonly isForPackage: boolean },
): unknown {
  const name = bare(specifier);
  const known = made.get(name);
  if (known !== undefined) return known;
  if (isForPackage && forPackages.has(name)) return forPackages.get(name);
  const replacement = replaced.get(name);
  const value = replacement === undefined ? loadPlain(name, load) : replacement(load);
  made.set(name, value);
  return value;
}

function bare(specifier: string): string {
  return specifier.startsWith("node:") ? specifier.slice(5) : specifier;
}

function loadPlain(name: string, load: NodeRequire): unknown {
  if (!plain.has(name))
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: "MODULE_NOT_FOUND" });
  const value = load(`node:${name}`);
  const holder = value as Readonly<Record<string, unknown>>;
  freezeClass(value);
  for (const key of Object.keys(holder))
    if (Object.getOwnPropertyDescriptor(holder, key)?.get === undefined) freezeClass(holder[key]);
  // What one call puts into a module, every other would find there.
  return typeof value === "object" ? frozenCopy(holder) : value;
}

/** With its getters, which load what few ask for. */
function frozenCopy(holder: object): object {
  return Object.freeze(Object.defineProperties({}, Object.getOwnPropertyDescriptors(holder)));
}

/** Nothing of the machine itself. */
function harmlessOs(load: NodeRequire): unknown {
  const os = load("node:os") as Readonly<Record<string, unknown>>;
  const { EOL, constants, endianness, platform, type, arch } = os;
  return Object.freeze({
    EOL,
    constants,
    endianness,
    platform,
    type,
    arch,
    release: () => "",
    version: () => "",
    machine: () => "",
    hostname: () => "localhost",
    homedir: () => "/",
    tmpdir: () => "/tmp",
    cpus: () => [],
    availableParallelism: () => 1,
    networkInterfaces: () => ({}),
    loadavg: () => [0, 0, 0],
    uptime: () => 0,
    totalmem: () => 0,
    freemem: () => 0,
    userInfo: () => ({ username: "", uid: -1, gid: -1, shell: null, homedir: "/" }),
  });
}

/** Without hooks, which see the resources of all calls. */
function harmlessAsyncHooks(load: NodeRequire): unknown {
  const { AsyncLocalStorage, AsyncResource, executionAsyncId, triggerAsyncId } = load(
    "node:async_hooks",
  ) as Readonly<Record<string, unknown>>;
  return Object.freeze({ AsyncLocalStorage, AsyncResource, executionAsyncId, triggerAsyncId });
}
