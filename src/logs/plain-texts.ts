/**
 * URLs and headers as they may be shown, from memory: clients repeat themselves, and looking for secrets costs more than
 * the request itself.
 */
import { createRedactor, type Redactor, untoldHeader } from "./redact.ts";
import { secretsOfCall, secretsOfHeaders } from "./request-secrets.ts";

/** What is known of the headers of requests. */
export interface Sender {
  /** As they may be shown: JSON. */
  readonly shown: string;
  readonly secrets: readonly string[];
  /** Knows the app's secrets and those. */
  readonly redactor: Redactor;
}

export interface PlainTexts {
  /** Undefined where it was not seen before. */
  url(url: string): string | undefined;
  /** Undefined where they were not seen before. */
  sender(rawHeaders: readonly string[]): Sender | undefined;
  learnUrl(url: string, redactor: Redactor): string;
  learnSender(rawHeaders: readonly string[]): Sender;
  /** Knows what the sender's does, and what else the request brought. @param body undefined where it is not to be logged */
  redactorFor(sender: Sender, url: string, body: Uint8Array | undefined): Redactor;
  /** What was found plain without knowing of a secret has to be looked at again. @returns whether there is such */
  setSecrets(secrets: readonly string[]): boolean;
}

const urlsMax = 1000;
const sendersMax = 1000;
/** A longer key is not worth its place. */
const keyCharsMax = 4096;

export function createPlainTexts(): PlainTexts {
  const urls = new Map<string, string>();
  const senders = new Map<string, Sender>();
  let secrets: readonly string[] = [];

  return {
    url: (url) => urls.get(url),
    sender: (raw) => senders.get(keyOf(raw)),
    learnUrl: (url, redactor) => learn(urls, url, urlsMax, () => redactor.url(url)),
    learnSender: (raw) =>
      learn(senders, keyOf(raw), sendersMax, () => {
        const own = secretsOfHeaders(raw);
        const redactor = createRedactor([...secrets, ...own]);
        return { shown: JSON.stringify(redactor.headers(raw)), secrets: own, redactor };
      }),
    redactorFor(sender, url, body) {
      const own = secretsOfCall(url, body);
      if (own.length === 0) return sender.redactor;
      return createRedactor([...secrets, ...sender.secrets, ...own]);
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
