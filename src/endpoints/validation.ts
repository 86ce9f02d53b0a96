/** What an endpoint, or the Data API, checks of a call before it runs: a secret in the query, or a signature. */
import { createHmac } from "node:crypto";
import type { ValidationMethod } from "../config/app-config.ts";
import { Fault } from "../kit/fault.ts";
import { createPacer } from "../kit/pacer.ts";
import { equalsInConstantTime, hashSecret } from "../kit/secret.ts";
import { readQuery, withoutParameter } from "./query.ts";

export interface Validation {
  readonly validationMethod: ValidationMethod;
  readonly secretName?: string;
}

/** Undefined where the app has no secret of this name. */
export type OpenSecret = (name: string) => Promise<string | undefined>;

/**
 * Checks what the query string must hold, before the body is read.
 *
 * @returns the query string without the secret, however often it stands there
 * @throws {Fault} `IncomingWebhookAuthFailed`; also when the app has no such secret: nothing is open by mistake
 */
export async function mustNameSecret(
  { validationMethod, secretName = "" }: Validation,
  rawQueryString: string,
  openSecret: OpenSecret,
): Promise<string> {
  if (validationMethod !== "SECRET_AS_QUERY_PARAM") return rawQueryString;
  const given = readQuery(rawQueryString).get("secret");
  const secret = await openSecret(secretName);
  if (given === undefined || secret === undefined || !isSame(given, secret)) throw refused();
  return withoutParameter(rawQueryString, "secret");
}

/** By their hashes, which are as long whatever the texts are. */
function isSame(given: string, secret: string): boolean {
  return equalsInConstantTime(hashSecret(given), hashSecret(secret));
}

/** Hashed between two turns of the event loop. */
const sliceBytes = 2 ** 20;

const signature = /^sha256=([0-9a-f]{64})$/i;

/**
 * Checks the signature over the body's bytes: HMAC with SHA-256, in hex digits.
 *
 * @param given the value of `Endpoint-Signature`, or of the `X-Hook-Signature` that webhooks had
 * @throws {Fault} `IncomingWebhookAuthFailed`, as `mustNameSecret`
 */
export async function mustBeSigned(
  { validationMethod, secretName = "" }: Validation,
  given: string | readonly string[] | undefined,
  body: Uint8Array,
  openSecret: OpenSecret,
): Promise<void> {
  if (validationMethod !== "VERIFY_PAYLOAD") return;
  const [, wanted] = signature.exec(typeof given === "string" ? given.trim() : "") ?? [];
  const secret = await openSecret(secretName);
  if (wanted === undefined || secret === undefined || secret === "") throw refused();
  const hmac = createHmac("sha256", secret);
  const pacer = createPacer();
  for (let at = 0; at < body.length; at += sliceBytes) {
    hmac.update(body.subarray(at, at + sliceBytes));
    if (at + sliceBytes < body.length) await pacer.rest();
  }
  if (!equalsInConstantTime(hmac.digest("hex"), wanted.toLowerCase())) throw refused();
}

/** One message for all: what is wrong is nobody's business but the owner's. */
function refused(): Fault {
  // Atlas: the original's status and wording are not known; the code is the one it had for webhooks.
  return new Fault("IncomingWebhookAuthFailed", "the request is not authorized");
}
