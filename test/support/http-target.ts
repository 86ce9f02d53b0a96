/** A server for functions to send requests to. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface HttpTarget {
  readonly port: number;
  /** How many were opened so far. */
  readonly connections: () => number;
  close(): void;
}

export async function openHttpTarget(): Promise<HttpTarget> {
  const target: Server = createServer((request, response) => {
    void serve(request, response);
  });
  let connections = 0;
  target.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => {
    target.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (target.address() as AddressInfo).port,
    connections: () => connections,
    close() {
      target.closeAllConnections();
      target.close();
    },
  };
}

/** One function per body, which finds `port`, `base` and `at(path)`. */
export function sourcesOf(bodies: readonly string[], port: number): Record<string, string> {
  const entries = bodies.map((body, index) => [
    `row${index}`,
    `exports = async function () { const port = ${port}; const base = "http://127.0.0.1:" + port + "/"; const at = (path) => "http://127.0.0.1:" + port + path; ${body} };`,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = "/", method = "", headers } = request;
  response.setHeader("X-Method", method);
  switch (url.split("?", 1)[0]) {
    case "/cookie":
      response.setHeader("Set-Cookie", ["seen=yes; Path=/"]);
      response.end(headers.cookie ?? "");
      return;
    case "/redirect":
      response.writeHead(302, { Location: "/echo" }).end();
      return;
    case "/loop":
      response.writeHead(302, { Location: "/loop" }).end();
      return;
    case "/digest":
      answerDigest(request, response);
      return;
    case "/endless":
      sendMuch(response);
      return;
    default: {
      const body = await text(request);
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ url, method, headers, body }));
    }
  }
}

function md5(given: string): string {
  return createHash("md5").update(given).digest("hex");
}

function answerDigest({ headers, method, url }: IncomingMessage, response: ServerResponse): void {
  const given = headers.authorization ?? "";
  const field = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(given)?.[1] ?? "";
  const wanted = md5(
    [md5("u:here:p"), "abc", field("nc"), field("cnonce"), "auth", md5(`${method}:${url}`)].join(
      ":",
    ),
  );
  if (field("response") === wanted) response.end("welcome");
  else
    response
      .writeHead(401, { "WWW-Authenticate": 'Digest realm="here", nonce="abc", qop="auth"' })
      .end();
}

function sendMuch(response: ServerResponse): void {
  const part = Buffer.alloc(2 ** 20);
  const more = (): void => {
    if (response.destroyed) return;
    if (response.write(part)) setImmediate(more);
    else response.once("drain", more);
  };
  more();
}
