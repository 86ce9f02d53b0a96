/**
 * What server and host say to each other: frames over a private pipe.
 *
 * A frame is its length (4 bytes, of what follows), its kind (1), the call it belongs to (4), a number within the
 * call (4), and a BSON document or nothing. All numbers are little-endian and unsigned.
 */

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
  begun: 17,
  operation: 18,
  returned: 19,
  failed: 20,
  pong: 21,
} as const;

export interface Frame {
  readonly kind: number;
  readonly call: number;
  readonly sequence: number;
  /** Empty where there is no document. Valid until the caller returns. */
  readonly body: Buffer;
}

const headerBytes = 13;

/** Of one frame; an argument, a result or a batch of documents fits several times. */
export const frameBytesMax = 64 * 2 ** 20;

export function frameHeader(
  kind: number,
  call: number,
  sequence: number,
  bodyLength: number,
): Buffer {
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUInt32LE(bodyLength + headerBytes - 4, 0);
  header[4] = kind;
  header.writeUInt32LE(call, 5);
  header.writeUInt32LE(sequence, 9);
  return header;
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
