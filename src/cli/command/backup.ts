import path from "node:path";
import { backUp } from "../../server-stores.ts";
import { openEmbedded } from "../../sources/embedded.ts";
import { openState } from "../../state.ts";
import { findServer } from "../admin-client.ts";

/** `petiole backup DIR`: a copy that `serve --data DIR` starts from. */
export async function backup(directory: string, data: string): Promise<void> {
  const target = path.resolve(directory);
  const server = await findServer(data);
  if (server === undefined) await copyStores(data, target);
  else await server.call("POST", "/backup", { directory: target });
  process.stdout.write(`backed up to ${target}\n`);
}

async function copyStores(data: string, target: string): Promise<void> {
  const state = await openState({ data }, { keysMax: 1, follows: false, onFailure: () => {} });
  try {
    const store = await openEmbedded(path.join(data, "store"));
    try {
      await backUp(state.embedded, store, target);
    } finally {
      await store.close();
    }
  } finally {
    await state.close();
  }
}
