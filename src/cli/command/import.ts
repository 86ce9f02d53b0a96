/** `petiole import DIR`: an export's state and data into the place that `serve` would open. */
import { existsSync, statSync } from "node:fs";
import { Doc } from "../../bson/doc.ts";
import { Fault } from "../../kit/fault.ts";
import type { Collection, DataSource } from "../../sources/source.ts";
import { createTallier, type Tallier, type Tally } from "../transfer/checksum.ts";
import { type FileFormat, readDocuments } from "../transfer/document-file.ts";
import { importCollection } from "../transfer/import-collection.ts";
import {
  dataFileOf,
  type Manifest,
  type Namespace,
  readManifest,
  stateFileOf,
} from "../transfer/manifest.ts";
import { makeCollection, makeIndexes, readMetadata } from "../transfer/metadata.ts";
import { openPlace, type Place, readPlaceSettings } from "../transfer/place.ts";
import { createProgress, type Progress } from "../transfer/progress.ts";
import { describeTally } from "../transfer/report.ts";
import { importStatePart } from "../transfer/state-copy.ts";

export interface ImportFlags {
  readonly only?: "state" | "data";
  /** `FROM=TO`: names of stores. */
  readonly map?: readonly string[];
  readonly replace?: boolean;
  readonly verify: boolean;
  /** Of a single file. */
  readonly database?: string;
  readonly collection?: string;
}

/** Name of a store in the export → its name here. */
type StoreOf = (name: string) => string;

interface Run {
  readonly place: Place;
  readonly directory: string;
  readonly flags: ImportFlags;
  readonly progress: Progress;
  readonly storeOf: StoreOf;
}

