/**
 * URLs and headers as they may be shown, from memory: clients repeat themselves, and looking for secrets costs more than
 * the request itself.
 */
import { createRedactor, type Redactor, untoldHeader } from "./redact.ts";
import { secretsOfCall, secretsOfHeaders } from "./request-secrets.ts";

export interface RequestTexts {
  readonly url: string;
  readonly rawHeaders: readonly string[];
  /** Undefined where it is not to be logged. */
  readonly body: Uint8Array | undefined;
}

export interface PlainRequest {
  readonly url: string;
  /** JSON. */
  readonly headers: string;
  /** Knows the app's secrets, and what the request itself brought. */
  readonly redactor: Redactor;
}

export interface PlainTexts {
  /** Undefined where it was not seen before. */
  url(url: string): string | undefined;
  /** JSON; undefined where they were not seen before. */
  headers(raw: readonly string[]): string | undefined;
  /** Looks at what was not seen before. */
  learn(request: RequestTexts): PlainRequest;
  /** What was found plain without knowing of a secret has to be looked at again. @returns whether there is such */
  setSecrets(secrets: readonly string[]): boolean;
}

/** What is known of headers. */
interface Sender {
  readonly shown: string;
  readonly secrets: readonly string[];
  readonly redactor: Redactor;
}

const urlsMax = 1000;
const sendersMax = 1000;
/** A longer key is not worth its place. */
const keyCharsMax = 4096;

export function createPlainTexts(): PlainTexts {
  const urls = new Map<string, string>();
  const senders = new Map<string, Sender>();
  let secrets: readonly string[] = [];

  function senderOf(raw: readonly string[]): Sender {
    return learn(senders, keyOf(raw), sendersMax, () => {
      const own = secretsOfHeaders(raw);
      const redactor = createRedactor([...secrets, ...own]);
      return { shown: JSON.stringify(redactor.headers(raw)), secrets: own, redactor };
    });
  }

  return {
    url: (url) => urls.get(url),
    headers: (raw) => senders.get(keyOf(raw))?.shown,
    learn({ url, rawHeaders, body }) {
      const sender = senderOf(rawHeaders);
      const own = secretsOfCall(url, body);
      const redactor =
        own.length === 0
          ? sender.redactor
          : createRedactor([...secrets, ...sender.secrets, ...own]);
      return {
        url: learn(urls, url, urlsMax, () => redactor.url(url)),
        headers: sender.shown,
        redactor,
      };
    },
    setSecrets(next) {
      const isKnown = next.length === secrets.length;
      if (isKnown && next.every((each, at) => each === secrets[at])) return false;
      secrets = next;
      urls.clear();
      senders.clear();
      return true;
    },
  };
}

function learn<T>(known: Map<string, T>, key: string, sizeMax: number, make: () => T): T {
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
