import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { first as firstCertificate, second as secondCertificate } from "../support/certificates.ts";
import { petiole as run } from "../support/command.ts";
import { type Petiole, type PetioleOptions, startPetiole } from "../support/petiole.ts";

let folder = "";
let data = "";
const running: Petiole[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-process-"));
  data = path.join(folder, "data");
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (petiole) => petiole.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function serve(options: PetioleOptions = {}): Promise<Petiole> {
  const petiole = await startPetiole({
    ...options,
    args: ["--data", data, ...(options.args ?? [])],
  });
  running.push(petiole);
  return petiole;
}

function eventOf(petiole: Petiole, name: string): Readonly<Record<string, unknown>> | undefined {
  return petiole.events.find(({ event }) => event === name);
}

test("serve: the curl line that it prints works as pasted", async () => {
  const created = eventOf(await serve(), "created");
  expect(created).toMatchObject({
    app_id: expect.stringMatching(/^data-[a-z]{5}$/),
    api_key: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
    admin_password: expect.any(String),
    console_link: expect.stringMatching(/^http:.*\/console\/#\/sign-in\?token=[A-Za-z0-9]{43}$/),
  });
  const { stdout } = await promisify(execFile)("sh", ["-c", String(created?.["curl"])]);
  expect(stdout).toMatch(/^\{"insertedId":"[0-9a-f]{24}"\}$/);
});

test("serve: a restart keeps app, key and documents, and shows nothing again", async () => {
  const first = await serve();
  const created = eventOf(first, "created");
  const url = `/app/${String(created?.["app_id"])}/endpoint/data/v1/action`;
  const headers = { "api-key": String(created?.["api_key"]), "Content-Type": "application/json" };
  const target = { dataSource: "mongodb-atlas", database: "d", collection: "c" };
  const inserted = await fetch(`${first.url}${url}/insertOne`, {
    method: "POST",
    headers,
    body: JSON.stringify({ ...target, document: { _id: 1 } }),
  });
  expect(inserted.status).toBe(201);
  expect(await first.stop()).toBe(0);
  const second = await serve();
  expect(eventOf(second, "created")).toBeUndefined();
  const found = await fetch(`${second.url}${url}/findOne`, {
    method: "POST",
    headers,
    body: JSON.stringify(target),
  });
  expect(await found.text()).toBe('{"document":{"_id":1}}');
});

test("serve: App ID and key can be fixed, and the key is not printed", async () => {
  const key = "fixed-0123456789-0123456789-0123456789";
  const petiole = await serve({
    args: ["--app-id", "data-fixed"],
    environment: { PETIOLE_API_KEY: key },
  });
  const answer = await fetch(`${petiole.url}/app/data-fixed/endpoint/data/v1/action/find`, {
    method: "POST",
    headers: { apiKey: key },
    body: '{"dataSource":"mongodb-atlas","database":"d","collection":"c"}',
  });
  expect(answer.status).toBe(200);
  expect(JSON.stringify(petiole.events)).not.toContain(key);
  expect(eventOf(petiole, "created")?.["curl"]).toContain("$PETIOLE_API_KEY");
});

test("serve: the administrator's token is for the owner alone", async () => {
  await serve();
  expect(statSync(path.join(data, "admin-token")).mode & 0o777).toBe(0o600);
});

test("serve: SIGTERM lets a request in flight finish, takes no new one, and ends with 0", async () => {
  const key = "drain-0123456789-0123456789-0123456789";
  const petiole = await serve({
    args: ["--app-id", "data-drain"],
    environment: { PETIOLE_API_KEY: key },
  });
  const body = '{"dataSource":"mongodb-atlas","database":"d","collection":"c"}';
  const inFlight = request(`${petiole.url}/app/data-drain/endpoint/data/v1/action/find`, {
    method: "POST",
    headers: { apiKey: key, "Content-Length": body.length },
  });
  const answered = once(inFlight, "response") as Promise<[IncomingMessage]>;
  inFlight.write(body.slice(0, 10));
  // A second request on another connection tells that the first one has begun.
  await fetch(`${petiole.url}/healthz`);
  const stopped = petiole.stop();
  await expect.poll(() => eventOf(petiole, "stopping")).toBeDefined();
  await expect(fetch(`${petiole.url}/healthz`)).rejects.toThrow("fetch failed");
  inFlight.end(body.slice(10));
  const [response] = await answered;
  expect(await text(response)).toBe('{"documents":[]}');
  expect(await stopped).toBe(0);
  expect(existsSync(path.join(data, "server.json"))).toBe(false);
  expect(petiole.events.at(-1)).toMatchObject({ event: "stopped" });
});

test("serve: TLS takes a new certificate on SIGHUP", async () => {
  const files = { cert: path.join(folder, "cert.pem"), key: path.join(folder, "key.pem") };
  await writeCertificate(files, firstCertificate);
  const petiole = await serve({ args: ["--tls-cert", files.cert, "--tls-key", files.key] });
  expect(petiole.url).toMatch(/^https:/);
  expect(await nameInCertificate(petiole.url)).toBe("first");
  await writeCertificate(files, secondCertificate);
  process.kill(petiole.pid, "SIGHUP");
  await expect.poll(() => eventOf(petiole, "certificate reloaded")).toBeDefined();
  expect(await nameInCertificate(petiole.url)).toBe("second");
});

async function writeCertificate(
  files: { readonly cert: string; readonly key: string },
  content: { readonly cert: string; readonly key: string },
): Promise<void> {
  await writeFile(files.cert, content.cert);
  await writeFile(files.key, content.key);
}

async function nameInCertificate(url: string): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { subject } = socket.getPeerCertificate();
  socket.end("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const answer = await text(socket);
  return answer.endsWith('{"status":"ok"}') ? String(subject.CN) : undefined;
}

test("serve: a killed server's directory opens again", async () => {
  const petiole = await serve();
  await petiole.kill();
  await serve();
  expect(running).toHaveLength(2);
});

describe("serve refuses in one line and ends", () => {
  test("with 1 when another process holds the data directory, whose pid it names", async () => {
    const petiole = await serve();
    const second = await run(["serve", "--port", "0", "--data", data]);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^petiole: data directory .* is in use by process \d+\n$/);
    expect(second.stderr).toContain(` ${petiole.pid}\n`);
  });

  test("with 1 when the port is in use", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    try {
      await new Promise((resolve) => holder.once("listening", resolve));
      const address = holder.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const { code, stderr } = await run(["serve", "--port", String(port), "--data", data]);
      expect([code, stderr]).toEqual([
        1,
        `petiole: port ${port} on 127.0.0.1 is in use by another program\n`,
      ]);
    } finally {
      holder.close();
    }
  });

  test("with 1 when the data directory is a file", async () => {
    await writeFile(data, "");
    const { code, stderr } = await run(["serve", "--port", "0", "--data", data]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^petiole: [^\n]*data[^\n]*\n$/);
  });

  test.for<[title: string, args: readonly string[], message: string]>([
    ["an unknown flag", ["--prot", "1"], "unknown option '--prot'"],
    ["a port that is none", ["--port", "7x"], "--port must be a whole number from 0 to 65535"],
    ["a range that is none", ["--trust-proxy", "x"], "--trust-proxy: 'x' is no address range"],
    ["half a certificate", ["--tls-cert", "x"], "--tls-cert and --tls-key go together"],
    ["a missing file", ["--config", "/nowhere.json"], "/nowhere.json is not there"],
  ])("for %s", async ([, args, message]) => {
    const { code, stderr } = await run(["serve", "--port", "0", "--data", data, ...args]);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(/^petiole: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});
