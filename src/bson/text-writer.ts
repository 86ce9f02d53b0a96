/** A growing buffer of UTF-8 text, for answers that are too big to be joined from strings. */
export class TextWriter {
  buffer: Buffer;
  /** Where the next byte goes: the length so far, in bytes. */
  at = 0;

  constructor(capacity = 4096) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `count` more bytes. */
  ensure(count: number): void {
    const need = this.at + count;
    if (need <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(need, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }

  /** Text of ASCII characters only, as it is: punctuation, keys that are known, numbers. */
  ascii(text: string): void {
    const { length } = text;
    this.ensure(length);
    this.buffer.latin1Write(text, this.at, length);
    this.at += length;
  }

  /** A JSON string with its quotes. */
  quoted(text: string): void {
    const json = JSON.stringify(text);
    this.ensure(json.length * 3);
    this.at += this.buffer.write(json, this.at, "utf8");
  }

  /** What was written. The writer must not be used afterwards: nothing is copied. */
  take(): Buffer {
    return this.buffer.subarray(0, this.at);
  }
}
