/** Starts worker threads from files of this program. */
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a thread that runs the file `name` beside the module that asks, with the ending which that one has.
 *
 * @param base the `import.meta.url` of whoever asks
 * @param name without its ending: `./heavy-worker`
 */
export function startThread(base: string, name: string, options: WorkerOptions): Worker {
  if (base.endsWith(".js")) return new Worker(new URL(`${name}.js`, base), options);
  // From sources, as in tests: Node 20 needs a loader, which must be there before the file is looked at.
  const file = JSON.stringify(new URL(`${name}.ts`, base).href);
  const load = `import("tsx/esm/api").then(({ register }) => { register(); return import(${file}); })`;
  return new Worker(load, { ...options, eval: true, execArgv: [] });
}
