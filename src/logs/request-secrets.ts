/**
 * What a request brought under a name that speaks of a secret, and in headers of its sender's own: a function may print
 * it, or fail with it in its message.
 */
import {
  depthMax,
  mayNameSecrets,
  parsedCharsMax,
  plainHeaders,
  secretName,
  untoldHeader,
} from "./redact.ts";

/** A shorter value of a header or field is as likely a plain word. */
const shownCharsMin = 8;
const ownSecretsMax = 100;

/** @param raw names and values in turn */
export function secretsOfHeaders(raw: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    const value = raw[at + 1] ?? "";
    // The whole, and what is left of `Bearer x` or `name=x`.
    if (!plainHeaders.has(name) && name !== untoldHeader)
      found.push(value, ...value.split(/[ ;,=]+/));
  }
  return longEnough(found);
}

export function secretsOfCall(url: string, body: Uint8Array | undefined): readonly string[] {
  const found: string[] = [];
  const query = url.indexOf("?");
  if (query >= 0)
    for (const [name, value] of new URLSearchParams(url.slice(query + 1)))
      if (secretName.test(name)) found.push(value);
  if (body !== undefined && body.length <= parsedCharsMax) collectFrom(body, found);
  return longEnough(found);
}

function longEnough(found: readonly string[]): readonly string[] {
  return [...new Set(found)].filter((each) => each.length >= shownCharsMin).slice(0, ownSecretsMax);
}

function collectFrom(body: Uint8Array, found: string[]): void {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8");
  if (!mayNameSecrets(text)) return;
  try {
    collect(JSON.parse(text), { isSecret: false, depth: 0 }, found);
  } catch {
    for (const [name, value] of new URLSearchParams(text))
      if (secretName.test(name)) found.push(value);
  }
}

function collect(
  value: unknown,
  { isSecret, depth }: { readonly isSecret: boolean; readonly depth: number },
  found: string[],
): void {
  if (typeof value === "string" && isSecret) found.push(value);
  if (typeof value !== "object" || value === null || depth > depthMax) return;
  for (const [name, each] of Object.entries(value))
    collect(each, { isSecret: isSecret || secretName.test(name), depth: depth + 1 }, found);
}
