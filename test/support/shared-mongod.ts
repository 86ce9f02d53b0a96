import { randomBytes } from "node:crypto";
import { describe, inject } from "vitest";

/** What a test against MongoDB gets: the run's server, and a database name that no other test uses. */
export interface SharedMongod {
  readonly uri: string;
  readonly database: string;
}

/**
 * Describes tests that need a real MongoDB. Without one they are skipped (the run says so once, and how
 * to have one); with CI=true the run has failed before.
 */
export function describeOnMongod(title: string, body: (mongod: SharedMongod) => void): void {
  const uri = inject("mongodUri");
  const database = `t_${randomBytes(6).toString("hex")}`;
  describe.skipIf(uri === null)(title, () => {
    body({ uri: uri ?? "", database });
  });
}
