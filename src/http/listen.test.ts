import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { fields, stage, type Stage } from "../../test/support/stage.ts";
import { listen } from "./listen.ts";

let opened: Stage | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(...given: Parameters<typeof stage>): Promise<Stage> {
  opened = await stage(...given);
  return opened;
}

/** Sends text on a connection of its own and reads to its end. */
async function raw({ port }: Stage, ...parts: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const answered = text(socket);
  for (const part of parts) {
    socket.write(part);
    // Parts are to arrive one by one.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return answered;
}

function lines(end: string, ...more: readonly string[]): string {
  const body = `{${fields}}`;
  const head = [
    "POST /app/data-tests/endpoint/data/v1/action/findOne HTTP/1.1",
    "Host: localhost",
    "apiKey: k",
    `Content-Length: ${body.length + 1}`,
    ...more,
  ];
  return `${head.join(end)}${end}${end}\n${body}`;
}

test.for<[title: string, parts: readonly string[], status: string]>([
  ["bare line feeds", [lines("\n")], "200 OK"],
  ["bare line feeds in pieces", [lines("\n").slice(0, 20), lines("\n").slice(20)], "200 OK"],
  ["HTTP/1.0", [lines("\r\n").replace("HTTP/1.1", "HTTP/1.0")], "505 "],
  ["no Host", [lines("\r\n", "Connection: close").replace("Host:", "Nohost:")], "400 "],
  ["bare line feeds and two framings", [lines("\n", "Transfer-Encoding: chunked")], "400 "],
  ["bare line feeds and two lengths", [lines("\n", "Content-Length: 5")], "400 "],
  ["two framings", [lines("\r\n", "Transfer-Encoding: chunked")], "400 "],
  ["a bare line feed further down", [lines("\r\n").replace("k\r\n", "k\n")], "400 "],
  ["something else than HTTP", ["\u0016\u0003\u0001"], "400 "],
  ["text that is no HTTP", ["hello\r\n\r\n"], "400 "],
  ["CONNECT", ["CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"], "404 "],
])("listen: %s", async ([, parts, status]) => {
  const there = await open({ findOne: async () => null });
  const answer = await raw(there, ...parts);
  expect(answer.split("\r\n")[0]).toContain(`HTTP/1.1 ${status}`);
  const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  const { error, document } = JSON.parse(body) as Readonly<Record<string, unknown>>;
  expect(status === "200 OK" ? document : typeof error).toBe(status === "200 OK" ? null : "string");
});

test("listen: who was let in before the end, and has said nothing yet, is answered", async () => {
  const listener = await listen({
    port: 0,
    host: "127.0.0.1",
    fd: 0,
    reusePort: false,
    keepAliveSeconds: 5,
    requestBytesMax: 1000,
    certificate: undefined,
    newLink: () => "link",
    handle: (_request, response) => {
      response.shouldKeepAlive = false;
      response.end("answered");
    },
  });
  const socket = connect(listener.port, "127.0.0.1");
  const answered = text(socket);
  await once(socket, "connect");
  // Another connection, that was accepted later, tells that this one was.
  await fetch(listener.url);
  const closed = listener.close(10_000);
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect(await answered).toContain("answered");
  await closed;
});
