import type { IncomingMessage } from "node:http";
import type { AdminSessions } from "../auth/admin-sessions.ts";
import type { Administrators } from "../auth/administrators.ts";
import type { ApiKeys } from "../auth/api-keys.ts";
import type { Digest } from "../auth/digest.ts";
import type { AppRegistry } from "../config/app-registry.ts";
import type { Deployments } from "../config/deployments.ts";
import type { Secrets } from "../config/secrets.ts";

/** What the admin API works on; made once, by `server.ts`. */
export interface AdminServices {
  readonly apps: AppRegistry;
  readonly keys: ApiKeys;
  readonly secrets: Secrets;
  readonly deployments: () => Promise<Deployments>;
  readonly administrators: Administrators;
  readonly sessions: AdminSessions;
  /** Checks the key pairs of administrators. */
  readonly digest: Digest;
  /** The address under which a request reached this server, without a slash at its end. */
  readonly baseUrl: (request: IncomingMessage) => string;
  /** The one project (group) of this server: 24 hex digits. */
  readonly groupId: string;
  /** The token of the local administrator, as SHA-256 in hex digits. */
  readonly adminTokenHash: string;
  /** Writes a consistent copy of all stores into a directory that is not there yet. */
  readonly backup: (directory: string) => Promise<void>;
}
