/** `petiole export DIR`: state and data as plain files. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Doc } from "../../bson/doc.ts";
import type { App } from "../../config/app.ts";
import { Fault } from "../../kit/fault.ts";
import type { DataSource } from "../../sources/source.ts";
import type { FileFormat } from "../transfer/document-file.ts";
import { exportCollection } from "../transfer/export-collection.ts";
import {
  dataFileOf,
  type Manifest,
  type Namespace,
  readManifest,
  stateFileOf,
  writeManifest,
} from "../transfer/manifest.ts";
import { writeMetadata } from "../transfer/metadata.ts";
import { openPlaceToRead, type Place, readPlaceSettings } from "../transfer/place.ts";
import { createProgress, type Progress } from "../transfer/progress.ts";
import { describeTally } from "../transfer/report.ts";
import { listStateParts } from "../transfer/state-copy.ts";

export interface ExportFlags {
  readonly format: FileFormat;
  /** App ID: its state alone, and the data of its data sources. */
  readonly app?: string;
  /** These alone. */
  readonly database?: readonly string[];
  readonly only?: "state" | "data";
}

/** @param settings name of a setting → what stood behind its flag */
export async function exportTo(
  directory: string,
  flags: ExportFlags,
  settings: ReadonlyMap<string, unknown>,
): Promise<void> {
  const progress = createProgress(process.stderr);
  const former = takeUp(directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const scratch = path.join(directory, ".copy");
  const place = await openPlaceToRead(readPlaceSettings(settings), scratch);
  try {
    const app = findApp(place, flags.app);
    const { groupId } = place.state;
    const origin = JSON.stringify({ groupId, ...flags });
    if (former !== undefined && former.origin !== origin)
      throw new Fault("BadRequest", `${directory} holds the beginning of another export`);
    const run = { place, app, directory, flags, progress };
    let manifest: Manifest = former ?? {
      version: 1,
      format: flags.format,
      complete: false,
      origin,
      state: [],
      data: [],
    };
    const keep = (next: Manifest): void => {
      manifest = next;
      writeManifest(directory, manifest);
    };
    keep(manifest);
    if (flags.only !== "data") keep({ ...manifest, state: await exportState(run) });
    if (flags.only !== "state")
      for await (const entry of exportData(run, manifest))
        keep({ ...manifest, data: [...manifest.data, entry] });
    keep({ ...manifest, complete: true });
    for (const each of manifest.data)
      progress.say(describeTally(`${each.database}.${each.collection}`, each));
    process.stdout.write(`exported to ${directory}\n`);
  } finally {
    await place.close();
  }
}

interface Run {
  readonly place: Place;
  readonly app: App | undefined;
  readonly directory: string;
  readonly flags: ExportFlags;
  readonly progress: Progress;
}

/** The manifest of an export that broke off here. @throws {Fault} `BadRequest` where something else is */
function takeUp(directory: string): Manifest | undefined {
  if (!existsSync(directory)) return undefined;
  const manifest = readManifest(directory);
  if (manifest?.complete === true || (manifest === undefined && readdirSync(directory).length > 0))
    throw new Fault("BadRequest", `${directory} is there already`);
  return manifest;
}

function findApp({ state }: Place, clientAppId: string | undefined): App | undefined {
  if (clientAppId === undefined) return undefined;
  const app = state.apps.find(clientAppId);
  if (app === undefined)
    throw new Fault("AppNotFound", `there is no app with App ID '${clientAppId}'`);
  return app;
}

/** Small, and done anew each time: it may have changed since. */
async function exportState({ place, app, directory, progress }: Run): Promise<Manifest["state"]> {
  const { store } = place.state;
  const done: Manifest["state"] = [];
  for (const { collection, filter } of await listStateParts(place.state, app)) {
    const file = stateFileOf(directory, collection);
    const tally = await exportCollection(store.collection(collection), file, {
      // Always to be read by people; of what it holds, nothing is beyond EJSON.
      format: "ndjson",
      filter,
      isFresh: true,
      onCount: (count) => {
        progress.advance(`state ${collection}`, count, undefined);
      },
    });
    done.push({ collection, ...tally });
  }
  return done;
}

async function* exportData(run: Run, { data }: Manifest): AsyncGenerator<Manifest["data"][number]> {
  const { directory, flags, progress } = run;
  const finished = new Set(data.map(nameOf));
  for (const { namespace, source, listed } of await listAll(run)) {
    if (finished.has(nameOf(namespace))) continue;
    const { database, collection: name } = namespace;
    const collection = source.collection(database, name);
    const file = dataFileOf(directory, namespace);
    const tally = await exportCollection(collection, file, {
      format: flags.format,
      onCount: (count) => {
        progress.advance(`${database}.${name}`, count, undefined);
      },
    });
    await writeMetadata(collection, listed, file);
    yield { ...namespace, ...tally };
  }
}

function nameOf({ store, database, collection }: Namespace): string {
  return JSON.stringify([store, database, collection]);
}

interface Listed {
  readonly namespace: Namespace;
  readonly source: DataSource;
  /** The entry of `listCollections`. */
  readonly listed: Doc;
}

async function listAll({ place, app, flags, progress }: Run): Promise<readonly Listed[]> {
  const linked = app && new Set([...app.dataSources.values()].map((link) => link.store));
  const found: Listed[] = [];
  for (const [store, source] of place.stores) {
    if (linked?.has(store) === false) continue;
    for (const database of await source.listDatabases()) {
      if (place.isRefused(database) || flags.database?.includes(database) === false) continue;
      for (const listed of await source.listCollections(database)) {
        const collection = listed.get("name");
        if (typeof collection !== "string" || collection.startsWith("system.")) continue;
        if (listed.get("type") === "collection")
          found.push({ namespace: { store, database, collection }, source, listed });
        else progress.say(`${database}.${collection}: left out, since it is a ${typeOf(listed)}`);
      }
    }
  }
  return found;
}

function typeOf(listed: Doc): string {
  const type = listed.get("type");
  return typeof type === "string" ? type : "collection of another kind";
}
