import type { Regex } from "../../bson/value.ts";

const special = /[\\^$.|?*+()[\]{}#\s]/;
const optional = new Set(["*", "?", "{"]);

/** The text that everything a pattern matches begins with; empty where none is sure. */
export function prefixOf({ pattern, options }: Regex): string {
  const isAnchored = pattern.startsWith("^") || pattern.startsWith("\\A");
  // Ignoring case, many lines and free spacing each change what `^` and letters mean.
  if (!isAnchored || /[imx]/.test(options) || pattern.includes("|")) return "";
  let prefix = "";
  for (let at = pattern.startsWith("^") ? 1 : 2; at < pattern.length;) {
    const literal = literalAt(pattern, at);
    if (literal === undefined) break;
    const following = pattern[at + literal.length] ?? "";
    if (optional.has(following)) break;
    prefix += literal.character;
    at += literal.length;
    if (following === "+") break;
  }
  // Half a surrogate pair is no text to look for.
  return /[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix;
}

/** The character that stands for itself at this place of the pattern, and how much of the pattern says so. */
function literalAt(
  pattern: string,
  at: number,
): { readonly character: string; readonly length: number } | undefined {
  const character = pattern[at] as string;
  if (character !== "\\") return special.test(character) ? undefined : { character, length: 1 };
  const escaped = pattern[at + 1] ?? "";
  // An escaped letter or digit is a class or a reference.
  return escaped === "" || /[A-Za-z0-9]/.test(escaped)
    ? undefined
    : { character: escaped, length: 2 };
}
