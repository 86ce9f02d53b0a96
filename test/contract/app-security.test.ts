/** From where, and how often, an app may be called. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

interface AccessList {
  readonly current_ip: string;
  readonly allowed_ips: readonly {
    readonly _id: string;
    readonly address: string;
    readonly comment: string;
    readonly includes_current: boolean;
  }[];
}

describe("access list", () => {
  let server: TestServer;
  let admin: Admin;
  const path = "{A}/security/access_list";

  beforeAll(async () => {
    server = await startServer({ trustProxy: ["127.0.0.1"] });
    admin = await adminOf(server);
  });
  afterAll(async () => server.close());

  async function statusFrom(address: string): Promise<number> {
    const headers = { "X-Forwarded-For": address };
    return (await send(server, { to: "find", body: {}, headers }, "c")).status;
  }
  const list = async (): Promise<AccessList> => (await admin.call<AccessList>("GET", path)).body;

  test("a new app lets everybody in, by an entry that says so", async () => {
    expect(await list()).toMatchObject({
      current_ip: "127.0.0.1",
      allowed_ips: [{ address: "0.0.0.0/0", comment: "", includes_current: true }],
    });
    expect(await statusFrom("203.0.113.9")).toBe(200);
  });

  test("entries let in those they name, once the one for everybody is gone", async () => {
    const made = await admin.call<{ _id: string }>("POST", path, {
      address: "203.0.113.0/24",
      comment: "office",
    });
    expect(made.status).toBe(201);
    expect(await statusFrom("198.51.100.1")).toBe(200);
    const everybody = (await list()).allowed_ips.find((each) => each.address === "0.0.0.0/0");
    expect((await admin.call("DELETE", `${path}/${everybody?._id}`)).status).toBe(204);
    expect(await statusFrom("203.0.113.9")).toBe(200);
    expect(await statusFrom("198.51.100.1")).toBe(403);
    const refused = await send(
      server,
      { to: "find", body: {}, headers: { "X-Forwarded-For": "198.51.100.1" } },
      "c",
    );
    expect(JSON.parse(refused.body)).toMatchObject({
      error: "this address is not on the access list of the app",
      error_code: "Forbidden",
    });
    const changed = await admin.call("PATCH", `${path}/${made.body._id}`, {
      address: "2001:db8::/32",
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { address: "2001:db8::/32", comment: "office" },
    });
    expect(await statusFrom("203.0.113.9")).toBe(403);
    expect(await statusFrom("2001:db8:1::7")).toBe(200);
    // The tool sends an address that stays as an empty one.
    expect(
      (await admin.call("PATCH", `${path}/${made.body._id}`, { address: "", comment: "home" }))
        .body,
    ).toMatchObject({ address: "2001:db8::/32", comment: "home" });
    expect((await admin.call("DELETE", `${path}/${made.body._id}`)).status).toBe(204);
    expect(await statusFrom("2001:db8:1::7")).toBe(403);
    expect((await list()).allowed_ips).toEqual([]);
  });

  test("what the original's tool sends: everybody, and the current address", async () => {
    expect((await admin.call("POST", path, { address: "", use_current: true })).status).toBe(201);
    expect(await statusFrom("203.0.113.9")).toBe(403);
    expect((await admin.call("POST", path, { address: "0.0.0.0" })).status).toBe(201);
    expect(await statusFrom("203.0.113.9")).toBe(200);
    expect((await list()).allowed_ips.map((each) => each.address)).toEqual([
      "127.0.0.1",
      "0.0.0.0",
    ]);
  });

  test.for<[method: string, path: string, body: unknown, status: number]>([
    ["POST", path, { address: "nowhere" }, 400],
    ["POST", path, { address: "10.0.0.0/33" }, 400],
    ["POST", path, {}, 400],
    ["POST", path, { address: "0.0.0.0" }, 400],
    ["PATCH", `${path}/000000000000000000000000`, { address: "10.0.0.1" }, 404],
    ["DELETE", `${path}/000000000000000000000000`, undefined, 404],
  ])("refuses %s %s %j", async ([method, to, body, status]) => {
    expect((await admin.call(method, to, body)).status).toBe(status);
  });
});

describe("rate limits", () => {
  test("a key, and an address, may send so many requests a minute", async () => {
    const server = await startServer({
      requestsPerKeyMax: 3,
      requestsPerAddressMax: 5,
      trustProxy: ["127.0.0.1"],
    });
    try {
      const status = async (address: string, apiKey = "KEY"): Promise<number> => {
        const headers = { "X-Forwarded-For": address, apiKey };
        return (await send(server, { to: "find", body: {}, headers }, "c")).status;
      };
      const first = [];
      for (let count = 0; count < 4; count += 1) first.push(await status(`192.0.2.${count}`));
      expect(first).toEqual([200, 200, 200, 429]);
      const others = [];
      for (let count = 0; count < 6; count += 1) others.push(await status("192.0.2.77", "nobody"));
      expect(others).toEqual([401, 401, 401, 401, 401, 429]);
      const networks = [];
      for (let count = 0; count < 6; count += 1)
        networks.push(await status(`2001:db8::${count}`, "nobody"));
      expect(networks).toEqual([401, 401, 401, 401, 401, 429]);
      const { headers } = await send(
        server,
        { to: "find", body: {}, headers: { "X-Forwarded-For": "192.0.2.77" } },
        "c",
      );
      expect(Number(headers["retry-after"])).toBeGreaterThan(1);
    } finally {
      await server.close();
    }
  });

  test("an app may have limits of its own", async () => {
    const server = await startServer();
    try {
      const admin = await adminOf(server);
      expect((await admin.call("PATCH", "{A}/limits", { requestsPerKeyMax: 1 })).status).toBe(200);
      const statuses = [];
      for (let count = 0; count < 2; count += 1)
        statuses.push((await send(server, { to: "find", body: {} }, "c")).status);
      expect(statuses).toEqual([200, 429]);
    } finally {
      await server.close();
    }
  });
});
