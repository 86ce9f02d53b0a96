/**
 * Lets clients in whose lines end with a bare line feed (microcontrollers that write HTTP by hand).
 *
 * Node's parser refuses them; its lenient mode takes them, but with them much that helps to smuggle a request past a
 * proxy. So the first line of each connection is looked at: only a connection that begins with a bare line feed goes to
 * the lenient parser, where every way of framing but one `Content-Length` is refused and one request is all it gets.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;

export interface BareLineFeedOptions {
  /** Where connections arrive: `connection`, or `secureConnection` with TLS. */
  readonly event: "connection" | "secureConnection";
  /** The longest first line. */
  readonly lineBytesMax: number;
  /** How long the first line may take. */
  readonly lineMsMax: number;
  /** Takes connections that speak HTTP/2, and says whether it did. */
  readonly takeOther: (socket: Socket) => boolean;
}

/**
 * Puts the look at the first line before the strict server's own connection listener.
 *
 * @returns a function that ends the connections which have not sent a first line within so many milliseconds: what a
 *   client has sent may not have been read yet
 */
export function admitBareLineFeeds(
  strict: Server,
  lenient: Server,
  options: BareLineFeedOptions,
): (graceMs: number) => void {
  const { event, lineBytesMax, lineMsMax, takeOther } = options;
  const listeners = strict.listeners(event) as ((this: Server, socket: Socket) => void)[];
  strict.removeAllListeners(event);
  const waiting = new Set<Socket>();

  function handOver(socket: Socket, head: Buffer, isBare: boolean): void {
    waiting.delete(socket);
    socket.unshift(head);
    if (isBare) lenient.emit("connection", socket);
    else for (const listener of listeners) listener.call(strict, socket);
    socket.resume();
  }

  function look(socket: Socket): void {
    if (takeOther(socket)) return;
    let head: Buffer | undefined;
    const timer = setTimeout(() => socket.destroy(), lineMsMax);
    timer.unref();
    const onEnd = (): void => {
      socket.destroy();
    };
    const onClose = (): void => {
      clearTimeout(timer);
      waiting.delete(socket);
    };
    const onReadable = (): void => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      head = head === undefined ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf(lineFeed);
      // What does not even begin like a request is refused by the strict parser at once.
      const isText = (head[0] ?? 0) >= space;
      if (end < 0 && isText && head.length < lineBytesMax) return;
      clearTimeout(timer);
      socket.off("readable", onReadable);
      socket.off("end", onEnd);
      socket.off("error", onEnd);
      socket.off("close", onClose);
      handOver(socket, head, end >= 0 && head[end - 1] !== carriageReturn);
    };
    waiting.add(socket);
    socket.on("end", onEnd);
    socket.on("error", onEnd);
    socket.on("close", onClose);
    socket.on("readable", onReadable);
  }

  strict.on(event, look);
  return (graceMs) => {
    setTimeout(() => {
      for (const socket of waiting) socket.destroy();
    }, graceMs);
  };
}

/** What the lenient parser let through and this server does not: anything that two parsers could frame differently. */
export function isAmbiguous(request: IncomingMessage): boolean {
  if (request.headers["transfer-encoding"] !== undefined) return true;
  let lengths = 0;
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? "";
    const value = request.rawHeaders[index + 1] ?? "";
    if (name.toLowerCase() === "content-length") lengths += 1;
    if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name) || hasControl(value)) return true;
  }
  const length = request.headers["content-length"];
  return lengths > 1 || (length !== undefined && !/^\d+$/.test(length));
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}
