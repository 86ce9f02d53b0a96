/**
 * `Idempotency-Key`: a client names a write, and may send it again when it got no answer. It happens once; sent again,
 * the answer is the first one's.
 *
 * Atlas: the original had no such header.
 */
import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Action } from "../actions/action.ts";
import { Fault } from "../kit/fault.ts";
import type { OnceCall } from "../sources/once.ts";

/** Printable and without blanks: two headers, which arrive joined by a comma and a blank, are none. */
const keyPattern = /^[!-~]{1,255}$/;

/**
 * Reads which call this is; undefined for reads, and for writes that may happen again.
 *
 * @param scope whose names for calls do not collide with those of others
 * @param body as it came
 * @throws {Fault} `BadRequest` for a key of another form
 */
export function readOnceCall(
  headers: IncomingHttpHeaders,
  action: Action,
  scope: { readonly appId: string; readonly userId: string },
  body: Buffer,
): OnceCall | undefined {
  const key = headers["idempotency-key"];
  if (key === undefined || action.verb === "find" || action.verb === "aggregate") return undefined;
  if (typeof key !== "string" || !keyPattern.test(key))
    throw new Fault("BadRequest", "Idempotency-Key must be 1 to 255 visible ASCII characters");
  const { appId, userId } = scope;
  return {
    id: hash("sha256", JSON.stringify([appId, userId, key]), "buffer"),
    fingerprint: hash("sha256", `${action.name}\0${hash("sha256", body, "hex")}`, "buffer"),
  };
}
