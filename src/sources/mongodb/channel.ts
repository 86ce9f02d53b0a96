/**
 * One connection, one command at a time, and nothing between a command's bytes and the socket.
 *
 * The driver connects and authenticates; what its own connection does for each command (streams, generators, events,
 * sessions, clones of the command) costs four times what the command itself costs.
 */
import { messageLength, replyBytes } from "./command.ts";
import type { Connection } from "./internals.ts";

/** Of the server: no message is longer. */
const messageLengthMax = 48_000_000;

export interface Channel {
  readonly connection: Connection;
  /** False once it is closed. */
  isOpen(): boolean;
  /**
   * Sends a message and gives the document of the reply. Not before the last one has been answered.
   *
   * @throws {Error} the driver's network error; the channel is closed then
   */
  send(message: Buffer, requestId: number): Promise<Buffer>;
  close(): void;
}

interface Waiting {
  readonly requestId: number;
  readonly resolve: (document: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** @param toError makes the driver's network error */
export function openChannel(
  connection: Connection,
  toError: (message: string) => Error,
  onClose: () => void,
): Channel {
  const { socket } = connection;
  let waiting: Waiting | undefined;
  let isOpen = true;
  let parts: Buffer[] = [];
  let received = 0;
  let wanted: number | undefined;

  function receive(part: Buffer): void {
    parts.push(part);
    received += part.length;
    wanted ??= messageLength(parts.length === 1 ? part : joinParts());
    if (wanted === undefined || received < wanted) {
      if (wanted !== undefined && wanted > messageLengthMax) connection.destroy();
      return;
    }
    const message = joinParts();
    const asked = waiting;
    waiting = undefined;
    const isWhole = received === wanted;
    parts = [];
    received = 0;
    wanted = undefined;
    if (connection.socketTimeoutMS > 0) socket.setTimeout(0);
    if (asked === undefined || !isWhole) {
      // Nobody asked, or more was said than was asked: there is no telling what belongs to what.
      connection.destroy();
      asked?.reject(toError("the server sent what was not asked for"));
      return;
    }
    try {
      asked.resolve(replyBytes(message, asked.requestId));
    } catch {
      connection.destroy();
      asked.reject(toError("the server sent what is no reply"));
    }
  }

  function joinParts(): Buffer {
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return first;
    const joined = Buffer.concat(parts);
    parts = [joined];
    return joined;
  }

  socket.unpipe(connection.messageStream);
  socket.on("data", receive);
  socket.resume();
  connection.once("close", () => {
    isOpen = false;
    const asked = waiting;
    waiting = undefined;
    parts = [];
    asked?.reject(connection.error ?? toError("connection closed"));
    onClose();
  });

  return {
    connection,
    isOpen: () => isOpen,
    async send(message, requestId): Promise<Buffer> {
      if (!isOpen) throw connection.error ?? toError("connection closed");
      return new Promise<Buffer>((resolve, reject) => {
        waiting = { requestId, resolve, reject };
        if (connection.socketTimeoutMS > 0) socket.setTimeout(connection.socketTimeoutMS);
        socket.write(message);
      });
    },
    close: () => {
      connection.destroy();
    },
  };
}
