import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sample, sampleWith, toFiles, v20210101 } from "../support/app-samples.ts";
import { petiole as run } from "../support/command.ts";
import { type Petiole, startPetiole } from "../support/petiole.ts";

let folder = "";
const at = (name: string): string => path.join(folder, name);
const secretNames = ["payKeySecret", "jwtKey", "googleSecret", "endpointSecret"];

async function put(name: string, sample: Sample): Promise<string> {
  for (const [file, bytes] of toFiles(sample)) {
    await mkdir(path.dirname(path.join(at(name), file)), { recursive: true });
    await writeFile(path.join(at(name), file), bytes);
  }
  return at(name);
}

async function contentOf(directory: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(async (entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return [path.relative(directory, file), await readFile(file, "utf8")] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

/** Resolves when an event of this name that satisfies has been logged. */
async function logged(
  petiole: Petiole,
  event: string,
  isIt: (fields: Readonly<Record<string, unknown>>) => boolean = () => true,
): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const found = petiole.events.find((each) => each["event"] === event && isIt(each));
    if (found !== undefined) return found;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-apps-"));
  await put("shop", v20210101);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe.each(["while the server runs", "while it does not"])("apps: %s", (when) => {
  const data = (): string => at(`data-${when.length}`);
  const command = async (args: readonly string[], input = ""): ReturnType<typeof run> =>
    run([...args, "--data", data()], input);
  let petiole: Petiole | undefined;

  beforeAll(async () => {
    petiole = await startPetiole({ args: ["--data", data(), "--app-id", "shop-abcde"] });
    if (when === "while it does not") await petiole.stop();
  });
  afterAll(async () => {
    await petiole?.stop();
  });

  test("secrets are set, listed and deleted, and never shown", async () => {
    for (const name of [...secretNames, "gone"]) {
      const set = await command(["secrets", "set", name], `value of ${name}\n`);
      expect(set).toEqual({ code: 0, stdout: `set ${name}\n`, stderr: "" });
    }
    expect((await command(["secrets", "delete", "gone"])).code).toBe(0);
    const listed = await command(["secrets", "list"]);
    expect(listed.stdout.trim().split("\n")).toEqual(secretNames.toSorted());
    expect((await command(["secrets", "rotate-key"])).stdout).toBe(
      "sealed 4 secrets with the new key\n",
    );
    expect(await command(["secrets", "set", "gone"])).toMatchObject({ code: 2, stdout: "" });
  });

  test("a directory is shown, pushed, pulled and found the same", async () => {
    expect(await command(["push", at("shop")])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("agree with --yes"),
    });
    const dry = await command(["diff", at("shop")]);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining("+++ functions/sum.js") });
    const pushed = await command(["push", at("shop"), "--yes", "--message", "first"]);
    expect(pushed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/pushed to shop-abcde: deployment [0-9a-f]{24} is live\n$/),
      stderr: expect.not.stringContaining("not served yet"),
    });
    const out = at(`out-${when.length}`);
    expect((await command(["pull", out])).code).toBe(0);
    expect(await contentOf(out)).toEqual(await contentOf(at("shop")));
    expect((await command(["push", out, "--yes"])).stdout).toContain("the same already");
    expect((await command(["values", "list"])).stdout).toBe("greeting\npayKey\n");
    expect(JSON.parse((await command(["apps", "describe"])).stdout)).toMatchObject({
      client_app_id: "shop-abcde",
      environment: "development",
      functions: expect.arrayContaining([{ name: "sum", path: "functions/sum.js" }]),
    });
  });

  test("a rollback makes the older one live", async () => {
    const next = `next-${when.length}`;
    await put(next, sampleWith(v20210101, { "functions/sum.js": "exports = () => 2;\n" }));
    expect((await command(["push", at(next), "--yes", "--message", "second"])).code).toBe(0);
    const listed = (await command(["deployments"])).stdout.trim().split("\n");
    expect(listed.map((line) => / live /.test(line))).toEqual([true, false]);
    expect(listed[1]).toMatch(/first$/);
    const id = listed[1]?.split(" ")[0] ?? "";
    expect(await command(["rollback", id])).toMatchObject({ code: 0 });
    const out = at(`out-${when.length}`);
    await command(["pull", out, "--yes"]);
    expect((await contentOf(out))["functions/sum.js"]).toBe(v20210101["functions/sum.js"]);
    expect(await command(["rollback", "0".repeat(24)])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^petiole: deployment not found[^\n]*\n$/),
    });
  });

  test("a broken directory is refused with all that is wrong, and what is live stays", async () => {
    const broken = `broken-${when.length}`;
    await put(
      broken,
      sampleWith(v20210101, { "values/greeting.json": "{", "functions/sum.js": undefined }),
    );
    const refused = await command(["push", at(broken), "--yes"]);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("what is live stays"),
    });
    expect(refused.stderr).toContain("values/greeting.json:1:2");
    expect(refused.stderr).toContain("functions/config.json");
    expect((await command(["deployments"])).stdout.trim().split("\n")).toHaveLength(2);
  });

  test("administrators are made and listed", async () => {
    expect((await command(["admins", "create", `a${when.length}@example.com`])).stdout).toMatch(
      /^a\d+@example\.com {2}\w{20}\n$/,
    );
    expect((await command(["admins", "create", "--key"])).stdout).toMatch(
      /^[a-z]{8} {2}[0-9a-f-]{36}\n$/,
    );
    expect((await command(["admins", "list"])).stdout.trim().split("\n")).toHaveLength(3);
    const gone = await command(["admins", "delete", `A${when.length}@example.com`]);
    expect(gone.stdout).toBe(`deleted a${when.length}@example.com\n`);
    expect((await command(["admins", "list"])).stdout.trim().split("\n")).toHaveLength(2);
    expect(await command(["admins", "delete", "nobody"])).toMatchObject({
      code: 1,
      stderr: "petiole: there is no administrator 'nobody'\n",
    });
    expect(await command(["admins", "create"])).toMatchObject({ code: 2, stdout: "" });
  });

  test("an app has limits of its own", async () => {
    const set = await command(["apps", "set-limits", "findLimitDefault=5", "documentsMax=50"]);
    expect(set.stdout).toMatch(/^\* findLimitDefault {3}5$/m);
    expect(set.stdout).toMatch(/^ {2}requestBytesMax {4}18874368$/m);
    await command(["apps", "set-limits", "documentsMax=default"]);
    expect((await command(["apps", "limits"])).stdout).toMatch(/^ {2}documentsMax {7}50000$/m);
    for (const wrong of ["nix=1", "documentsMax=0", "documentsMax", "documentsMax=x"])
      expect(await command(["apps", "set-limits", wrong])).toMatchObject({ stdout: "" });
  });

  test("apps are made, listed and deleted", async () => {
    expect((await command(["apps", "create", "other", "--app-id", "other-abcde"])).stdout).toBe(
      "other-abcde\n",
    );
    expect((await command(["apps", "list"])).stdout).toBe("shop-abcde  shop\nother-abcde  other\n");
    expect((await command(["apps", "delete", "other-abcde"])).code).toBe(2);
    expect((await command(["apps", "delete", "other-abcde", "--yes"])).code).toBe(0);
    expect((await command(["apps", "list"])).stdout).toBe("shop-abcde  shop\n");
  });
});

