// Runs once for a whole vitest run, before any test file: one MongoDB serves them all.
import type { TestProject } from "vitest/node";
import type { RunningMongod } from "./mongod.ts";
import { findMongod, mongodMissing, startMongod } from "./mongod.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The connection string of the run's MongoDB; null when there is none. */
    mongodUri: string | null;
  }
}

let running: RunningMongod | null = null;

export async function setup(project: TestProject): Promise<void> {
  if (findMongod() === null) {
    process.stderr.write(`tests against MongoDB are skipped: ${mongodMissing}\n`);
  } else {
    running = await startMongod();
  }
  project.provide("mongodUri", running?.uri ?? null);
}

export async function teardown(): Promise<void> {
  await running?.close();
}
