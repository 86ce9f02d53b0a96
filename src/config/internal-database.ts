/** Where Petiole keeps its own state, and which databases no client may touch. */

import { recordDatabase } from "../sources/once.ts";

/** Petiole's own database: apps, keys, administrators; and in a data source, which calls it has seen. */
export const internalDatabase: string = recordDatabase;

const refused: ReadonlySet<string> = new Set(["admin", "config", "local", internalDatabase]);

/** Whether a database is closed to every action, function and pipeline stage, system users included. */
export type IsRefused = (database: string) => boolean;

/**
 * Makes the test for closed databases.
 *
 * MongoDB takes names that differ only in case for one database, so that case does not open it either.
 *
 * @param stateDatabase where the state lies, if that has another name
 */
export function createRefusal(stateDatabase: string = internalDatabase): IsRefused {
  const own = stateDatabase.toLowerCase();
  return (name) => {
    if (refused.has(name) || name === stateDatabase) return true;
    const lower = name.toLowerCase();
    return refused.has(lower) || lower === own;
  };
}
