/** The sockets: plain or TLS, their time-outs, what happens to malformed requests, and how the server stops. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo, ListenOptions as ListenOptionsOfNode } from "node:net";
import { Server as TlsListener, TLSSocket } from "node:tls";
import { admitBareLineFeeds, isAmbiguous } from "./bare-line-feeds.ts";
import type { Http2 } from "./http2.ts";
import { refuseRaw, sendRaw } from "./raw-reply.ts";

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface ListenOptions {
  readonly port: number;
  readonly host: string;
  /** A socket that listens already, in place of host and port; 0: none. */
  readonly fd: number;
  readonly reusePort: boolean;
  readonly keepAliveSeconds: number;
  readonly requestBytesMax: number;
  /** Plain HTTP when absent. */
  readonly certificate: Certificate | undefined;
  /** What the `link` of an error points at where there is no request to tell. */
  readonly newLink: () => string;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface Listener {
  /** Scheme, address and port. */
  readonly url: string;
  readonly port: number;
  /** New connections get the new certificate. @throws when it is none */
  setCertificate(certificate: Certificate): void;
  /** No new connections; resolves when all requests in flight are answered, or cut off after `drainMs`. */
  close(drainMs: number): Promise<void>;
}

const headersMsMax = 20_000;
const requestMsMax = 120_000;
const headerBytesMax = 64 * 1024;
const timeoutLookMs = 2000;
/** A connection that was just accepted when the server is to end has so long to say what it wants. */
const firstLineGraceMs = 1000;

/** @throws what the system says when the address can not be had */
export async function listen(options: ListenOptions): Promise<Listener> {
  const server = createStrict(options);
  const lenient = createLenient(options);
  const http2 = options.certificate === undefined ? undefined : await openHttp2(options);
  const dropWaiting = admitBareLineFeeds(server, lenient, {
    event: options.certificate === undefined ? "connection" : "secureConnection",
    lineBytesMax: headerBytesMax,
    lineMsMax: headersMsMax,
    takeOther(socket) {
      const isOther = socket instanceof TLSSocket && socket.alpnProtocol === "h2";
      if (isOther) http2?.accept(socket);
      return isOther;
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(placeOf(options), () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const scheme = options.certificate === undefined ? "http" : "https";
  return {
    url: `${scheme}://${nameOf(options.host)}:${port}`,
    port,
    setCertificate(certificate) {
      if (server instanceof TlsListener) server.setSecureContext(certificate);
    },
    async close(drainMs) {
      dropWaiting(Math.min(drainMs, firstLineGraceMs));
      http2?.drain();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          server.closeAllConnections();
          http2?.destroy();
          lenient.closeAllConnections();
        }, drainMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}

/** Loaded with TLS alone: without it, nobody can ask for HTTP/2. */
async function openHttp2({ keepAliveSeconds, handle }: ListenOptions): Promise<Http2> {
  const { createHttp2 } = await import("./http2.ts");
  return createHttp2({ idleMsMax: keepAliveSeconds * 1000, headerBytesMax, handle });
}

function placeOf({ fd, port, host, reusePort }: ListenOptions): ListenPlace {
  if (fd > 0) return { fd };
  return { port, host, backlog: 4096, ...(reusePort && { reusePort }) };
}

/** Node's own, with what newer versions know. */
interface ListenPlace extends ListenOptionsOfNode {
  readonly fd?: number;
  readonly reusePort?: boolean;
}

/** Addresses that mean "all" are no address to call. */
function nameOf(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

const serverOptions = {
  maxHeaderSize: headerBytesMax,
  headersTimeout: headersMsMax,
  requestTimeout: requestMsMax,
  connectionsCheckingInterval: timeoutLookMs,
  // Checked in handle.ts, which answers with JSON.
  requireHostHeader: false,
  noDelay: true,
};

function createStrict(options: ListenOptions): Server | TlsServer {
  const { certificate, keepAliveSeconds } = options;
  const server =
    certificate === undefined
      ? createServer(serverOptions)
      : createTlsServer({
          ...serverOptions,
          ...certificate,
          ALPNProtocols: ["h2", "http/1.1"],
        });
  server.keepAliveTimeout = keepAliveSeconds * 1000;
  attach(server, options);
  server.on("request", options.handle);
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    // A body that will be refused for its length need not be sent.
    if (Number(request.headers["content-length"] ?? 0) <= options.requestBytesMax)
      response.writeContinue();
    else response.shouldKeepAlive = false;
    options.handle(request, response);
  });
  server.on("checkExpectation", options.handle);
  return server;
}

function createLenient(options: ListenOptions): Server {
  const server = createServer({ ...serverOptions, insecureHTTPParser: true });
  attach(server, options);
  server.on("connection", (socket) => {
    // This server does not listen, so that nobody looks at its time-outs.
    socket.setTimeout(requestMsMax, () => socket.destroy());
  });
  server.on("request", (request, response) => {
    response.shouldKeepAlive = false;
    if (isAmbiguous(request)) refuseRaw(request.socket, undefined, options.newLink());
    else options.handle(request, response);
  });
  return server;
}

function attach(server: Server, options: ListenOptions): void {
  server.on("clientError", (error: Error & { readonly code?: string }, socket) => {
    // A connection that was reset has nobody to read an answer.
    if (error.code === "ECONNRESET") socket.destroy();
    else refuseRaw(socket, error.code, options.newLink());
  });
  server.on("connect", (_request, socket) => {
    sendRaw(socket, 404, JSON.stringify({ error: "no matching endpoint found" }));
  });
}
