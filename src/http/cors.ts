/** What browsers ask before and beside a request. */
import type { IncomingHttpHeaders } from "node:http";
import { Fault } from "../kit/fault.ts";

/** Headers that carry long-lived credentials, which have no place in a page. */
const credentialHeaders: ReadonlySet<string> = new Set([
  "apikey",
  "api-key",
  "email",
  "password",
  "jwttokenstring",
]);

const headerName = /^[!#$%&'*+\-.^_`|~\w]+$/;
const maxAgeSeconds = 86_400;

/**
 * The value of `Access-Control-Allow-Origin`.
 *
 * @param allowed the app's origins; empty: every origin
 * @throws {Fault} `Forbidden` for an origin that is not listed
 */
export function mustAllowOrigin(origin: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return "*";
  if (allowed.includes(origin)) return origin;
  throw new Fault("Forbidden", "origin not allowed");
}

/** The other headers of the answer to a preflight. Credentials are never allowed as such: nobody is known by a cookie. */
export function preflightHeaders(
  headers: IncomingHttpHeaders,
  methods: string,
  options: { readonly allowsCredentialHeaders: boolean },
): readonly string[] {
  const wanted = (headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => headerName.test(name))
    .filter(
      (name) => options.allowsCredentialHeaders || !credentialHeaders.has(name.toLowerCase()),
    );
  const answer = ["Access-Control-Allow-Methods", methods];
  if (wanted.length > 0) answer.push("Access-Control-Allow-Headers", wanted.join(", "));
  answer.push("Access-Control-Max-Age", String(maxAgeSeconds));
  return answer;
}
