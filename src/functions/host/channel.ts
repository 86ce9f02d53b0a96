/** The host's end of the pipe to the server. */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { type Frame, type frameKinds, FrameReader, FrameWriter } from "../frames.ts";

export interface Channel {
  /** Leaves with the other frames of this turn. */
  send(kind: keyof typeof frameKinds, call: number, sequence: number, body?: Uint8Array): void;
  /** Notes, before any of it runs, that one more call has begun: the server can read it whatever happens next. */
  noteBegun(): void;
}

/** What the server opened for this process beside its standard streams: the pipe, and a file to count calls in. */
const channelFd = 3;
const begunFd = 4;

/** More than this does not wait for the end of the turn. */
const waitingBytesMax = 2 ** 20;

/** Kept from before user code runs. */
const nextTick = process.nextTick.bind(process);

/** @param onFrame called in order; when the server goes away the process ends */
export function openChannel(onFrame: (frame: Frame) => void): Channel {
  const socket = new Socket({ fd: channelFd, readable: true, writable: true });
  const reader = new FrameReader();
  const writer = new FrameWriter();
  const end = process.exit.bind(process);
  const begun = Buffer.alloc(4);
  let begunCount = 0;
  let isFlushing = false;
  socket.on("data", (chunk: Buffer) => {
    reader.push(chunk, onFrame);
  });
  socket.on("close", () => {
    end(0);
  });
  socket.on("error", () => {
    end(0);
  });

  function flush(): void {
    isFlushing = false;
    if (writer.waitingBytes > 0) socket.write(writer.take());
  }

  return {
    send(kind, call, sequence, body) {
      const frame = writer.begin(kind, call, sequence);
      try {
        if (body !== undefined) frame.bytes(body);
      } catch (cause) {
        writer.undo();
        throw cause;
      }
      writer.end();
      if (writer.waitingBytes > waitingBytesMax) flush();
      else if (!isFlushing) {
        isFlushing = true;
        // Before the promises of this turn go on, which may never end.
        nextTick(flush);
      }
    },
    noteBegun() {
      begunCount += 1;
      begun.writeUInt32LE(begunCount, 0);
      writeSync(begunFd, begun, 0, 4, 0);
    },
  };
}
