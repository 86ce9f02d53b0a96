/**
 * What server and host say to each other: frames over a private pipe.
 *
 * A frame is its length (4 bytes, of what follows), its kind (1), the call it belongs to (4), a number within the
 * call (4), and BSON documents, one behind the other, or nothing. All numbers are little-endian and unsigned.
 */
import { Writer } from "../bson/writer.ts";

/** What each kind's document holds stands where it is read. */
export const frameKinds = {
  // From the server.
  start: 1,
  source: 2,
  values: 3,
  call: 4,
  reply: 5,
  cancel: 6,
  ping: 7,
  // From a host.
  ready: 16,
  operation: 18,
  returned: 19,
  failed: 20,
  pong: 21,
} as const;

export interface Frame {
  readonly kind: number;
  readonly call: number;
  readonly sequence: number;
  /** Empty where there is no document. Its bytes do not change. */
  readonly body: Buffer;
}

const headerBytes = 13;

/** Of one frame; an argument, a result or a batch of documents fits several times. */
export const frameBytesMax = 64 * 2 ** 20;

const slabBytes = 64 * 1024;

/** Gathers frames that leave together: a write for each would cost more than most calls. */
export class FrameWriter {
  #writer = new Writer(slabBytes);
  /** Where what has not left begins. */
  #waitingAt = 0;
  #frameAt = 0;

  /** How many bytes wait to leave. */
  get waitingBytes(): number {
    return this.#writer.at - this.#waitingAt;
  }

  /** Begins a frame. @returns where its body goes; nothing else may be written before `end` or `undo` */
  begin(kind: keyof typeof frameKinds, call: number, sequence: number): Writer {
    const writer = this.#writer;
    this.#frameAt = writer.at;
    writer.int32(0);
    writer.byte(frameKinds[kind]);
    writer.int32(call);
    writer.int32(sequence);
    return writer;
  }

  end(): void {
    const writer = this.#writer;
    writer.patchInt32(this.#frameAt, writer.at - this.#frameAt - 4);
  }

  /** Takes the begun frame back. */
  undo(): void {
    this.#writer.at = this.#frameAt;
  }

  /** What waits, which is nobody else's from then on. */
  take(): Buffer {
    const { buffer, at } = this.#writer;
    const bytes = buffer.subarray(this.#waitingAt, at);
    // The rest of the slab is used on. One that has grown has held something big, which is not to be kept with it.
    if (buffer.length > slabBytes || at > slabBytes / 2) this.#writer = new Writer(slabBytes);
    this.#waitingAt = this.#writer.at;
    return bytes;
  }
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** How much must be there before it pays to look again. */
  #wanted = 4;

  /**
   * @param take called for each whole frame, in order
   * @throws {RangeError} when a length is out of bounds: the other side is not to be believed any more
   */
  push(chunk: Buffer, take: (frame: Frame) => void): void {
    let bytes = chunk;
    if (this.#heldBytes > 0) {
      this.#held.push(chunk);
      this.#heldBytes += chunk.length;
      if (this.#heldBytes < this.#wanted) return;
      bytes = Buffer.concat(this.#held, this.#heldBytes);
      this.#held = [];
      this.#heldBytes = 0;
    }
    const rest = this.#cut(bytes, take);
    if (rest.length === 0) return;
    this.#held.push(rest);
    this.#heldBytes = rest.length;
  }

  #cut(bytes: Buffer, take: (frame: Frame) => void): Buffer {
    let at = 0;
    this.#wanted = 4;
    while (bytes.length - at >= 4) {
      const length = bytes.readUInt32LE(at);
      if (length < headerBytes - 4 || length > frameBytesMax)
        throw new RangeError(`a frame of ${length} bytes`);
      const end = at + 4 + length;
      if (end > bytes.length) {
        this.#wanted = end - at;
        break;
      }
      take({
        kind: bytes[at + 4] as number,
        call: bytes.readUInt32LE(at + 5),
        sequence: bytes.readUInt32LE(at + 9),
        body: bytes.subarray(at + headerBytes, end),
      });
      at = end;
    }
    return bytes.subarray(at);
  }
}
