/** Where the packages of functions are unpacked; all that has to do with them is loaded when it is first needed. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Dependencies } from "./dependencies.ts";
import type { StateStore } from "./state-store.ts";

/** The packages of functions: where they are unpacked, and what installs them. */
export function openPackages(
  store: StateStore,
  {
    data,
    variables = {},
  }: {
    /** The data directory; undefined where nothing is to lie on local disk for long. */
    readonly data: string | undefined;
    /** Of the process: npm is told which registry and proxy it has. */
    readonly variables?: Readonly<Record<string, string | undefined>>;
  },
): { readonly dependencies: () => Promise<Dependencies>; readonly close: () => Promise<void> } {
  let opening: Promise<Dependencies> | undefined;
  let passing: string | undefined;
  return {
    async dependencies() {
      opening ??= import("./dependencies.ts").then(async ({ openDependencies }) => {
        // A folder that nobody else can have made, with what functions run in it.
        passing = data === undefined ? await mkdtemp(path.join(tmpdir(), "petiole-")) : undefined;
        const folder = passing ?? path.join(data ?? "", "dependencies");
        return openDependencies({ state: store, variables, folder, now: Date.now });
      });
      return opening;
    },
    async close() {
      if (passing !== undefined) await rm(passing, { recursive: true, force: true });
    },
  };
}
