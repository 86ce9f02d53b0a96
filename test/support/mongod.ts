/**
 * A real MongoDB for the tests that need one: where it comes from, and how to start it. Tests of one run
 * share a server, see `shared-mongod.ts`.
 *
 * @module
 */
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";

/** A server that runs already, or a program to start. */
export type Mongod =
  | { readonly kind: "uri"; readonly uri: string }
  | { readonly kind: "binary"; readonly path: string };

export interface RunningMongod {
  readonly uri: string;
  /** Process ids of the members that were started, by their ports. */
  readonly members: ReadonlyMap<number, number>;
  /** Stops the server and removes its data; leaves a server that was there before alone. */
  close(): Promise<void>;
}

const versionWanted = "6.0.5";
const sharedMemory = "/dev/shm";
const sharedMemoryBytesMin = 2 ** 30;

export const mongodMissing =
  "no MongoDB found: set PETIOLE_TEST_MONGODB_URI to a replica set, or MONGOMS_SYSTEM_BINARY to a mongod, " +
  "or have mongod on PATH, or run .ci/mongod once";

/**
 * Finds a MongoDB, in this order: the server that `PETIOLE_TEST_MONGODB_URI` names, the program that
 * `MONGOMS_SYSTEM_BINARY` names, `mongod` on PATH, what `.ci/mongod` fetched earlier.
 *
 * @returns null when there is none
 * @throws {Error} when there is none and CI is "true", or when a variable names something that is not there
 */
export function findMongod(environment: NodeJS.ProcessEnv = process.env): Mongod | null {
  const uri = environment["PETIOLE_TEST_MONGODB_URI"];
  if (uri) return { kind: "uri", uri };
  const named = environment["MONGOMS_SYSTEM_BINARY"];
  if (named) {
    if (!isProgram(named)) throw new Error(`MONGOMS_SYSTEM_BINARY is not a program: ${named}`);
    return { kind: "binary", path: named };
  }
  const found = placesOf(environment).find(isProgram);
  if (found !== undefined) return { kind: "binary", path: found };
  if (environment["CI"] === "true") throw new Error(mongodMissing);
  return null;
}

/**
 * Starts a replica set of one or three members, or hands on the running server that `findMongod` found.
 *
 * @throws {Error} when there is no MongoDB, or three members are wanted of a server that runs already
 */
export async function startMongod(
  options: { readonly members?: 1 | 3 } = {},
): Promise<RunningMongod> {
  const mongod = findMongod();
  if (mongod === null) throw new Error(mongodMissing);
  if (mongod.kind === "binary") return startReplicaSet(mongod.path, options.members ?? 1);
  if (options.members === 3) throw new Error("three members need a mongod program, not a URI");
  return { uri: mongod.uri, members: new Map(), close: async () => {} };
}

/** Starts a server that is no part of a replica set: it has no transactions, and no change streams. */
export async function startStandalone(binary: string): Promise<RunningMongod> {
  process.env["MONGOMS_SYSTEM_BINARY_VERSION_CHECK"] ??= "false";
  const { MongoMemoryServer } = await import("mongodb-memory-server-core");
  const dbPath = await mkdtemp(path.join(dataRoot(), "petiole-mongod-"));
  const server = await MongoMemoryServer.create({
    binary: { systemBinary: binary, version: versionWanted },
    instance: { dbPath, storageEngine: "wiredTiger", launchTimeout: 60_000 },
  });
  return {
    uri: server.getUri(),
    members: new Map(),
    close: async () => {
      await server.stop({ doCleanup: false });
      await rm(dbPath, { recursive: true, force: true });
    },
  };
}

async function startReplicaSet(binary: string, members: number): Promise<RunningMongod> {
  // The library warns about every version but the one named; a newer mongod is welcome here.
  process.env["MONGOMS_SYSTEM_BINARY_VERSION_CHECK"] ??= "false";
  const { MongoMemoryReplSet } = await import("mongodb-memory-server-core");
  const folders = await Promise.all(
    Array.from({ length: members }, async () => mkdtemp(path.join(dataRoot(), "petiole-mongod-"))),
  );
  const removeData = async (): Promise<void> => {
    await Promise.all(folders.map(async (folder) => rm(folder, { recursive: true, force: true })));
  };
  try {
    const replicaSet = await MongoMemoryReplSet.create({
      binary: { systemBinary: binary, version: versionWanted },
      replSet: { name: "rs0", count: members, storageEngine: "wiredTiger" },
      instanceOpts: folders.map((dbPath) => ({
        dbPath,
        args: [
          "--wiredTigerCacheSizeGB",
          "0.5",
          "--setParameter",
          "diagnosticDataCollectionEnabled=false",
        ],
        launchTimeout: 60_000,
      })),
    });
    return {
      uri: replicaSet.getUri(),
      members: new Map(
        replicaSet.servers.map(({ instanceInfo }) => [
          instanceInfo?.port ?? 0,
          instanceInfo?.instance.mongodProcess?.pid ?? 0,
        ]),
      ),
      close: async () => {
        await replicaSet.stop({ doCleanup: false });
        await removeData();
      },
    };
  } catch (cause) {
    await removeData();
    throw cause;
  }
}

// Thousands of small collections are slow on a disk.
function dataRoot(): string {
  if (!existsSync(sharedMemory)) return tmpdir();
  const { bavail, bsize } = statfsSync(sharedMemory);
  return bavail * bsize >= sharedMemoryBytesMin ? sharedMemory : tmpdir();
}

function placesOf(environment: NodeJS.ProcessEnv): readonly string[] {
  const onPath = (environment["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "");
  const cache = environment["PETIOLE_CACHE"] ?? path.join(homedir(), ".cache", "petiole");
  return [
    ...onPath.map((folder) => path.join(folder, "mongod")),
    path.join(cache, `mongod-${versionWanted}`, "mongod"),
  ];
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not for us to run: the next place may have one.
  }
}
