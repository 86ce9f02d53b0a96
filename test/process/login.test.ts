/** `petiole login`: commands for a server somewhere else. */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Outcome, petiole as run } from "../support/command.ts";
import { type Petiole, startPetiole } from "../support/petiole.ts";

let folder = "";
let server: Petiole;
let password = "";
const email = "admin@localhost";

/** In a directory of its own, without the server's data directory. */
async function command(args: readonly string[], input = ""): Promise<Outcome> {
  const environment = { XDG_CONFIG_HOME: folder, PETIOLE_DATA: path.join(folder, "elsewhere") };
  return run(args, input, environment);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-login-"));
  server = await startPetiole({
    args: ["--data", path.join(folder, "data"), "--app-id", "far-abcde"],
  });
  password = String(server.events.find(({ event }) => event === "created")?.["admin_password"]);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test("login: wrong credentials and addresses are refused, and nothing is kept", async () => {
  expect(await command(["login", server.url, "--email", email], "wrong")).toEqual({
    code: 1,
    stdout: "",
    stderr: "petiole: unauthorized\n",
  });
  expect(await command(["login", server.url], password)).toMatchObject({ code: 2, stdout: "" });
  expect(await command(["login", "x", "--email", email], password)).toMatchObject({ code: 2 });
  expect(await command(["login", server.url, "--email", email])).toMatchObject({ code: 2 });
  expect(await command(["apps", "list", "--server", server.url])).toEqual({
    code: 1,
    stdout: "",
    stderr: `petiole: nobody has logged in to ${server.url}: petiole login ${server.url}\n`,
  });
});

test("login: commands work on the server until the logout, and the file holds no password", async () => {
  const entered = await command(["login", `${server.url}/`, "--email", email], `${password}\n`);
  expect(entered).toEqual({
    code: 0,
    stdout: `logged in to ${server.url} as ${email}\n`,
    stderr: "",
  });
  const file = path.join(folder, "petiole", "logins.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, "utf8")).not.toContain(password);

  const named = ["--server", server.url];
  expect((await command(["apps", "list", ...named])).stdout).toBe("far-abcde  data\n");
  const made = await command(["keys", "create", "remote", ...named]);
  expect(made.stdout).toMatch(/^[A-Za-z0-9]{64}\n$/);
  // Where there is no data directory, the last login is meant.
  expect((await command(["keys", "list"])).stdout).toContain("remote");

  const pair = (await command(["admins", "create", "--key", ...named])).stdout.trim().split("  ");
  await command(["login", server.url, "--api-key", pair[0] ?? ""], pair[1]);
  expect((await command(["admins", "list", ...named])).stdout).toContain(pair[0]);
  await command(["admins", "delete", pair[0] ?? "", ...named]);
  expect(await command(["apps", "list", ...named])).toMatchObject({
    code: 1,
    stderr: `petiole: ${server.url}: invalid session\n`,
  });

  await command(["login", server.url, "--email", email], password);
  expect((await command(["logout"])).stdout).toBe(`logged out of ${server.url}\n`);
  expect((await command(["apps", "list", ...named])).code).toBe(1);
  expect(await command(["logout"])).toMatchObject({ code: 1, stdout: "" });
});
