/** Where an export is taken of and an import goes to: the same state and stores that `serve` would open. */
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { embeddedStore } from "../../config/app.ts";
import { createRefusal, type IsRefused } from "../../config/internal-database.ts";
import { readSettings, type Settings } from "../../config/settings.ts";
import { Fault } from "../../kit/fault.ts";
import { openEmbedded } from "../../sources/embedded.ts";
import { openMongodb } from "../../sources/mongodb.ts";
import type { DataSource } from "../../sources/source.ts";
import { openState, type State } from "../../state.ts";
import { findServer } from "../admin-client.ts";
import { readConfigFile } from "../config-file.ts";

export interface Place {
  readonly state: State;
  /** By name: `embedded`, or that of a `--source`. */
  readonly stores: ReadonlyMap<string, DataSource>;
  /** Databases that are nobody's data. */
  readonly isRefused: IsRefused;
  close(): Promise<void>;
}

/** @param flags name of a setting → what stood behind its flag */
export function readPlaceSettings(flags: ReadonlyMap<string, unknown>): Settings {
  const file = readConfigFile(flags.get("config"));
  return readSettings({
    flags,
    variables: process.env,
    ...(file === undefined ? {} : { file }),
  });
}

/**
 * Opens a place to write to.
 *
 * @throws {DirectoryInUse} while a server runs on the data directory
 */
export async function openPlace(settings: Settings): Promise<Place> {
  const { limits } = settings;
  const state = await openState(settings, {
    keysMax: limits.serverKeysMax,
    follows: false,
    onFailure: () => {},
  });
  const stores = new Map<string, DataSource>();
  const close = async (): Promise<void> => {
    await Promise.all([...stores.values(), state].map(async (each) => each.close()));
  };
  try {
    if (settings.state === undefined)
      stores.set(embeddedStore, await openEmbedded(path.join(settings.data, "store")));
    for (const [name, uri] of settings.sources) stores.set(name, await openMongodb(uri, { name }));
    return { state, stores, isRefused: createRefusal(settings.stateDatabase), close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/**
 * Opens a place to read from. While a server runs on the data directory it is asked for a copy, which is read instead.
 *
 * @param scratch a directory for that copy, which must not be there
 */
export async function openPlaceToRead(settings: Settings, scratch: string): Promise<Place> {
  if (settings.state !== undefined) return openPlace(settings);
  if (!existsSync(path.join(settings.data, "state")))
    throw new Fault("NotFound", `${settings.data} is no data directory: it has no state`);
  const server = await findServer(settings.data);
  if (server === undefined) return openPlace(settings);
  rmSync(scratch, { recursive: true, force: true });
  const discard = (): void => {
    rmSync(scratch, { recursive: true, force: true });
  };
  try {
    await server.call("POST", "/backup", { directory: path.resolve(scratch) });
    const place = await openPlace({ ...settings, data: scratch });
    return {
      ...place,
      async close() {
        await place.close();
        discard();
      },
    };
  } catch (cause) {
    discard();
    throw cause;
  }
}
