/** What every authentication provider is: from what a client sends to the identity that it proves. */
import type { Doc } from "../bson/doc.ts";
import type { AppConfig, ProviderConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { Findings } from "../config/findings.ts";
import type { RequestInfo } from "../config/scope.ts";
import type { ApiKey } from "./api-key.ts";

/** Whoever is who it says it is. */
export interface ProvenIdentity {
  readonly providerType: string;
  /**
   * What the provider calls the user; never changes, and finds the user again. The id of the account for
   * `local-userpass`, the `sub` of a token.
   */
  readonly name: string;
  /** What the identity is called in `identities`; `name` when absent. */
  readonly id?: string;
  /** What the provider tells of the user: into the identity's data, and into the user's. */
  readonly data: Doc;
  /** Whether `data` takes the place of what this provider told before; else it is told once. */
  readonly refreshes?: boolean;
  /** An e-mail address that the provider vouches for. */
  readonly verifiedEmail?: string;
  /** Whose identity it is, where that is known beforehand. */
  readonly userId?: string;
  /** When the proof ends. Milliseconds since 1970. */
  readonly expiresAt?: number;
  /** The key of the app itself; no user of its own is kept then. */
  readonly serverKey?: ApiKey;
}

/** One attempt to log in. */
export interface LoginContext {
  readonly app: App;
  /** Undefined for an app of which nothing was ever pushed. */
  readonly config: AppConfig | undefined;
  /** The client's address, as far as proxies may be believed. */
  readonly address: string;
  /** For functions that run on the way. */
  readonly request: RequestInfo | undefined;
  readonly signal: AbortSignal;
  /** Of the attempt's log entry. */
  readonly findings?: Findings | undefined;
}

export interface Provider<Config extends ProviderConfig = ProviderConfig> {
  /**
   * @param payload what the client sent, without `options`
   * @throws {Fault} `AuthError` when it proves nobody; the cause says why, for the log
   */
  login(payload: Doc, context: LoginContext, config: Config): Promise<ProvenIdentity>;
}
