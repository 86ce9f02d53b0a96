/** Headers as functions and rules see them: names as Go writes them, and for each the values in the order they came. */

/** @param raw names and values in turn */
export function readHeaderLists(raw: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = toCanonical(raw[at] ?? "");
    const values = found.get(name);
    if (values === undefined) found.set(name, [raw[at + 1] ?? ""]);
    else values.push(raw[at + 1] ?? "");
  }
  return found;
}

/** Names as they came → as Go writes them. Clients send few of them, but may make up many. */
const canonicalNames = new Map<string, string>();
const canonicalNamesMax = 1000;

/** As Go writes header names: `content-TYPE` → `Content-Type`. */
function toCanonical(name: string): string {
  const known = canonicalNames.get(name);
  if (known !== undefined) return known;
  const made = name
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())
    .join("-");
  if (canonicalNames.size < canonicalNamesMax) canonicalNames.set(name, made);
  return made;
}
