/** Memory for documents: small ones share a buffer, since a buffer each would cost more than filling it. */
import { Doc } from "./doc.ts";

const sharedBytes = 16 * 1024;

/** Bigger documents have a buffer of their own, so that none keeps much more alive than itself. */
const smallMax = 4 * 1024;

/** Bytes up to which a loop copies faster than a call. */
const loopMax = 64;

class Slab {
  /** Where to write, from `start` on, after `reserve`. */
  bytes: Buffer = Buffer.allocUnsafeSlow(sharedBytes);
  start = 0;
  #shared = this.bytes;
  #sharedAt = 0;

  /** Makes room for a document of up to `length` bytes. */
  reserve(length: number): void {
    if (length > smallMax) {
      this.bytes = Buffer.allocUnsafeSlow(length);
      this.start = 0;
      return;
    }
    if (this.#sharedAt + length > sharedBytes) {
      this.#shared = Buffer.allocUnsafeSlow(sharedBytes);
      this.#sharedAt = 0;
    }
    this.bytes = this.#shared;
    this.start = this.#sharedAt;
  }

  /** The document of `length` bytes that has been written where there was room: its bytes do not change any more. */
  take(length: number): Doc {
    const { bytes, start } = this;
    if (bytes === this.#shared) this.#sharedAt = start + length;
    return Doc.fromBytes(bytes, start);
  }
}

/** All of a process share one: nothing waits between `reserve` and `take`. */
export const slab: Slab = new Slab();

export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  to: number,
): void {
  if (end - start > loopMax) {
    target.set(new Uint8Array(source.buffer, source.byteOffset + start, end - start), to);
    return;
  }
  for (let at = start, out = to; at < end; at += 1, out += 1) target[out] = source[at] as number;
}
