/** The host's end of the pipe to the server. */
import { Socket } from "node:net";
import { type Frame, frameHeader, frameKinds, FrameReader } from "../frames.ts";

export interface Channel {
  /** Leaves with the other frames of this turn. */
  send(kind: keyof typeof frameKinds, call: number, sequence: number, body?: Buffer): void;
  /** Is with the server before this returns, so that it knows of it whatever happens next. */
  sendNow(kind: keyof typeof frameKinds, call: number): void;
}

/** What the server opened for this process beside its standard streams. */
const channelFd = 3;

/** @param onFrame called in order; when the server goes away the process ends */
export function openChannel(onFrame: (frame: Frame) => void): Channel {
  const socket = new Socket({ fd: channelFd, readable: true, writable: true });
  const reader = new FrameReader();
  const end = process.exit.bind(process);
  let isCorked = false;
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
    isCorked = false;
    socket.uncork();
  }

  return {
    send(kind, call, sequence, body) {
      if (!isCorked) {
        isCorked = true;
        socket.cork();
        setImmediateOnce(flush);
      }
      const length = body?.length ?? 0;
      socket.write(frameHeader(frameKinds[kind], call, sequence, length));
      if (body !== undefined) socket.write(body);
    },
    sendNow(kind, call) {
      const header = frameHeader(frameKinds[kind], call, 0, 0);
      if (isCorked) {
        socket.write(header);
        flush();
      } else socket.write(header);
    },
  };
}

/** Kept from before user code runs. */
const nextTick = process.nextTick.bind(process);

function setImmediateOnce(flush: () => void): void {
  nextTick(flush);
}
