import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Deployed, type FunctionBench, openFunctionBench } from "../support/functions.ts";
import { type HttpTarget, openHttpTarget, sourcesOf } from "../support/http-target.ts";

/** Targets that lead into the server's own network, and ways to them. */
const refused: readonly (readonly [title: string, body: string])[] = [
  ...[
    "127.0.0.1",
    "127.1",
    "0.0.0.0",
    "2130706433",
    "0x7f000001",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "localhost",
    "10.0.0.1",
    "172.16.5.5",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "[fe80::1]",
    "[fd00::1]",
    "224.0.0.1",
  ].map(
    (host) =>
      [
        `context.http to ${host}`,
        `await context.http.get({ url: 'http://${host}:' + port + '/' });`,
      ] as const,
  ),
  ["fetch", "await fetch(base).catch((e) => { throw e.cause ?? e; });"],
  [
    "fetch of a name",
    "await fetch('http://localhost:' + port).catch((e) => { throw e.cause ?? e; });",
  ],
  [
    "node:http",
    "await new Promise((resolve, reject) => require('http').get(base, resolve).on('error', reject));",
  ],
  [
    "net.connect",
    "await new Promise((resolve, reject) => require('net').connect(port, '127.0.0.1', resolve).on('error', reject));",
  ],
  [
    "net.connect to a name",
    "await new Promise((resolve, reject) => require('net').connect(port, 'localhost', resolve).on('error', reject));",
  ],
  [
    "tls.connect",
    "await new Promise((resolve, reject) => require('tls').connect(port, '127.0.0.1', resolve).on('error', reject));",
  ],
  [
    "http2",
    "await new Promise((resolve, reject) => require('http2').connect(base, resolve).on('error', reject));",
  ],
  [
    "a look-up of the function's own",
    "await new Promise((resolve, reject) => require('http').get({ host: 'example.com', port, lookup: (h, o, cb) => cb(null, o.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4) }, resolve).on('error', reject));",
  ],
  [
    "a socket of the file system",
    "await new Promise((resolve, reject) => require('net').connect('/var/run/docker.sock', resolve).on('error', reject));",
  ],
  [
    "a datagram",
    "const s = require('dgram').createSocket('udp4'); await new Promise((resolve, reject) => s.send('x', port, '127.0.0.1', (e) => (e ? reject(e) : resolve())));",
  ],
  [
    "a server of the function's own",
    "await new Promise((resolve, reject) => require('net').createServer().listen(0, resolve).on('error', reject));",
  ],
  ["the pipe to the server", "new (require('net').Socket)({ fd: 3 }); throw new Error('opened');"],
];

let target: HttpTarget;
beforeAll(async () => {
  target = await openHttpTarget();
});
afterAll(() => {
  target.close();
});

describe("addresses that are not public are refused", () => {
  let bench: FunctionBench;
  let deployed: Deployed;
  beforeAll(async () => {
    bench = await openFunctionBench();
    deployed = bench.deploy(
      sourcesOf(
        refused.map(([, body]) => body),
        target.port,
      ),
    );
  });
  afterAll(async () => {
    await bench.close();
  });
  test.for(refused)("%s", async (row) => {
    const before = target.connections();
    const shown = await deployed.show(`row${refused.indexOf(row)}`, [], { timeoutMs: 5000 });
    expect(shown).toMatch(
      /^FunctionExecutionError: .*(?:not allowed|EACCES|permission denied|ENOTFOUND|argument must be)/,
    );
    expect(target.connections()).toBe(before);
  });
});
