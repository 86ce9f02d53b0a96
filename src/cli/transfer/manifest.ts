/** What an export holds, as it stands in its `manifest.json`. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { Value as Schema } from "@sinclair/typebox/value";
import { Fault } from "../../kit/fault.ts";
import { toFileName } from "./file-name.ts";

const tally = {
  count: Type.Integer({ minimum: 0 }),
  bytes: Type.Integer({ minimum: 0 }),
  checksum: Type.String({ pattern: "^[0-9a-f]{64}$" }),
};

const manifest = Type.Object({
  version: Type.Literal(1),
  format: Type.Union([Type.Literal("ndjson"), Type.Literal("bson")]),
  /** Whether the export has come to its end. */
  complete: Type.Boolean(),
  /** The group id of the server that it was taken of, and what was asked for; an export goes on only with the same. */
  origin: Type.String(),
  /** Collections of Petiole's own state. */
  state: Type.Array(Type.Object({ collection: Type.String(), ...tally })),
  data: Type.Array(
    Type.Object({
      /** Name of the store that it came from. */
      store: Type.String(),
      database: Type.String(),
      collection: Type.String(),
      ...tally,
    }),
  ),
});

export type Manifest = Static<typeof manifest>;

/** Undefined where there is none. @throws {Fault} `BadRequest` for one that is none */
export function readManifest(directory: string): Manifest | undefined {
  const file = path.join(directory, "manifest.json");
  if (!existsSync(file)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Fault("BadRequest", `${file} is no JSON`);
  }
  if (Schema.Check(manifest, content)) return content;
  const [first] = Schema.Errors(manifest, content);
  throw new Fault(
    "BadRequest",
    `${file}: ${first?.path ?? ""} ${first?.message ?? "is not valid"}`,
  );
}

/** In one step: a process that ends meanwhile leaves the old one. */
export function writeManifest(directory: string, content: Manifest): void {
  const file = path.join(directory, "manifest.json");
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export interface Namespace {
  readonly store: string;
  readonly database: string;
  readonly collection: string;
}

/** Derived of names that are made harmless, never taken from the manifest: it may come from anybody. */
export function dataFileOf(directory: string, { store, database, collection }: Namespace): string {
  const parts = [store, database, collection].map(toFileName);
  return path.join(directory, "data", ...parts);
}

export function stateFileOf(directory: string, collection: string): string {
  return path.join(directory, "state", toFileName(collection));
}
