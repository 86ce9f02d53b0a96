/**
 * The kinds of an app's last requests, by their URLs: one client asks the same again and again, and to see that it does
 * so is all the work that most entries cost.
 */
import { untoldHeader } from "./redact.ts";
import type { Sender } from "./plain-texts.ts";
import type { Kind } from "./segment.ts";

export interface KnownKind {
  readonly kind: Kind;
  /** What the kind's number is worth in; another segment has numbers of its own. */
  readonly segment: object;
  readonly number: number;
  readonly rawHeaders: readonly string[];
  readonly sender: Sender;
}

export interface KnownKinds {
  /** @param wanted all but its headers and its URL are compared, which are as the client sent them */
  find(
    wanted: Omit<Kind, "headers" | "url">,
    url: string,
    rawHeaders: readonly string[],
    segment: object,
  ): KnownKind | undefined;
  set(url: string, known: KnownKind): void;
  clear(): void;
}

const urlsMax = 200;
const urlCharsMax = 1024;

export function createKnownKinds(): KnownKinds {
  const byUrl = new Map<string, KnownKind & { readonly exceptAt: number }>();
  return {
    find(wanted, url, rawHeaders, segment) {
      const known = byUrl.get(url);
      if (known?.segment !== segment || !isSame(known.kind, wanted)) return undefined;
      return areSame(known.rawHeaders, rawHeaders, known.exceptAt) ? known : undefined;
    },
    set(url, known) {
      if (url.length > urlCharsMax) return;
      if (byUrl.size >= urlsMax) byUrl.clear();
      byUrl.set(url, { ...known, exceptAt: lengthPlaceOf(known.rawHeaders) });
    },
    clear() {
      byUrl.clear();
    },
  };
}

function isSame(known: Kind, wanted: Omit<Kind, "headers" | "url">): boolean {
  return (
    known.status === wanted.status &&
    known.userId === wanted.userId &&
    known.keyId === wanted.keyId &&
    known.type === wanted.type &&
    known.method === wanted.method &&
    known.route === wanted.route &&
    known.functionName === wanted.functionName &&
    known.address === wanted.address
  );
}

/**
 * Values alone, but for the one that differs with each request. That other names stand before the same values is not
 * worth the time of looking: what a log shows of such headers is theirs all the same.
 */
function areSame(known: readonly string[], raw: readonly string[], exceptAt: number): boolean {
  if (known.length !== raw.length) return false;
  for (let at = 1; at < raw.length; at += 2)
    if (at !== exceptAt && raw[at] !== known[at]) return false;
  return true;
}

/** Where the length of the body stands; -1 where it does not. */
function lengthPlaceOf(raw: readonly string[]): number {
  for (let at = 0; at < raw.length; at += 2)
    if (raw[at]?.toLowerCase() === untoldHeader) return at + 1;
  return -1;
}
