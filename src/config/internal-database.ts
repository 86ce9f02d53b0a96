/** Where Petiole keeps its own state, and which databases no client may touch. */

/** Petiole's own database: apps, keys, administrators. */
export const internalDatabase = "__petiole";

const refused: ReadonlySet<string> = new Set(["admin", "config", "local", internalDatabase]);

/**
 * Whether a database is closed to every action, function and pipeline stage, system users included.
 *
 * MongoDB takes names that differ only in case for one database, so that case does not open it either.
 */
export function isRefusedDatabase(name: string): boolean {
  return refused.has(name) || refused.has(name.toLowerCase());
}
