import type { ApiKeys } from "../auth/api-keys.ts";
import type { AppRegistry } from "../config/app-registry.ts";

/** What the admin API works on; made once, by `server.ts`. */
export interface AdminServices {
  readonly apps: AppRegistry;
  readonly keys: ApiKeys;
  /** The one project (group) of this server: 24 hex digits. */
  readonly groupId: string;
  /** The token of the local administrator, as SHA-256 in hex digits. */
  readonly adminTokenHash: string;
  /** Writes a consistent copy of all stores into a directory that is not there yet. */
  readonly backup: (directory: string) => Promise<void>;
}
