import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { petiole as run } from "../support/command.ts";
import { type Petiole, startPetiole } from "../support/petiole.ts";

const password = "a good password";
const oldId = "5f0000000000000000000001";
const providers = {
  "local-userpass": {
    name: "local-userpass",
    type: "local-userpass",
    config: { autoConfirm: true },
    disabled: false,
  },
};

async function writeApp(folder: string): Promise<string> {
  const app = path.join(folder, "app");
  await mkdir(path.join(app, "auth"), { recursive: true });
  await writeFile(
    path.join(app, "realm_config.json"),
    JSON.stringify({ config_version: 20210101, name: "users", app_id: "data-users" }),
  );
  await writeFile(path.join(app, "auth/providers.json"), JSON.stringify(providers));
  return app;
}

describe.each(["while the server runs", "while it does not"])("users: %s", (when) => {
  let folder = "";
  let app = "";
  let petiole: Petiole | undefined;
  const users = async (args: readonly string[], input = ""): ReturnType<typeof run> =>
    run(["users", ...args, "--data", path.join(folder, "data")], input);
  const start = async (): Promise<Petiole> =>
    startPetiole({ args: [app, "--data", path.join(folder, "data")] });

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "petiole-users-"));
    app = await writeApp(folder);
    petiole = await start();
    if (when === "while it does not") await petiole.stop();
  });
  afterAll(async () => {
    await petiole?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function login(server: Petiole, username: string, word = password): Promise<unknown> {
    const answer = await fetch(
      `${server.url}/api/client/v2.0/app/data-users/auth/providers/local-userpass/login`,
      { method: "POST", body: JSON.stringify({ username, password: word }) },
    );
    return answer.json();
  }

  test("users are made, taken over, listed, disabled, and given passwords", async () => {
    const made = await users(["create", "ann@example.com"], `${password}\n`);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{24}\n$/) });
    const annId = made.stdout.trim();

    const old = {
      _id: oldId,
      identities: [
        {
          id: "5f00000000000000000000a1",
          provider_type: "local-userpass",
          provider_data: { email: "old@example.com" },
        },
      ],
      data: { email: "old@example.com" },
    };
    const taken = { ...old, _id: "5f0000000000000000000002", password_hash: "md5" };
    const file = path.join(folder, "users.ndjson");
    await writeFile(file, [old, taken].map((each) => `${JSON.stringify(each)}\n`).join("\n"));
    const claims = path.join(folder, "claims.ndjson");
    await writeFile(claims, `{"sub":"auth0|1","user_id":"${oldId}"}\n`);
    const imported = await users(["import", file]);
    expect(imported).toMatchObject({ stdout: "imported 1 users; 0 were there already\n" });
    expect(imported.code).not.toBe(0);
    expect(imported.stderr).toContain("5f0000000000000000000002: password_hash must be");
    expect(await users(["import", "--claim", claims])).toMatchObject({
      code: 0,
      stdout: "1 users get their old id at their first login\n",
    });

    const listed = await users(["list"]);
    expect(listed.stdout).toContain(
      `${oldId}  enabled   never       local-userpass  old@example.com`,
    );
    expect(listed.stdout).toContain(`${annId}  enabled `);
    expect((await users(["list", "--search", "ann"])).stdout).not.toContain(oldId);
    expect(await users(["set-password", "old@example.com"], password)).toMatchObject({ code: 0 });
    expect(await users(["disable", "ann@example.com"])).toMatchObject({
      code: 0,
      stdout: "disabled ann@example.com\n",
    });
    expect(await users(["revoke", oldId])).toMatchObject({ code: 0 });
    expect(await users(["rotate-signing-secret"])).toMatchObject({ code: 0 });
    expect((await users(["list", "--disabled"])).stdout).toContain(annId);

    const server = when === "while it does not" ? await start() : petiole;
    if (server === undefined) throw new TypeError("no server");
    petiole = server;
    expect(await login(server, "old@example.com")).toMatchObject({ user_id: oldId });
    expect(await login(server, "ann@example.com")).toMatchObject({ error_code: "UserDisabled" });
  });

  test.for<[title: string, args: readonly string[], input: string, message: string]>([
    ["no password", ["create", "bob@example.com"], "", "no password came from standard input"],
    ["no address", ["create", "bob"], password, "email invalid"],
    ["nobody", ["delete", "nobody@example.com"], "", "there is no user 'nobody@example.com'"],
    ["no file", ["import"], "", "name a file of users"],
    ["a file that is not there", ["import", "/nowhere.ndjson"], "", "/nowhere.ndjson"],
    ["another app", ["list", "--app", "other-abcde"], "", "there is no app with App ID"],
  ])("%s is refused", async ([, args, input, message]) => {
    const outcome = await users(args, input);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toContain(message);
  });
});
