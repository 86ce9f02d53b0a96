import type { IncomingMessage } from "node:http";
import type { Accounts } from "../auth/accounts.ts";
import type { Auth } from "../auth/auth.ts";
import type { AdminSessions } from "../auth/admin-sessions.ts";
import type { Administrators } from "../auth/administrators.ts";
import type { ApiKeys } from "../auth/api-keys.ts";
import type { Digest } from "../auth/digest.ts";
import type { ObjectId } from "../bson/value.ts";
import type { AppRegistry } from "../config/app-registry.ts";
import type { Dependencies } from "../config/dependencies.ts";
import type { Deployments } from "../config/deployments.ts";
import type { LiveConfigs } from "../config/live-configs.ts";
import type { Functions } from "../functions/function-call.ts";
import type { DataAccess } from "../rules/open-namespace.ts";
import type { Limits } from "../kit/limits.ts";
import type { Secrets } from "../config/secrets.ts";
import type { Entries } from "../logs/entries.ts";
import type { AuditLog } from "../logs/audit-log.ts";
import type { Log } from "../logs/log.ts";
import type { Logs } from "../logs/logs.ts";

/** A directory on the server's disk that deployments of an app are written to. */
export interface LinkedDirectory {
  /** 24 hex digits. */
  readonly appId: string;
  readonly directory: string;
  readonly isWritten: boolean;
  readonly isWatched: boolean;
  /** Files that were changed on disk and in a deployment, and were left as they stood on disk. */
  readonly left: readonly string[];
}

/** What the admin API works on; made once, by `server.ts`. */
export interface AdminServices {
  readonly apps: AppRegistry;
  readonly keys: ApiKeys;
  readonly secrets: Secrets;
  readonly accounts: Accounts;
  readonly auth: Auth;
  readonly configs: LiveConfigs;
  readonly deployments: () => Promise<Deployments>;
  readonly dependencies: () => Promise<Dependencies>;
  readonly functions: Functions;
  /** For explaining what rules say. */
  readonly access: DataAccess;
  readonly administrators: Administrators;
  readonly sessions: AdminSessions;
  /** Checks the key pairs of administrators. */
  readonly digest: Digest;
  /** The address under which a request reached this server, without a slash at its end. */
  readonly baseUrl: (request: IncomingMessage) => string;
  /** The one project (group) of this server: 24 hex digits. */
  readonly groupId: string;
  /** The server's own; apps may have others. */
  readonly limits: Limits;
  /** The token of the local administrator, as SHA-256 in hex digits. */
  readonly adminTokenHash: string;
  readonly newId: () => ObjectId;
  /** From where a request came. */
  readonly clientAddress: (request: IncomingMessage) => string;
  readonly logs: Logs;
  /** What is logged of each request. */
  readonly entries: Entries;
  readonly audit: AuditLog;
  /** What the server says about itself. */
  readonly log: Log;
  readonly countUsers: (appId: string) => Promise<number>;
  /** Whether new requests are welcome: what goes on without end is to end when it turns false. */
  readonly isReady: () => boolean;
  /** The directory that the server was started on; undefined: none. */
  readonly linkedDirectory: () => LinkedDirectory | undefined;
  /** Writes a consistent copy of all stores into a directory that is not there yet. */
  readonly backup: (directory: string) => Promise<void>;
}
