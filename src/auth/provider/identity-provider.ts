/** What an identity provider of OAuth 2.0 can be asked, whichever it is. */
import type { Doc } from "../../bson/doc.ts";
import type { OauthProvider } from "../../config/app-config.ts";
import { Fault } from "../../kit/fault.ts";

export interface IdentityProvider {
  /** What goes into `response_mode` when the answer comes as a form; undefined: in the query. */
  readonly responseMode?: "form_post";
  /** Where a browser goes to log in. */
  authorizationUrl(start: AuthorizationStart, access: ProviderAccess): Promise<string>;
  /** @throws {Fault} `AuthError` for a code that is none */
  proveCode(code: AuthorizationCode, access: ProviderAccess): Promise<Profile>;
  /** @throws {Fault} `AuthError` */
  proveToken(token: string, access: ProviderAccess): Promise<Profile>;
}

/** Of one app, while one call lasts. */
export interface ProviderAccess {
  readonly config: OauthProvider;
  /** Instead of the provider's own, as the operator of this server has said. */
  readonly address: string | undefined;
  /** Undefined where the app names none. */
  readonly clientSecret: () => Promise<string | undefined>;
}

export interface AuthorizationStart {
  /** Of this server: where the browser comes back to. */
  readonly callback: string;
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE: what `challenge` is the hash of. */
  readonly verifier: string;
}

export interface AuthorizationCode {
  readonly code: string;
  readonly redirectUri: string;
  /** Undefined where the code was not asked for by this server. */
  readonly verifier?: string;
  /** What its ID token has to hold. */
  readonly nonce?: string;
}

/** What a provider tells of somebody. */
export interface Profile {
  /** What the provider calls the user for good. */
  readonly subject: string;
  /** In the original's words: `name`, `first_name`, `email`, `picture` … */
  readonly fields: Doc;
  /** Undefined where the provider does not vouch for it. */
  readonly verifiedEmail: string | undefined;
}

/** @param why for the log; the client hears the same whatever it was */
export function notProven(why: string, cause?: unknown): Fault {
  return new Fault("AuthError", "unauthorized", { cause: new Error(why, { cause }) });
}

/** A JSON object; `undefined` for any other text. */
export function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

export function textIn(
  object: Readonly<Record<string, unknown>> | undefined,
  field: string,
): string | undefined {
  if (object === undefined || !Object.hasOwn(object, field)) return undefined;
  const value = object[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}
