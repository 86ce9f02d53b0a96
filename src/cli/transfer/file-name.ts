/** Names of databases and collections → names of files, on any file system. */
import { hash } from "node:crypto";

const lengthMax = 120;

/**
 * A name that leads nowhere else: letters, digits, `_`, `-` and inner dots stay, the rest becomes `%xx`. The same for
 * equal names alone; what is too long ends with a hash.
 */
export function toFileName(name: string): string {
  const safe = [...Buffer.from(name)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(char) ? char : `%${byte.toString(16).padStart(2, "0")}`;
    })
    .join("")
    .replace(/(?<=.)%2e(?=.)/g, ".");
  if (safe.length <= lengthMax) return safe;
  return `${safe.slice(0, lengthMax - 33)}-${hash("sha256", name, "hex").slice(0, 32)}`;
}
