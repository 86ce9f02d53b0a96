/** What foreign tokens are checked with: keys that are secrets of the app, and sets of keys behind an address. */
import { createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { JWTVerifyGetKey, RemoteJWKSet } from "jose";
import { fetchBounded } from "./fetch-bounded.ts";

export interface KeySets {
  /** Fetches the set when a key is needed that is not known. @param uri of a JWKS */
  of(uri: string): JWTVerifyGetKey;
}

const setsMax = 100;
/** Keys are fetched again after so long, and before that only for a `kid` that is not among them. */
const cacheMsMax = 600_000;
/** Whoever sends tokens with made-up `kid`s makes us ask no more often. */
const cooldownMs = 30_000;

export function createKeySets(): KeySets {
  const sets = new Map<string, Promise<RemoteJWKSet>>();

  return {
    of: (uri) => async (header, token) => {
      // Without it, a set of several keys would be tried one by one, and one that was taken out be taken for another.
      if (typeof header?.kid !== "string") throw new Error("the token names no key (kid)");
      const known = sets.get(uri) ?? open(uri);
      const [oldest] = sets.keys();
      if (!sets.has(uri) && sets.size >= setsMax && oldest !== undefined) sets.delete(oldest);
      sets.set(uri, known);
      return (await known)(header, token);
    },
  };
}

async function open(uri: string): Promise<RemoteJWKSet> {
  const { createRemoteJWKSet, customFetch } = await import("jose");
  return createRemoteJWKSet(new URL(uri), {
    cooldownDuration: cooldownMs,
    cacheMaxAge: cacheMsMax,
    [customFetch]: async (url: string) => {
      const { status, text } = await fetchBounded(url, {}, true);
      return new Response(text, { status });
    },
  });
}

/**
 * Reads a signing key as it stands in a secret.
 *
 * @param algorithm as in a token's head: which kind of key it has to be
 * @returns undefined for a text that is no such key
 */
export function readSigningKey(text: string, algorithm: string): KeyObject | undefined {
  // Atlas: the original took 32 to 512 letters, digits, `_` and `-`; a longer alphabet does no harm.
  if (algorithm.startsWith("HS"))
    return text.length < secretLengthMin ? undefined : createSecretKey(Buffer.from(text));
  try {
    const trimmed = text.trim();
    if (!trimmed.startsWith("{")) return createPublicKey(trimmed.replaceAll("\\n", "\n"));
    return createPublicKey({ key: JSON.parse(trimmed) as JsonWebKey, format: "jwk" });
  } catch {
    // No key: it opens nothing.
    return undefined;
  }
}

const secretLengthMin = 32;
