/** Sealing small texts for the time they lie on disk: AES-256-GCM under one of a ring of keys. */
import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from "node:crypto";

export interface SealKey {
  /** 8 hex digits that tell which key sealed something; says nothing about the key. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** The first one seals; each of them opens what it sealed. */
export type KeyRing = readonly SealKey[];

const version = 1;
const keyIdBytes = 4;
const ivBytes = 12;
const tagBytes = 16;
const headBytes = 1 + keyIdBytes + ivBytes + tagBytes;

/** @param text random and long, or a file's content; not stretched as a password would be */
export function sealKeyOf(text: string): SealKey {
  const bytes = new Uint8Array(hkdfSync("sha256", text, "", "petiole secrets", 32));
  return { id: hash("sha256", bytes, "hex").slice(0, 2 * keyIdBytes), bytes };
}

/** @param context what it is sealed for; it opens for nothing else */
export function seal(ring: KeyRing, text: string, context: string): Uint8Array {
  const [key] = ring;
  if (key === undefined) throw new TypeError("there is no key to seal with");
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, iv).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const keyId = Buffer.from(key.id, "hex");
  return Buffer.concat([Buffer.of(version), keyId, iv, cipher.getAuthTag(), sealed]);
}

/** Undefined when no key of the ring sealed it, it was sealed for something else, or was changed since. */
export function unseal(ring: KeyRing, sealed: Uint8Array, context: string): string | undefined {
  const bytes = Buffer.from(sealed);
  if (bytes.length < headBytes || bytes[0] !== version) return undefined;
  const id = bytes.toString("hex", 1, 1 + keyIdBytes);
  const iv = bytes.subarray(1 + keyIdBytes, headBytes - tagBytes);
  const tag = bytes.subarray(headBytes - tagBytes, headBytes);
  for (const key of ring) {
    if (key.id !== id) continue;
    const decipher = createDecipheriv("aes-256-gcm", key.bytes, iv, { authTagLength: tagBytes })
      .setAAD(Buffer.from(context))
      .setAuthTag(tag);
    try {
      return Buffer.concat([decipher.update(bytes.subarray(headBytes)), decipher.final()]).toString(
        "utf8",
      );
    } catch {
      // The tag does not fit: another key with the same short id, or not what was sealed.
    }
  }
  return undefined;
}