describe("serve APP_DIR", () => {
  const environment = Object.fromEntries(
    secretNames.map((name) => [`PETIOLE_SECRET_${name}`, "v"]),
  );

  test("the directory's app is served under its App ID, with a key, and again at the next start", async () => {
    const args = [at("shop"), "--data", at("served")];
    const petiole = await startPetiole({ args, environment });
    const key = String(petiole.events.find(({ event }) => event === "created")?.["api_key"]);
    const answer = await fetch(`${petiole.url}/app/shop-abcde/endpoint/data/v1/action/find`, {
      method: "POST",
      headers: { apiKey: key },
      body: '{"dataSource":"mongodb-atlas","database":"d","collection":"c"}',
    });
    // The key is let in; the app's rules give it nothing.
    expect(await answer.json()).toMatchObject({ error_code: "NoMatchingRuleFound" });
    expect(JSON.stringify(petiole.events)).not.toContain("is not set");
    await petiole.stop();
    const again = await startPetiole({ args });
    expect(again.events.some(({ event }) => event === "deployed" || event === "created")).toBe(
      false,
    );
    await again.stop();
  });

  test("a directory without an App ID gets one and keeps it; not with --strict", async () => {
    await put("nameless", { "root_config.json": { name: "Shop" } });
    const args = [at("nameless"), "--data", at("nameless-data")];
    const first = await startPetiole({ args });
    const { app_id: id } = first.events.find(({ event }) => event === "listening") ?? {};
    expect(id).toMatch(/^shop-[a-z]{5}$/);
    await first.stop();
    const second = await startPetiole({ args });
    expect(second.events.find(({ event }) => event === "listening")?.["app_id"]).toBe(id);
    await second.stop();
    const strict = await run(["serve", ...args, "--strict", "--port", "0"]);
    expect(strict).toMatchObject({ code: 2, stderr: expect.stringContaining("has no app_id") });
  });

  test("a broken directory is not served, and everything wrong is said", async () => {
    await put(
      "bad",
      sampleWith(v20210101, { "values/greeting.json": "{", "functions/sum.js": undefined }),
    );
    const refused = await run(["serve", at("bad"), "--data", at("bad-data"), "--port", "0"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^petiole: \S+ has \d+ problems and is not served\n$/);
    expect(refused.stdout).toContain("values/greeting.json");
    expect(refused.stdout).toContain("functions/config.json");
  });

  test("a save is live at once, a broken save is told and changes nothing", async () => {
    await cp(at("shop"), at("watched"), { recursive: true });
    const args = [at("watched"), "--data", at("watched-data"), "--watch"];
    const petiole = await startPetiole({ args, environment });
    const file = path.join(at("watched"), "functions/sum.js");
    await writeFile(file, "exports = () => 3;\n");
    await logged(petiole, "deployed", ({ changes }) => changes === "modified functions/sum.js");
    await rm(file);
    await logged(petiole, "not deployed");
    await writeFile(file, "exports = () => 4;\n");
    await logged(
      petiole,
      "deployed",
      (each) =>
        petiole.events.indexOf(each) >
        petiole.events.findIndex(({ event }) => event === "not deployed"),
    );
    const pulled = await run(["pull", at("pulled"), "--data", at("watched-data")]);
    expect(pulled.code).toBe(0);
    expect((await contentOf(at("pulled")))["functions/sum.js"]).toBe("exports = () => 4;\n");
    expect(existsSync(path.join(at("pulled"), "secrets.json"))).toBe(false);
    await petiole.stop();
  });
});
