/** Answers to what Node's parser refused: there is no response object, but the client gets the same JSON as ever. */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Codes of Node's parser and server → what the client hears. */
const refusals: ReadonlyMap<string, readonly [status: number, code: string, message: string]> =
  new Map([
    ["HPE_HEADER_OVERFLOW", [431, "BadRequest", "the request's headers are too large"]],
    ["ERR_HTTP_REQUEST_TIMEOUT", [408, "BadRequest", "the request did not arrive in time"]],
  ]);
const malformed = [400, "BadRequest", "malformed HTTP request"] as const;

/** Writes the whole answer to the connection and closes it. */
export function refuseRaw(socket: Duplex, code: string | undefined, link: string): void {
  const [status, errorCode, message] = refusals.get(code ?? "") ?? malformed;
  sendRaw(socket, status, JSON.stringify({ error: message, error_code: errorCode, link }));
}

export function sendRaw(socket: Duplex, status: number, body: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
