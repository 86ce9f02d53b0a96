/** The `process` of functions: what packages look at, and nothing that acts on the process or tells of the machine. */

const { hrtime, version, versions, platform, arch, release } = process;
const nextTick = process.nextTick.bind(process);
const uptime = process.uptime.bind(process);
const memoryUsage = process.memoryUsage.bind(process);

const nothing = (): void => {};

function refuse(name: string): () => never {
  return () => {
    throw new Error(`process.${name} is not available in functions`);
  };
}

const stream = Object.freeze({ isTTY: false, columns: 80, write: () => true, on: nothing });

export const harmlessProcess: Readonly<Record<string, unknown>> = Object.freeze({
  // Packages tell Node by it.
  [Symbol.toStringTag]: "process",
  title: "node",
  browser: false,
  env: Object.freeze({ NODE_ENV: "production" }),
  argv: Object.freeze(["node"]),
  execArgv: Object.freeze([]),
  version,
  versions,
  platform,
  arch,
  release,
  pid: 1,
  ppid: 0,
  config: Object.freeze({ variables: Object.freeze({}), target_defaults: Object.freeze({}) }),
  features: Object.freeze({}),
  stdout: stream,
  stderr: stream,
  hrtime,
  nextTick,
  uptime,
  memoryUsage,
  cwd: () => "/",
  umask: () => 0o22,
  emitWarning: nothing,
  on: nothing,
  once: nothing,
  off: nothing,
  addListener: nothing,
  prependListener: nothing,
  removeListener: nothing,
  removeAllListeners: nothing,
  emit: () => false,
  listeners: () => [],
  listenerCount: () => 0,
  exit: refuse("exit"),
  abort: refuse("abort"),
  kill: refuse("kill"),
  chdir: refuse("chdir"),
  binding: refuse("binding"),
  dlopen: refuse("dlopen"),
});

/** Takes what could harm others from the real `process`, should anybody get hold of it. */
export function disarmProcess(): void {
  const real = process as unknown as Record<string, unknown>;
  const names = [
    "kill",
    "_kill",
    "_debugProcess",
    "_debugEnd",
    "dlopen",
    "binding",
    "_linkedBinding",
    "abort",
    "execve",
    "getBuiltinModule",
    "setUncaughtExceptionCaptureCallback",
    "_startProfilerIdleNotifier",
  ];
  for (const name of names)
    if (name in real)
      Object.defineProperty(real, name, {
        value: refuse(name),
        writable: false,
        configurable: false,
      });
  real["mainModule"] = undefined;
}
