/** Text in the making: a growing buffer, for answers that are too big to be joined from strings. */

/** Text up to this size is copied out, so that the buffer it was written in serves the next one. */
const copyMax = 32 * 1024;
const spareBytes = 64 * 1024;
let spare: Buffer | undefined;

const none = Buffer.alloc(0);

/**
 * One piece of UTF-8 text, written front to back.
 *
 * Make one, write, `take()` once; a writer that is never taken is simply dropped.
 */
export class TextWriter {
  /** For the writers of `src/bson`, which fill it directly after `ensure`. */
  buffer: Buffer;
  /** Where the next byte goes: the length so far, in bytes. */
  at = 0;

  constructor() {
    this.buffer = spare ?? Buffer.allocUnsafeSlow(spareBytes);
    spare = undefined;
  }

  /** Makes room for `count` more bytes. */
  ensure(count: number): void {
    const need = this.at + count;
    if (need <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(need, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }

  /** UTF-8 that is there already. */
  raw(text: Uint8Array): void {
    this.ensure(text.length);
    this.buffer.set(text, this.at);
    this.at += text.length;
  }

  byte(value: number): void {
    this.ensure(1);
    this.buffer[this.at++] = value;
  }

  /** Text of ASCII characters only, as it is: punctuation, known keys, digits. */
  ascii(text: string): void {
    const { length } = text;
    this.ensure(length);
    const { buffer, at } = this;
    for (let index = 0; index < length; index += 1) buffer[at + index] = text.charCodeAt(index);
    this.at = at + length;
  }

  /** A JSON string with its quotes, escaped where needed. */
  quoted(text: string): void {
    const json = JSON.stringify(text);
    this.ensure(json.length * 3);
    this.at += this.buffer.write(json, this.at, "utf8");
  }

  /** What was written. The writer is empty afterwards and must not be used any more. */
  take(): Buffer {
    const { buffer, at } = this;
    this.buffer = none;
    this.at = 0;
    if (at > copyMax) return buffer.subarray(0, at);
    const copy = Buffer.allocUnsafe(at);
    buffer.copy(copy, 0, 0, at);
    if (buffer.length === spareBytes) spare = buffer;
    return copy;
  }
}
