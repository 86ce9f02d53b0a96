/**
 * A growing buffer with the few writes that BSON needs; little-endian throughout.
 *
 * Owned by one synchronous piece of work at a time: nothing awaits between `reset` and `take`.
 */
import { MongoError } from "../kit/mongo-error.ts";

const float64 = new Float64Array(1);
const float64Bytes = new Uint8Array(float64.buffer);
const int64 = new BigInt64Array(1);
const int64Words = new Uint32Array(int64.buffer);

/** Strings up to this length are copied by a loop, which beats the native call if they are ASCII. */
const asciiLoopMax = 24;

/** No single piece of output is ever larger: requests are bounded below it. */
const writtenBytesMax = 64 * 2 ** 20;

export class Writer {
  buffer: Buffer;
  /** Where the next byte goes. */
  at = 0;

  constructor(capacity = 1024) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `count` more bytes. */
  ensure(count: number): void {
    const need = this.at + count;
    if (need <= this.buffer.length) return;
    // Values share parts: a few steps of `{ x: "$a", y: "$a" }` make a document that is small until it is written.
    if (need > writtenBytesMax)
      throw new MongoError(
        10334,
        `BSONObj size: ${need} (0x${need.toString(16).toUpperCase()}) is invalid. Size must be between 0 and 16793600(16MB)`,
      );
    const grown = Buffer.allocUnsafeSlow(Math.max(need, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }

  byte(value: number): void {
    this.ensure(1);
    this.buffer[this.at++] = value;
  }

  int32(value: number): void {
    this.ensure(4);
    this.patchInt32(this.at, value);
    this.at += 4;
  }

  /** Writes over four bytes that are there already: lengths are known last. */
  patchInt32(at: number, value: number): void {
    const { buffer } = this;
    buffer[at] = value;
    buffer[at + 1] = value >> 8;
    buffer[at + 2] = value >> 16;
    buffer[at + 3] = value >> 24;
  }

  int64(value: bigint): void {
    int64[0] = value;
    this.int32(int64Words[0] as number);
    this.int32(int64Words[1] as number);
  }

  /** An int64 that a double holds exactly: up to 2^53 either way. */
  safeInteger(value: number): void {
    const high = Math.floor(value / 0x1_0000_0000);
    this.int32(value - high * 0x1_0000_0000);
    this.int32(high);
  }

  double(value: number): void {
    this.ensure(8);
    float64[0] = value;
    for (let index = 0; index < 8; index += 1)
      this.buffer[this.at + index] = float64Bytes[index] as number;
    this.at += 8;
  }

  bytes(value: Uint8Array): void {
    this.ensure(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  /** UTF-8 without length or end. Lone surrogates become U+FFFD. */
  text(value: string): void {
    if (value.length <= asciiLoopMax && this.#asciiLoop(value, 0)) return;
    this.ensure(value.length * 3);
    this.at += this.buffer.write(value, this.at, "utf8");
  }

  /** @returns whether it has been written: all of its characters are from `lowest` to 127 */
  #asciiLoop(value: string, lowest: number): boolean {
    this.ensure(value.length);
    const { buffer, at } = this;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 127 || code < lowest) return false;
      buffer[at + index] = code;
    }
    this.at = at + value.length;
    return true;
  }

  /**
   * A key or a regex part: text ended by NUL.
   *
   * @throws {MongoError} 9 when the text itself holds a NUL, which would cut it short
   */
  cstring(value: string): void {
    if (value.length > asciiLoopMax || !this.#asciiLoop(value, 1)) {
      if (value.includes("\0")) throw new MongoError(9, "field names can not contain a NUL byte");
      this.text(value);
    }
    this.byte(0);
  }

  /** A BSON string: length, text, NUL. */
  string(value: string): void {
    const lengthAt = this.at;
    this.int32(0);
    this.text(value);
    this.byte(0);
    this.patchInt32(lengthAt, this.at - lengthAt - 4);
  }

  /** A copy of what was written from `start` on. */
  take(start = 0): Buffer {
    const copy = Buffer.allocUnsafe(this.at - start);
    this.buffer.copy(copy, 0, start, this.at);
    return copy;
  }
}
