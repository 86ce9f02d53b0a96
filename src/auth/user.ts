import type { Permission } from "../config/app.ts";

/** Who sent a request, once that is certain. */
export interface User {
  /** 24 hex digits. */
  readonly id: string;
  /** A server API key is a user of type `server`. */
  readonly type: "normal" | "server" | "system";
  /** The most this user may do through the Data API, on every data source. */
  readonly permission: Permission;
}
