import { hash } from "node:crypto";

/** The `_id` of a part of an app: made of what stays the same, so that it does so too. @returns 24 hex digits */
export function partIdOf(...names: readonly string[]): string {
  return hash("sha256", names.join("\0"), "hex").slice(0, 24);
}
