import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { petiole as run } from "../support/command.ts";
import { type Petiole, startPetiole } from "../support/petiole.ts";

async function statusWith(petiole: Petiole, key: string): Promise<number> {
  const { status } = await fetch(`${petiole.url}/app/data-keys/endpoint/data/v1/action/find`, {
    method: "POST",
    headers: { apiKey: key },
    body: '{"dataSource":"mongodb-atlas","database":"d","collection":"c"}',
  });
  return status;
}

async function start(data: string): Promise<Petiole> {
  return startPetiole({ args: ["--data", data, "--app-id", "data-keys"] });
}

describe.each(["while the server runs", "while it does not"])("keys: %s", (when) => {
  let folder = "";
  let petiole: Petiole | undefined;
  const keys = async (args: readonly string[], input = ""): ReturnType<typeof run> =>
    run(["keys", ...args, "--data", folder], input);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "petiole-keys-"));
    petiole = await start(folder);
    if (when === "while it does not") await petiole.stop();
  });
  afterAll(async () => {
    await petiole?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test("a key is made, taken over, listed, switched off and on, and deleted", async () => {
    const made = await keys(["create", "mine", "--role", "readOnly"]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).toMatch(/^[A-Za-z0-9]{64}\n$/);
    const old = "an-old-key-of-sufficient-length-0123456789";
    expect(await keys(["import", "old", "--user-id", "u"], `${old}\n`)).toMatchObject({ code: 0 });
    const listed = await keys(["list"]);
    expect(listed.stdout).toMatch(/^[0-9a-f]{24} {2}enabled {3}readOnly {2}mine$/m);
    expect(listed.stdout).not.toContain(made.stdout.trim());
    expect(await keys(["disable", "mine"])).toMatchObject({ code: 0, stdout: "disabled mine\n" });
    expect((await keys(["list"])).stdout).toMatch(/disabled {2}readOnly {2}mine$/m);
    expect(await keys(["enable", "mine"])).toMatchObject({ code: 0, stdout: "enabled mine\n" });
    expect(await keys(["delete", "mine"])).toMatchObject({ code: 0, stdout: "deleted mine\n" });

    const server = when === "while it does not" ? await start(folder) : petiole;
    if (server === undefined) throw new TypeError("no server");
    petiole = server;
    expect(await statusWith(server, old)).toBe(200);
    expect(await statusWith(server, made.stdout.trim())).toBe(401);
  });
});

test("keys: the first key may be made before the first start", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "petiole-keys-"));
  try {
    const made = await run(["keys", "create", "early", "--data", path.join(folder, "new")]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const petiole = await startPetiole({ args: ["--data", path.join(folder, "new")] });
    const { app_id: appId } = petiole.events.find(({ event }) => event === "listening") ?? {};
    const { status } = await fetch(
      `${petiole.url}/app/${String(appId)}/endpoint/data/v1/action/find`,
      {
        method: "POST",
        headers: { apiKey: made.stdout.trim() },
        body: '{"dataSource":"mongodb-atlas","database":"d","collection":"c"}',
      },
    );
    expect(status).toBe(200);
    await petiole.stop();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.for<[title: string, args: readonly string[], code: number, message: string]>([
  ["a name that is none", ["create", "a b"], 2, "name must be"],
  ["an unknown role", ["create", "a", "--role", "god"], 2, "Allowed choices are"],
  ["a key that is not there", ["delete", "nix"], 1, "there is no key 'nix'"],
  ["an app that is not there", ["list", "--app", "nix"], 1, "there is no app with App ID 'nix'"],
  ["no key to take over", ["import", "a"], 2, "no key came from standard input"],
])("keys: %s is refused in one line", async ([, args, code, message]) => {
  const folder = await mkdtemp(path.join(tmpdir(), "petiole-keys-"));
  try {
    const outcome = await run(["keys", ...args, "--data", folder]);
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(/^petiole: [^\n]+\n$/);
    expect(outcome.stderr).toContain(message);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