/** @param settings name of a setting → what stood behind its flag */
export async function importFrom(
  source: string,
  flags: ImportFlags,
  settings: ReadonlyMap<string, unknown>,
): Promise<void> {
  if (!existsSync(source)) throw new Fault("NotFound", `${source} is not there`);
  const isFile = statSync(source).isFile();
  const manifest = isFile ? undefined : mustBeWhole(source);
  const place = await openPlace(readPlaceSettings(settings));
  const progress = createProgress(process.stderr);
  try {
    const problems =
      manifest === undefined
        ? await importFile(source, { place, flags, progress })
        : await importAll(manifest, {
            place,
            directory: source,
            flags,
            progress,
            storeOf: mapStores(manifest, place, flags.map ?? []),
          });
    for (const problem of problems) progress.say(`! ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
    process.stdout.write(
      problems.length === 0 ? "imported\n" : `imported, with ${problems.length} problems\n`,
    );
  } finally {
    await place.close();
  }
}

function mustBeWhole(directory: string): Manifest {
  const manifest = readManifest(directory);
  if (manifest === undefined)
    throw new Fault("BadRequest", `${directory} is no export: it has no manifest.json`);
  if (!manifest.complete)
    throw new Fault("BadRequest", `${directory} is not complete: run its export again`);
  return manifest;
}

/** Which store takes the place of which: the one of the same name, or the only one there is. */
function mapStores(manifest: Manifest, { stores }: Place, given: readonly string[]): StoreOf {
  const mapped = new Map<string, string>();
  for (const each of given) {
    const [from = "", to = "", ...rest] = each.split("=");
    if (from === "" || rest.length > 0 || !stores.has(to))
      throw new Fault("InvalidParameter", `--map must be FROM=TO; here there is ${listOf(stores)}`);
    mapped.set(from, to);
  }
  const [only] = stores.size === 1 ? [...stores.keys()] : [];
  for (const { store } of manifest.data)
    if (!mapped.has(store) && !stores.has(store) && only === undefined)
      throw new Fault(
        "InvalidParameter",
        `say where the data of '${store}' goes with --map ${store}=NAME; here there is ${listOf(stores)}`,
      );
  return (name) => mapped.get(name) ?? (stores.has(name) ? name : (only ?? name));
}

function listOf(stores: ReadonlyMap<string, DataSource>): string {
  return [...stores.keys()].map((name) => `'${name}'`).join(", ");
}

/** Data first: an app is not to be served before its data is there. @returns what could not be done */
async function importAll(manifest: Manifest, run: Run): Promise<readonly string[]> {
  const { flags, progress } = run;
  const problems: string[] = [];
  if (flags.only !== "state")
    for (const entry of manifest.data)
      problems.push(...(await importEntry(entry, manifest.format, run)));
  if (flags.only === "data") return problems;
  const isFresh = run.place.state.apps.list().length === 0;
  for (const { collection, count, checksum } of manifest.state) {
    const file = `${stateFileOf(run.directory, collection)}.ndjson`;
    const tallier = createTallier();
    await importStatePart(run.place.state, collection, tallied(file, "ndjson", tallier), {
      replaces: flags.replace === true,
      storeOf: run.storeOf,
      isFresh,
    });
    if (tallier.tally().count > 0 && tallier.tally().checksum !== checksum)
      problems.push(`${file}: is not as it was exported`);
    progress.say(`state ${collection}: ${count} documents`);
  }
  return problems;
}

async function importEntry(
  entry: Manifest["data"][number],
  format: FileFormat,
  run: Run,
): Promise<readonly string[]> {
  const file = dataFileOf(run.directory, entry);
  const { source, collection } = mustFind(run.place, {
    ...entry,
    store: run.storeOf(entry.store),
  });
  const metadata = readMetadata(file);
  const problems: string[] = [];
  const unmade = await makeCollection(source, collection, metadata);
  if (unmade !== undefined) problems.push(unmade);
  const title = `${entry.database}.${entry.collection}`;
  const { read } = await importCollection(collection, documentsOf(`${file}.${format}`, format), {
    replaces: run.flags.replace === true,
    onCount: (count) => {
      run.progress.advance(title, count, entry.count);
    },
  });
  if (!isSame(read, entry))
    problems.push(`${file}.${format}: is not as it was exported (${read.count} documents)`);
  problems.push(...(await makeIndexes(collection, metadata)));
  if (run.flags.verify) problems.push(...(await verify(collection, read, run.progress)));
  run.progress.say(describeTally(title, read));
  return problems;
}

function mustFind(
  { stores, isRefused }: Place,
  { store, database, collection }: Namespace,
): { readonly source: DataSource; readonly collection: Collection } {
  const source = stores.get(store);
  if (source === undefined)
    throw new Fault("InvalidParameter", `there is no store '${store}'; there is ${listOf(stores)}`);
  if (isRefused(database)) throw new Fault("BadRequest", `database '${database}' is not for data`);
  return { source, collection: source.collection(database, collection) };
}

/** Reads back what was written. A collection that holds more than that can not be compared as a whole. */
async function verify(
  collection: Collection,
  wanted: Tally,
  progress: Progress,
): Promise<readonly string[]> {
  const title = `${collection.database}.${collection.name}`;
  const tallier = createTallier();
  let count = 0;
  for await (const batch of collection.find(Doc.empty)) {
    for (const document of batch) tallier.add(document.toBytes());
    count += batch.length;
    progress.advance(`${title}, reading back`, count, wanted.count);
  }
  const found = tallier.tally();
  if (isSame(found, wanted)) return [];
  if (found.count > wanted.count) {
    progress.say(`${title}: holds ${found.count - wanted.count} other documents, not compared`);
    return [];
  }
  return [`${title}: has ${found.count} documents of ${wanted.count}, or others than those`];
}

function isSame(left: Tally, right: Tally): boolean {
  return left.count === right.count && left.checksum === right.checksum;
}

/** A single file of documents, of whatever origin. */
async function importFile(
  file: string,
  run: Pick<Run, "place" | "flags" | "progress">,
): Promise<readonly string[]> {
  const { place, flags, progress } = run;
  const { database, collection: name, map = [] } = flags;
  if (database === undefined || name === undefined)
    throw new Fault("InvalidParameter", "a single file needs --database and --collection");
  const [only = ""] = map.length > 0 ? map : [...place.stores.keys()];
  if (map.length === 0 && place.stores.size > 1)
    throw new Fault(
      "InvalidParameter",
      `say where the file goes with --map NAME; there is ${listOf(place.stores)}`,
    );
  const { collection } = mustFind(place, { store: only, database, collection: name });
  const format: FileFormat = file.endsWith(".bson") ? "bson" : "ndjson";
  const { read, present } = await importCollection(collection, documentsOf(file, format), {
    replaces: flags.replace === true,
    onCount: (count) => {
      progress.advance(`${database}.${name}`, count, undefined);
    },
  });
  progress.say(describeTally(`${database}.${name}`, read));
  if (present > 0) progress.say(`${present} of them were there already`);
  return [];
}

async function* documentsOf(file: string, format: FileFormat): AsyncGenerator<Doc> {
  for await (const { document } of readDocuments(file, format, { isPartial: false }))
    yield document;
}

async function* tallied(file: string, format: FileFormat, tallier: Tallier): AsyncGenerator<Doc> {
  for await (const document of documentsOf(file, format)) {
    tallier.add(document.toBytes());
    yield document;
  }
}
