/** An embedded store in a directory that goes away with it. */
import { mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openEmbedded } from "../../src/sources/embedded.ts";
import type { DataSource } from "../../src/sources/source.ts";

const sharedMemory = "/dev/shm";

export async function openScratchSource(): Promise<DataSource> {
  const root = existsSync(sharedMemory) ? sharedMemory : tmpdir();
  const folder = await mkdtemp(path.join(root, "petiole-differential-"));
  const source = await openEmbedded(folder, { expiryMs: 0 });
  return {
    ...source,
    async close(): Promise<void> {
      await source.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
