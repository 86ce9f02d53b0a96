import type { Tally } from "./checksum.ts";

/** One line per collection, at the end of a copy. */
export function describeTally(name: string, { count, bytes, checksum }: Tally): string {
  return `${name}: ${count} documents, ${bytes} bytes, checksum ${checksum.slice(0, 16)}`;
}
