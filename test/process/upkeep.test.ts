import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { petiole as run } from "../support/command.ts";
import { type Petiole, startPetiole } from "../support/petiole.ts";

const key = "upkeep-0123456789-0123456789-0123456789";
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-upkeep-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function start(data: string): Promise<Petiole> {
  return startPetiole({
    args: ["--data", data, "--app-id", "data-upkeep"],
    environment: { PETIOLE_API_KEY: key },
  });
}

async function call(petiole: Petiole, action: string, fields: object): Promise<string> {
  const response = await fetch(`${petiole.url}/app/data-upkeep/endpoint/data/v1/action/${action}`, {
    method: "POST",
    headers: { apiKey: key, "Content-Type": "application/json" },
    body: JSON.stringify({
      dataSource: "mongodb-atlas",
      database: "d",
      collection: "c",
      ...fields,
    }),
  });
  return response.text();
}

test.for(["serving", "stopped"])("backup: a server that is %s can be copied", async (state) => {
  const data = path.join(folder, "data");
  const copy = path.join(folder, "copy");
  const petiole = await start(data);
  try {
    await call(petiole, "insertOne", { document: { _id: 1 } });
    if (state === "stopped") await petiole.stop();
    expect(await run(["backup", copy, "--data", data])).toMatchObject({ code: 0, stderr: "" });
    expect(await run(["doctor", "--data", copy])).toMatchObject({ code: 0, stderr: "" });
  } finally {
    await petiole.stop();
  }
  const restored = await start(copy);
  expect(await call(restored, "find", {})).toBe('{"documents":[{"_id":1}]}');
  await restored.stop();
});

test("backup: never writes over something", async () => {
  const data = path.join(folder, "data");
  const outcome = await run(["backup", folder, "--data", data]);
  expect(outcome).toMatchObject({ code: 1, stderr: `petiole: ${folder} is there already\n` });
});

test("doctor: tells what it looked at", async () => {
  const data = path.join(folder, "data");
  const petiole = await start(data);
  await call(petiole, "insertMany", { documents: [{}, {}, {}] });
  await petiole.stop();
  const { code, stdout } = await run(["doctor", "--data", data]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^store: 3 documents, \d+ index entries in 1 collections$/m);
  expect(stdout).toMatch(/^all well$/m);
});

test("doctor: a directory that holds no data is said so", async () => {
  const outcome = await run(["doctor", "--data", folder]);
  expect(outcome).toMatchObject({ code: 1, stdout: "" });
  expect(outcome.stderr).toContain("is no data directory");
});
