/** Who sends a request, once that is certain: `context.user`, `%%user`. */
import { Doc } from "../bson/doc.ts";
import type { Permission } from "./app.ts";

export interface User {
  /** 24 hex digits; empty for the system. */
  readonly id: string;
  /** A server API key is a user of type `server`. */
  readonly type: "normal" | "server" | "system";
  /** The most this user may do, on every data source. */
  readonly permission: Permission;
  /** What providers told of the user: `email`, `name`, the metadata fields of a token. */
  readonly data: Doc;
  /** The user's document of the collection for custom user data; empty where there is none. */
  readonly customData: Doc;
  readonly identities: readonly Identity[];
}

/** One way in which a user logs in. */
export interface Identity {
  /** What the provider calls the user. */
  readonly id: string;
  /** As in `local-userpass`. */
  readonly providerType: string;
  /** 24 hex digits. */
  readonly providerId: string;
  /** What this provider told. */
  readonly data?: Doc;
}

/** Skips rules and schemas. */
export const systemUser: User = {
  id: "",
  type: "system",
  permission: "readWrite",
  data: Doc.empty,
  customData: Doc.empty,
  identities: [],
};
