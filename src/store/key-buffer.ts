/** Growing byte strings: what keys are written into before the store copies them. */

/** Only the first `length` bytes count. */
export interface KeyBuffer {
  bytes: Buffer;
  length: number;
}

export function createKeyBuffer(capacity = 256): KeyBuffer {
  return { bytes: Buffer.allocUnsafeSlow(capacity), length: 0 };
}

/** Makes room for `count` more bytes. */
export function ensureKey(key: KeyBuffer, count: number): void {
  const need = key.length + count;
  if (need <= key.bytes.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(need, key.bytes.length * 2));
  grown.set(key.bytes.subarray(0, key.length));
  key.bytes = grown;
}

export function writeByte(key: KeyBuffer, byte: number): void {
  ensureKey(key, 1);
  key.bytes[key.length] = byte;
  key.length += 1;
}

/** An unsigned 32-bit number, most significant byte first. */
export function writeWord(key: KeyBuffer, word: number): void {
  ensureKey(key, 4);
  const { bytes, length } = key;
  bytes[length] = word >>> 24;
  bytes[length + 1] = word >>> 16;
  bytes[length + 2] = word >>> 8;
  bytes[length + 3] = word;
  key.length = length + 4;
}

export function writeBytes(key: KeyBuffer, bytes: Uint8Array): void {
  ensureKey(key, bytes.length);
  key.bytes.set(bytes, key.length);
  key.length += bytes.length;
}

/** A copy that nobody writes over. */
export function copyKey(key: KeyBuffer): KeyBuffer {
  const bytes = Buffer.allocUnsafe(key.length);
  bytes.set(key.bytes.subarray(0, key.length));
  return { bytes, length: key.length };
}
