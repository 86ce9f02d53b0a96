/**
 * The npm packages of an app's functions: made once, when they are pushed, and kept under a hash of what they were made of;
 * each node unpacks them into a folder.
 *
 * @module
 */
import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Doc } from "../bson/doc.ts";
import { DateTime, isArray, ObjectId, type Value } from "../bson/value.ts";
import { packFiles, unpackFiles } from "./app-package.ts";
import { readArchive } from "./dependencies/archive.ts";
import { createNpm } from "./dependencies/npm.ts";
import { listWanted } from "./dependencies/package-json.ts";
import { listPackages, type Package, type Tree } from "./dependencies/tree.ts";
import { openChunks, readNames } from "./deployments/chunks.ts";
import type { StateStore } from "./state-store.ts";

export type { Package } from "./dependencies/tree.ts";

/** What dependencies are made of. */
export type DependencySource =
  /** Files below `functions/`, without that: `package.json`, its lock, archives beside it. */
  | { readonly kind: "package"; readonly files: Tree }
  | { readonly kind: "archive"; readonly name: string; readonly bytes: Buffer };

export interface DependencyRecord {
  /** 64 hex digits. */
  readonly id: string;
  readonly kind: DependencySource["kind"];
  /** As `package.json` asks for them; of an archive, as they are. */
  readonly packages: readonly Package[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface Dependencies {
  /** What would be made, without making it. @throws {Fault} `BadRequest` */
  describe(source: DependencySource): Promise<readonly Package[]>;
  /**
   * Makes them, where they are not there already; they are kept when it resolves.
   *
   * @returns undefined for what asks for no package
   * @throws {Fault} `BadRequest` with the reason
   */
  build(appId: string, source: DependencySource): Promise<DependencyRecord | undefined>;
  find(appId: string, id: string): Promise<DependencyRecord | undefined>;
  /** The files, all below `node_modules/`. @throws {Error} when they are damaged */
  tree(appId: string, id: string): Promise<Tree>;
  /** Deletes those of an app that nobody wants. */
  sweep(appId: string, wanted: ReadonlySet<string>): Promise<void>;
  /**
   * The folder that holds `node_modules`, unpacked now where it is not yet; undefined where an app has none.
   *
   * @throws {Error} when they are damaged; the file system's, when there is no room for them
   */
  folderOf(app: {
    readonly id: string;
    readonly dependencies?: string | undefined;
  }): Promise<string | undefined>;
}

export interface DependenciesEnvironment {
  readonly state: StateStore;
  /** Of the process: npm is told which registry and proxy it has. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Where they are unpacked. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const collectionName = "dependencies";
/** Differs where the same input would be laid out otherwise. */
const layoutVersion = 1;

export function openDependencies(environment: DependenciesEnvironment): Dependencies {
  const { state, folder, now } = environment;
  const npm = createNpm(environment);
  const collection = state.collection(collectionName);
  const chunks = openChunks(state, now);
  const unpacking = new Map<string, Promise<string>>();

  async function find(appId: string, id: string): Promise<DependencyRecord | undefined> {
    const doc = await collection.findOne(filterOf(appId, id));
    return doc === null ? undefined : readRecord(doc);
  }

  async function tree(appId: string, id: string): Promise<Tree> {
    const doc = await collection.findOne(filterOf(appId, id));
    if (doc === null) throw new Error(`the dependencies ${id} are missing`);
    return unpackFiles(await chunks.get(readNames(doc.get("chunks"))));
  }

  async function make(source: DependencySource): Promise<Tree> {
    return source.kind === "archive"
      ? readArchive(source.name, source.bytes)
      : npm.install(source.files);
  }

  /** In one step, so that another process on this folder sees all of it or nothing. */
  async function unpack(appId: string, id: string, place: string): Promise<string> {
    const files = await tree(appId, id);
    const draft = `${place}.${process.pid}.${now()}`;
    try {
      const folders = new Set([...files.keys()].map((file) => path.posix.dirname(file)));
      for (const each of folders) await mkdir(path.join(draft, each), { recursive: true });
      for (const [file, content] of files) await writeFile(path.join(draft, file), content);
      await rename(draft, place);
    } catch (cause) {
      await rm(draft, { recursive: true, force: true });
      // Another process was faster.
      if (!existsSync(place)) throw cause;
    }
    return place;
  }

  return {
    find,
    tree,
    async describe(source) {
      if (source.kind === "package") return listWanted(source.files.get("package.json") ?? empty);
      return listPackages(await readArchive(source.name, source.bytes));
    },
    async build(appId, source) {
      const wanted = source.kind === "package" ? packagesWanted(source.files) : undefined;
      if (wanted?.length === 0) return undefined;
      const id = idOf(source);
      const known = await find(appId, id);
      if (known !== undefined) return known;
      const made = await make(source);
      const packages = wanted ?? listPackages(made);
      const doc = Doc.of({
        _id: `${appId}/${id}`,
        app_id: ObjectId.fromHex(appId),
        kind: source.kind,
        packages: packages.map(({ name, version }) => Doc.of({ name, version })),
        chunks: await chunks.put(await packFiles(made)),
        created_at: new DateTime(now()),
      });
      await collection.replaceOne(filterOf(appId, id), doc, { upsert: true });
      return readRecord(doc);
    },
    async sweep(appId, wanted) {
      const filter = Doc.of({ app_id: ObjectId.fromHex(appId) });
      for await (const batch of collection.find(filter))
        for (const doc of batch) {
          if (wanted.has(readRecord(doc).id)) continue;
          await collection.deleteOne(Doc.of({ _id: doc.get("_id") ?? null }));
          await chunks.sweep(
            readNames(doc.get("chunks")),
            async (name) => (await collection.findOne(Doc.of({ chunks: name }))) !== null,
          );
        }
    },
    async folderOf({ id: appId, dependencies: id }) {
      if (id === undefined) return undefined;
      // Of one app: what it imports can not be written by another.
      const place = path.join(folder, appId, id);
      if (existsSync(place)) return place;
      const running =
        unpacking.get(place) ?? unpack(appId, id, place).finally(() => unpacking.delete(place));
      unpacking.set(place, running);
      return running;
    },
  };
}

function filterOf(appId: string, id: string): Doc {
  return Doc.of({ _id: `${appId}/${id}` });
}

const empty = new Uint8Array();

function packagesWanted(files: Tree): readonly Package[] {
  return listWanted(files.get("package.json") ?? empty);
}

/** The hash of what goes in, in a fixed order. */
export function idOf(source: DependencySource): string {
  const parts =
    source.kind === "archive"
      ? [hash("sha256", source.bytes, "hex")]
      : [...source.files]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([file, content]) => `${file} ${hash("sha256", content, "hex")}`);
  return hash("sha256", [layoutVersion, source.kind, ...parts].join("\n"), "hex");
}

function readRecord(doc: Doc): DependencyRecord {
  const id = doc.get("_id");
  const created = doc.get("created_at");
  const packages = doc.get("packages");
  return {
    id: typeof id === "string" ? id.slice(id.indexOf("/") + 1) : "",
    kind: doc.get("kind") === "archive" ? "archive" : "package",
    packages: isArray(packages) ? packages.map(readPackage) : [],
    createdAt: created instanceof DateTime ? Number(created.ms) : 0,
  };
}

function readPackage(value: Value): Package {
  return value instanceof Doc
    ? { name: textOf(value.get("name")), version: textOf(value.get("version")) }
    : { name: "", version: "" };
}

function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}
