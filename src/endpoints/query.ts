/** The query string of a request, as functions see it. */

/** More parameters than anybody means are not looked at. */
const parametersMax = 10_000;

/** The first value of each name; escapes and `+` decoded. */
export function readQuery(raw: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of pairsOf(raw)) {
    const [name, value] = readPair(pair);
    if (!found.has(name)) found.set(name, value);
  }
  return found;
}

/** Takes every occurrence of a parameter out of a query string; what stays is as it came. */
export function withoutParameter(raw: string, name: string): string {
  return raw
    .split("&")
    .filter((pair) => pair === "" || readPair(pair)[0] !== name)
    .join("&");
}

function pairsOf(raw: string): readonly string[] {
  if (raw === "") return [];
  return raw.split("&", parametersMax).filter((pair) => pair !== "");
}

function readPair(pair: string): readonly [name: string, value: string] {
  const at = pair.indexOf("=");
  return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
}

function decode(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced; // A lone "%" stands for itself.
  }
}
