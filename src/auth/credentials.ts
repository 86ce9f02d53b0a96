/** What a request shows of its sender, before anybody has looked whether it is true. */
import type { IncomingHttpHeaders } from "node:http";

export type Credentials =
  | { readonly kind: "none" }
  /** Half a pair: an `email` without a `password`, or the other way round. */
  | { readonly kind: "incomplete" }
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "password"; readonly email: string; readonly password: string }
  | { readonly kind: "apiKey"; readonly key: string }
  | { readonly kind: "jwt"; readonly token: string };

const none: Credentials = { kind: "none" };
const incomplete: Credentials = { kind: "incomplete" };
const bearer = /^Bearer(?: +(.*))?$/i;

/**
 * Reads the credentials of a Data API request: a bearer token before everything else, then e-mail and password, a key, a JWT.
 *
 * `Authorization` of another scheme (a proxy's `Basic`) is no credential here. `api-key` and `apiKey` are one header.
 */
export function readCredentials(headers: IncomingHttpHeaders): Credentials {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const match = bearer.exec(authorization);
    if (match !== null) return { kind: "bearer", token: (match[1] ?? "").trim() };
  }
  const email = headers["email"];
  const password = headers["password"];
  if (typeof email === "string" && typeof password === "string")
    return { kind: "password", email, password };
  const key = headers["api-key"] ?? headers["apikey"];
  if (typeof key === "string" && key !== "") return { kind: "apiKey", key };
  const jwt = headers["jwttokenstring"];
  if (typeof jwt === "string" && jwt !== "") return { kind: "jwt", token: jwt };
  return email === undefined && password === undefined ? none : incomplete;
}
