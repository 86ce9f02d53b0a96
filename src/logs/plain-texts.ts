/**
 * URLs and headers as they may be shown, from memory: clients repeat themselves, and looking for secrets costs more than
 * the request itself.
 */
import { type Redactor, untoldHeader } from "./redact.ts";

export interface PlainTexts {
  /** Undefined where it was not seen before. */
  url(url: string): string | undefined;
  /** JSON; undefined where they were not seen before. */
  headers(raw: readonly string[]): string | undefined;
  learnUrl(url: string, redactor: Redactor): string;
  learnHeaders(raw: readonly string[], redactor: Redactor): string;
  /** What was found plain without knowing of a secret has to be looked at again. @returns whether there is such */
  setSecrets(secrets: readonly string[]): boolean;
}

const urlsMax = 1000;
const headersMax = 1000;
/** A longer key is not worth its place. */
const keyCharsMax = 4096;

export function createPlainTexts(): PlainTexts {
  const urls = new Map<string, string>();
  const headers = new Map<string, string>();
  let secrets: readonly string[] = [];
  return {
    url: (url) => urls.get(url),
    headers: (raw) => headers.get(keyOf(raw)),
    learnUrl: (url, redactor) => learn(urls, url, urlsMax, () => redactor.url(url)),
    learnHeaders: (raw, redactor) =>
      learn(headers, keyOf(raw), headersMax, () => JSON.stringify(redactor.headers(raw))),
    setSecrets(next) {
      const isKnown = next.length === secrets.length;
      if (isKnown && next.every((each, at) => each === secrets[at])) return false;
      secrets = next;
      urls.clear();
      headers.clear();
      return true;
    },
  };
}

function learn(
  known: Map<string, string>,
  key: string,
  sizeMax: number,
  make: () => string,
): string {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (key.length > keyCharsMax) return made;
  // Clients that repeat themselves are learned again at once.
  if (known.size >= sizeMax) known.clear();
  known.set(key, made);
  return made;
}

/** Without the one header that differs with each request. */
function keyOf(raw: readonly string[]): string {
  let key = "";
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? "";
    if (name.length === untoldHeader.length && name.toLowerCase() === untoldHeader) continue;
    key += `${name}\n${raw[at + 1] ?? ""}\n`;
  }
  return key;
}
