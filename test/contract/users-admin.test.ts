/** What administrators do with users; the original's tool calls most of it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startUsersApp, type UsersApp } from "../support/users-app.ts";

interface UserRow {
  readonly _id: string;
  readonly data: { readonly email?: string };
  readonly identities: readonly { readonly provider_type: string }[];
}

let app: UsersApp;
beforeAll(async () => {
  app = await startUsersApp();
});
afterAll(async () => {
  await app.close();
});

const password = "a good password";

async function create(email: string): Promise<string> {
  const made = await app.admin<UserRow>("POST", "{A}/users", { email, password });
  expect(made.status).toBe(201);
  return made.body._id;
}

async function list(query = ""): Promise<readonly UserRow[]> {
  return (await app.admin<readonly UserRow[]>("GET", `{A}/users${query}`)).body;
}

describe("users", () => {
  const ids: string[] = [];
  beforeAll(async () => {
    for (const name of ["ann", "bob", "cid"]) ids.push(await create(`${name}@example.com`));
    await app.logIn("anon-user", {});
    await app.admin("PUT", `{A}/users/${ids[1]}/disable`);
  });

  test("a user that is made is shown as the tool reads it", async () => {
    const [ann] = await list("?q=ann");
    expect(ann).toEqual({
      _id: ids[0],
      identities: [
        {
          id: expect.stringMatching(/^[0-9a-f]{24}$/),
          provider_type: "local-userpass",
          provider_id: expect.stringMatching(/^[0-9a-f]{24}$/),
          provider_data: { email: "ann@example.com" },
        },
      ],
      type: "normal",
      disabled: false,
      data: { email: "ann@example.com" },
      creation_date: expect.any(Number),
      last_authentication_date: 0,
    });
    expect(
      await app.logIn("local-userpass", { username: "ann@example.com", password }),
    ).toMatchObject({ user_id: ids[0] });
    const { body } = await app.admin<{ last_authentication_date: number }>(
      "GET",
      `{A}/users/${ids[0]}`,
    );
    expect(Number.isInteger(body.last_authentication_date)).toBe(true);
    expect(body.last_authentication_date).toBeGreaterThan(0);
  });

  test.for<[title: string, query: string, count: number]>([
    ["all", "", 4],
    ["those that are enabled", "?status=enabled", 3],
    ["those that are disabled", "?status=disabled", 1],
    ["those of one provider", "?provider_types=anon-user", 1],
    ["those of several", "?provider_types=anon-user,local-userpass", 4],
    ["those of none", "?provider_types=custom-token", 0],
    ["the beginning of an address", "?q=bo", 1],
    ["what nobody is called", "?q=zoe", 0],
    ["a text that is no pattern", "?q=.*", 0],
    ["a few", "?limit=2", 2],
    ["a limit that is none", "?limit=x", 4],
  ])("the list: %s", async ([, query, count]) => {
    expect(await list(query)).toHaveLength(count);
  });

  test("pages follow each other, in both directions", async () => {
    const up: string[] = [];
    for (let after = ""; ;) {
      const page = await list(`?limit=3${after === "" ? "" : `&after=${after}`}`);
      up.push(...page.map(({ _id }) => _id));
      if (page.length < 3) break;
      after = up.at(-1) ?? "";
    }
    const [first, ...others] = await list("?sort=_id&desc=true");
    const down = await list(`?desc=true&after=${first?._id}`);
    expect([...up].toReversed()).toEqual([first, ...others].map((each) => each?._id));
    expect(down.map(({ _id }) => _id)).toEqual(others.map(({ _id }) => _id));
  });

  test.for<[title: string, method: string, path: string, status: number, code: string]>([
    ["is shown", "GET", "", 404, "UserNotFound"],
    ["is deleted", "DELETE", "", 404, "UserNotFound"],
    ["is disabled", "PUT", "/disable", 404, "UserNotFound"],
    ["is enabled", "PUT", "/enable", 404, "UserNotFound"],
    ["is logged out", "PUT", "/logout", 404, "UserNotFound"],
    ["has devices", "GET", "/devices", 404, "UserNotFound"],
  ])("nobody %s", async ([, method, path, status, code]) => {
    for (const id of ["0".repeat(24), "nobody", "%24%7B%7D"])
      expect(await app.admin(method, `{A}/users/${id}${path}`)).toMatchObject({
        status,
        body: { error_code: code },
      });
  });

  test.for<[title: string, body: object, status: number, error: string]>([
    [
      "an address that is taken",
      { email: "ann@example.com", password },
      409,
      "name already in use",
    ],
    ["no address", { email: "ann", password }, 400, "email invalid"],
    ["a short password", { email: "d@example.com", password: "short" }, 400, "password must be"],
    ["nothing", {}, 400, "email"],
    ["numbers", { email: 1, password: 2 }, 400, "string"],
  ])("no user is made of %s", async ([, body, status, error]) => {
    expect(await app.admin("POST", "{A}/users", body)).toMatchObject({
      status,
      body: { error: expect.stringContaining(error) },
    });
  });

  test("devices are those that users log in with", async () => {
    const device = { platform: "node", platformVersion: "20", sdkVersion: "2.0.1" };
    const payload = { username: "ann@example.com", password, options: { device } };
    const { device_id: id } = await app.logIn("local-userpass", payload);
    await app.logIn("local-userpass", {
      ...payload,
      options: { device: { ...device, deviceId: id, platformVersion: "22" } },
    });
    const { body } = await app.admin("GET", `{A}/users/${ids[0]}/devices`);
    expect(body).toMatchObject([{ deviceId: id, platform: "node", platformVersion: "22" }]);
  });
});
