/** The form of the stored data: which version wrote it, and whether this one can read it. */
import { Doc } from "../bson/doc.ts";
import type { Environment } from "./environment.ts";

/** The form in which this version writes; grows when an older version could not read it. */
const formatVersion = 1;

/** @throws {Error} for data that a newer version wrote */
export function mustBeReadable(environment: Environment): void {
  const row = environment.row("format");
  const version = row === undefined ? formatVersion : Number(Doc.fromBytes(row).get("version"));
  if (version <= formatVersion) return;
  throw new Error(
    `the data in ${environment.path} has format ${version}, this version reads up to ${formatVersion}: use a newer version of Petiole`,
  );
}

/** Within a job, the first in an empty environment. */
export function noteFormat(environment: Environment): void {
  environment.putRow("format", Doc.of({ version: formatVersion }).toBytes());
}
