/** HTTP/2 over TLS, for clients that ask for it when they connect; requests look to the rest of the server like any. */
import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

export interface Http2 {
  /** Takes a TLS connection over that has agreed on `h2`. */
  accept(socket: Socket): void;
  /** No new requests; those in flight finish. */
  drain(): void;
  /** Ends all connections now. */
  destroy(): void;
}

/** What a connection may have in flight: a browser needs far fewer. */
const streamsMax = 250;

export function createHttp2(options: {
  readonly idleMsMax: number;
  readonly headerBytesMax: number;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}): Http2 {
  const { idleMsMax, headerBytesMax, handle } = options;
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer({
    settings: { maxConcurrentStreams: streamsMax, maxHeaderListSize: headerBytesMax },
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.setTimeout(idleMsMax, () => {
      session.close();
    });
    session.on("close", () => sessions.delete(session));
  });
  // A broken connection has nobody to hear of it.
  server.on("sessionError", () => {});
  server.on("request", (request: Http2ServerRequest, response: Http2ServerResponse) => {
    asHttp1(request);
    // Node makes both kinds alike, down to what differs in `asHttp1`.
    handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
  return {
    accept(socket) {
      server.emit("connection", socket);
    },
    drain() {
      for (const session of sessions) session.close();
    },
    destroy() {
      for (const session of sessions) session.destroy();
    },
  };
}

/**
 * Pseudo headers are the protocol's own; the one that clients of HTTP/1 send too is `Host`. They leave the list that
 * functions and logs are shown, not the table, from which Node reads the path.
 */
function asHttp1(request: Http2ServerRequest): void {
  const { rawHeaders, headers, authority } = request;
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2)
    if (rawHeaders[at]?.startsWith(":") === true) rawHeaders.splice(at, 2);
  if (headers.host !== undefined || authority === "") return;
  headers.host = authority;
  rawHeaders.unshift("Host", authority);
}
