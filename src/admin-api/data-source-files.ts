/** Where in an app's directory the parts of its data sources lie, and the ids that the admin API gives them. */
import { Fault } from "../kit/fault.ts";
import { readJson } from "./app-files.ts";
import { partIdOf } from "../config/part-id.ts";

type Files = ReadonlyMap<string, Uint8Array>;

export interface ServicePlace {
  readonly id: string;
  readonly name: string;
  /** `data_sources/FOLDER` */
  readonly folder: string;
  /** As its `config.json` has it. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface CollectionPlace {
  readonly service: ServicePlace;
  readonly database: string;
  readonly collection: string;
  /** `data_sources/FOLDER/DB/COLL` */
  readonly folder: string;
}

export function listServices(files: Files): readonly ServicePlace[] {
  const found: ServicePlace[] = [];
  for (const path of files.keys()) {
    const folder = /^(data_sources\/[^/]+)\/config\.json$/.exec(path)?.[1];
    const config = folder === undefined ? undefined : readJson(files, path);
    const name = config?.["name"];
    if (folder === undefined || config === undefined || typeof name !== "string") continue;
    found.push({ id: serviceIdOf(name), name, folder, config });
  }
  return found;
}

export function serviceIdOf(name: string): string {
  return partIdOf("service", name);
}

/** @throws {Fault} `ServiceNotFound` @param id of the service, or its name */
export function mustFindService(files: Files, id: string): ServicePlace {
  const found = listServices(files).find((each) => each.id === id || each.name === id);
  if (found === undefined) throw new Fault("NotFound", `service not found: '${id.slice(0, 64)}'`);
  return found;
}

/** Collections that have rules, a schema or relationships. */
export function listCollections(files: Files): readonly CollectionPlace[] {
  const found = new Map<string, CollectionPlace>();
  for (const service of listServices(files))
    for (const path of files.keys()) {
      if (!path.startsWith(`${service.folder}/`)) continue;
      const [db, coll, file, ...rest] = path.slice(service.folder.length + 1).split("/");
      if (db === undefined || coll === undefined || file === undefined || rest.length > 0) continue;
      const folder = `${service.folder}/${db}/${coll}`;
      // A folder's name is only as good as the file system allowed; the rules say it right.
      const rules = readJson(files, `${folder}/rules.json`);
      const database = textOr(rules?.["database"], db);
      const collection = textOr(rules?.["collection"], coll);
      found.set(folder, { service, database, collection, folder });
    }
  return [...found.values()];
}

/** The folder of a collection, whether it is there or not. */
export function folderOf(
  files: Files,
  service: ServicePlace,
  database: string,
  collection: string,
): string {
  const known = listCollections(files).find(
    (each) =>
      each.service.id === service.id &&
      each.database === database &&
      each.collection === collection,
  );
  return known?.folder ?? `${service.folder}/${fileNameOf(database)}/${fileNameOf(collection)}`;
}

/** No name of a collection leads out of its folder. */
function fileNameOf(name: string): string {
  const isPlain = /^[\w.-]{1,120}$/.test(name) && !/^\.+$/.test(name);
  return isPlain ? name : encodeURIComponent(name).replaceAll(".", "%2E").slice(0, 200);
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}
