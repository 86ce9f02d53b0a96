/** Drafts: changes that wait, are seen by whoever makes them alone, and are brought together with those of others. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unpackFiles } from "../../src/config/app-package.ts";
import { writeZip } from "../../src/kit/zip.ts";
import { type Admin, adminOf } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let ada: Admin;
let grace: Admin;
let reader: Admin;

beforeAll(async () => {
  server = await startServer();
  const admin = await adminOf(server);
  const join = async (email: string, role: string): Promise<Admin> => {
    const password = "correct horse battery";
    await admin.must("POST", "/administrators", { email, password, role });
    const session = await admin.must<{ readonly access_token: string }>(
      "POST",
      "/auth/providers/local-userpass/login",
      { username: email, password },
    );
    return adminOf(server, session.access_token);
  };
  ada = await join("ada@example.org", "owner");
  grace = await join("grace@example.org", "owner");
  reader = await join("reader@example.org", "readOnly");
});
afterAll(async () => server.close());

interface Named {
  readonly _id: string;
  readonly name: string;
}
interface Draft {
  readonly _id: string;
  readonly author: string;
  readonly own: boolean;
  readonly revision: number;
}
interface Diff {
  readonly diffs: readonly string[];
  readonly changes: readonly {
    readonly file: string;
    readonly kind: string;
    readonly patch: string;
  }[];
  readonly problems: readonly string[];
  readonly conflicts: readonly string[];
  readonly is_outdated: boolean;
}
interface Outcome {
  readonly _id: string;
  readonly status: string;
  readonly status_error_message: string;
}

const source = (text: string): string => `exports = () => ${JSON.stringify(text)};`;

async function open(admin: Admin): Promise<string> {
  return (await admin.must<Draft>("POST", "{A}/drafts"))._id;
}

async function put(admin: Admin, name: string, text: string): Promise<void> {
  const found = (await admin.must<readonly Named[]>("GET", "{A}/functions")).find(
    (each) => each.name === name,
  );
  const body = { name, source: source(text) };
  await (found === undefined
    ? admin.must("POST", "{A}/functions", body)
    : admin.must("PUT", `{A}/functions/${found._id}`, body));
}

async function sourcesOf(admin: Admin): Promise<Readonly<Record<string, string>>> {
  const found = await admin.must<readonly (Named & { readonly source: string })[]>(
    "GET",
    "{A}/functions",
  );
  return Object.fromEntries(found.map((each) => [each.name, each.source]));
}

async function deploy(admin: Admin, draft: string, body?: object): Promise<Outcome> {
  return admin.must<Outcome>("POST", `{A}/drafts/${draft}/deployment`, body);
}

const diffOf = async (admin: Admin, draft: string): Promise<Diff> =>
  admin.must<Diff>("GET", `{A}/drafts/${draft}/diff`);

async function fetchBytes(kind: string): Promise<[Response, Buffer]> {
  const answer = await fetch(
    `${server.url}/api/admin/v3.0/groups/${ada.group}/apps/${ada.app}/deployments/live/${kind}`,
    { headers: { Authorization: `Bearer ${server.adminToken}` } },
  );
  return [answer, Buffer.from(await answer.arrayBuffer())];
}

describe("one administrator", () => {
  test("a draft waits, is shown by file, and goes live in one step with a message", async () => {
    const draft = await open(ada);
    expect(await diffOf(ada, draft)).toMatchObject({ diffs: [], changes: [], is_outdated: false });
    await put(ada, "first", "one");
    await ada.must("POST", "{A}/values", { name: "limit", value: 3 });
    await ada.must("PATCH", "{A}/data_api/config", { return_type: "EJSON" });
    await ada.must("POST", "{A}/security/allowed_request_origins", ["https://shop.example.org"]);
    expect(await sourcesOf(ada)).toEqual({ first: source("one") });
    expect(await ada.must("GET", "{A}/data_api/config")).toMatchObject({ return_type: "EJSON" });
    expect(await sourcesOf(grace)).toEqual({});
    expect(await grace.must("GET", "{A}/data_api/config")).toMatchObject({ return_type: "JSON" });
    expect(await grace.must("GET", "{A}/security/allowed_request_origins")).toEqual([]);
    const { changes, problems } = await diffOf(ada, draft);
    expect(changes.map(({ kind, file }) => `${kind} ${file}`)).toEqual(
      [
        "modified http_endpoints/data_api_config.json",
        "modified realm_config.json",
        "added functions/config.json",
        "added functions/first.js",
        "added values/limit.json",
      ].toSorted((a, b) => ((a.split(" ")[1] ?? "") < (b.split(" ")[1] ?? "") ? -1 : 1)),
    );
    expect(problems).toEqual([]);
    expect(await deploy(ada, draft, { message: "the first hour" })).toMatchObject({
      status: "successful",
    });
    expect(await sourcesOf(grace)).toEqual({ first: source("one") });
    expect(await grace.must("GET", "{A}/data_api/config")).toMatchObject({ return_type: "EJSON" });
    const [newest] = await ada.must<readonly object[]>("GET", "{A}/deployments");
    expect(newest).toMatchObject({
      author: "ada@example.org",
      message: "the first hour",
      live: true,
    });
    expect(await ada.must("GET", "{A}/drafts")).toEqual([]);
  });

  test("a file is taken back; the rest stays", async () => {
    const draft = await open(ada);
    await put(ada, "first", "changed");
    await put(ada, "second", "new");
    await ada.must("DELETE", `{A}/drafts/${draft}/files?file=functions/first.js`);
    expect(await sourcesOf(ada)).toEqual({ first: source("one"), second: source("new") });
    expect((await ada.call("DELETE", `{A}/drafts/${draft}/files?file=no.js`)).status).toBe(404);
    await ada.must("DELETE", `{A}/drafts/${draft}`);
    expect(await sourcesOf(ada)).toEqual({ first: source("one") });
  });

  test("an empty draft is not deployed, and one more is refused", async () => {
    const draft = await open(ada);
    expect((await ada.call("POST", `{A}/drafts/${draft}/deployment`)).status).toBe(400);
    expect(await ada.call("POST", "{A}/drafts")).toMatchObject({
      status: 409,
      body: { error_code: "DraftAlreadyExists" },
    });
    await ada.must("DELETE", `{A}/drafts/${draft}`);
  });

  test("what is no app is refused, and the draft stays as it was", async () => {
    const draft = await open(ada);
    await put(ada, "first", "kept");
    const endpoint = { route: "/x", http_method: "GET", function_name: "missing" };
    expect((await ada.call("POST", "{A}/endpoints", endpoint)).status).toBe(400);
    expect(await sourcesOf(ada)).toEqual({ first: source("kept") });
    await ada.must("DELETE", `{A}/drafts/${draft}`);
  });

  test("a condition that says nothing changes nothing", async () => {
    const draft = await open(ada);
    const [made] = await ada.must<readonly Named[]>("GET", "{A}/functions");
    const body = { name: "first", source: source("one"), can_evaluate: {} };
    await ada.must("PUT", `{A}/functions/${made?._id}`, body);
    expect((await diffOf(ada, draft)).changes).toEqual([]);
    await ada.must("DELETE", `{A}/drafts/${draft}`);
  });

  test("changes at once are all kept", async () => {
    const draft = await open(ada);
    const names = ["a", "b", "c", "d", "e"];
    await Promise.all(names.map(async (name) => put(ada, name, name)));
    expect(Object.keys(await sourcesOf(ada)).toSorted()).toEqual([...names, "first"]);
    await ada.must("DELETE", `{A}/drafts/${draft}`);
  });
});

describe("two administrators", () => {
  test("each is told of the other's draft, and neither reads it", async () => {
    const draft = await open(ada);
    expect(await grace.must("GET", "{A}/drafts")).toEqual([]);
    expect(await grace.must<readonly Draft[]>("GET", "{A}/drafts?all=true")).toMatchObject([
      { author: "ada@example.org", own: false },
    ]);
    for (const [method, path] of [
      ["GET", `/${draft}/diff`],
      ["DELETE", `/${draft}`],
      ["POST", `/${draft}/deployment`],
      ["DELETE", `/${draft}/files?file=functions/first.js`],
    ] as const)
      expect((await grace.call(method, `{A}/drafts${path}`)).status).toBe(404);
    await ada.must("DELETE", `{A}/drafts/${draft}`);
  });

  test("changes of different things are brought together", async () => {
    const [of, other] = [await open(ada), await open(grace)];
    await put(ada, "of-ada", "a");
    await put(grace, "of-grace", "g");
    expect(await deploy(grace, other)).toMatchObject({ status: "successful" });
    const diff = await diffOf(ada, of);
    expect(diff).toMatchObject({ conflicts: [], is_outdated: true });
    expect(diff.changes.map(({ file }) => file)).toEqual([
      "functions/config.json",
      "functions/of-ada.js",
    ]);
    expect(await deploy(ada, of)).toMatchObject({ status: "successful" });
    expect(await sourcesOf(ada)).toMatchObject({
      "of-ada": source("a"),
      "of-grace": source("g"),
    });
  });

  test.for<[take: "mine" | "theirs", left: string]>([
    ["theirs", "of grace, theirs"],
    ["mine", "of ada, mine"],
  ])("what both changed is told, and goes by what is chosen: %s", async ([take, left]) => {
    const draft = await open(ada);
    await put(ada, "first", `of ada, ${take}`);
    await put(grace, "first", `of grace, ${take}`);
    expect(await diffOf(ada, draft)).toMatchObject({
      conflicts: ["functions/first.js"],
      is_outdated: true,
    });
    const refused = await deploy(ada, draft);
    expect(refused).toMatchObject({ status: "failed", _id: draft });
    expect(refused.status_error_message).toContain("functions/first.js");
    expect(await sourcesOf(grace)).toMatchObject({ first: source(`of grace, ${take}`) });
    expect(await deploy(ada, draft, { take })).toMatchObject({ status: "successful" });
    expect(await sourcesOf(grace)).toMatchObject({ first: source(left) });
  });

  test("who may only look opens no draft", async () => {
    expect((await reader.call("POST", "{A}/drafts")).status).toBe(403);
    expect((await reader.call("GET", "{A}/drafts?all=true")).status).toBe(200);
  });
});

describe("the history", () => {
  interface Made {
    readonly _id: string;
    readonly live: boolean;
  }

  test("any two deployments are compared by file", async () => {
    const [newest, before, older] = await ada.must<readonly Made[]>("GET", "{A}/deployments");
    const diff = async (id: string, against?: string) =>
      ada.must<Diff & { readonly against: string | null }>(
        "GET",
        `{A}/deployments/${id}/diff${against === undefined ? "" : `?against=${against}`}`,
      );
    const latest = await diff("live");
    expect([latest.against, latest.changes.map(({ file }) => file)]).toEqual([
      before?._id,
      ["functions/first.js"],
    ]);
    expect(latest.changes[0]?.patch).toContain('+exports = () => "of ada, mine";');
    const back = await diff(older?._id ?? "", newest?._id);
    expect(back.changes[0]?.patch).toContain('-exports = () => "of ada, mine";');
    const same = await diff(newest?._id ?? "", "live");
    expect(same.changes).toEqual([]);
    expect((await ada.call("GET", "{A}/deployments/nothing/diff")).status).toBe(404);
    expect((await ada.call("GET", "{A}/deployments/live/diff?against=no")).status).toBe(404);
  });

  test("a deployment is given as an archive", async () => {
    const [answer, archive] = await fetchBytes("zip");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/zip"]);
    expect(answer.headers.get("content-disposition")).toBe(
      'attachment; filename="data-tests-live.zip"',
    );
    const [, packed] = await fetchBytes("files");
    expect(archive.equals(writeZip(await unpackFiles(packed)))).toBe(true);
    expect(archive.includes("functions/of-ada.js")).toBe(true);
  });
});
