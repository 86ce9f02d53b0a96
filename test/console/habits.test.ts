/** What holds on every screen: nothing typed is lost, all is found by a few letters, failures say why. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ConsoleStage,
  findBarriers,
  hasBrowser,
  openConsoleStage,
  writeInto,
} from "../support/console.ts";

describe.skipIf(!hasBrowser)("habits of the console", () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openConsoleStage();
    const { admin, server } = stage;
    await admin.must("POST", "{A}/functions", { name: "sweep", source: "exports = () => 1;" });
    await admin.must("POST", "{A}/triggers", {
      name: "nightly",
      type: "SCHEDULED",
      config: { schedule: "0 0 * * *" },
      function_name: "sweep",
    });
    await admin.must("POST", "{A}/users", { email: "ann@example.org", password: "secret-word" });
    await admin.must("POST", "{A}/data/mongodb-atlas/actions/insertMany", {
      database: server.database,
      collection: "parcels",
      documents: [{ _id: 1 }],
    });
  });
  afterAll(async () => stage?.close());

  test("what is typed and not saved is there after a reload, until it is discarded", async () => {
    await stage.visit(
      async (page) => {
        const source = page.getByRole("textbox", { name: "Source" });
        await writeInto(page, "Source", "exports = () => 'half do");
        await page.getByText("Changed, not saved").waitFor();
        await page.reload();
        await expect.poll(async () => source.innerText()).toBe("exports = () => 'half do");
        await page.getByRole("button", { name: "Discard", exact: true }).click();
        await expect.poll(async () => source.innerText()).toBe("exports = () => 1;");
        await page.reload();
        await expect.poll(async () => source.innerText()).toBe("exports = () => 1;");
      },
      { screen: "functions?name=sweep" },
    );
  });

  test("what is typed into a document is there when it is opened again, until it is cancelled", async () => {
    const { database } = stage.server;
    await stage.visit(
      async (page) => {
        const edit = page.getByRole("button", { name: "Edit" });
        const document = page.getByRole("textbox", { name: "Document", exact: true });
        await edit.click();
        await document.waitFor();
        await writeInto(page, "Document", '{ _id: 1, note: "half do');
        await page.getByText("Changed, not saved").waitFor();
        await page.reload();
        await edit.click();
        await expect.poll(async () => document.innerText()).toContain("half do");
        await page.getByRole("button", { name: "Cancel" }).click();
        await edit.click();
        await expect.poll(async () => document.innerText()).toContain('"_id": 1');
        expect(await document.innerText()).not.toContain("half do");
      },
      { screen: `data?db=${database}&coll=parcels` },
    );
  });

  test("the palette leads to sides of screens, collections and triggers", async () => {
    await stage.visit(
      async (page) => {
        for (const [typed, heading, address] of [
          ["parcels", "Data", `coll=parcels`],
          ["nightly", "Triggers", "triggers?id="],
          ["forwarders", "Logs", "tab=forwarders"],
        ] as const) {
          await page.getByRole("heading", { level: 1 }).waitFor();
          await page.keyboard.press("ControlOrMeta+k");
          await page.getByRole("textbox", { name: "Go to" }).fill(typed);
          await page.getByRole("dialog").getByText(typed, { exact: false }).first().click();
          await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
          expect(page.url()).toContain(address);
        }
      },
      { screen: "start" },
    );
  });

  test("an app is made, opened and deleted", async () => {
    const { admin, server } = stage;
    const failed = await fetch(`${server.url}/app/${server.appId}/endpoint/nowhere`);
    const coId = failed.headers.get("x-request-id") ?? "";
    await stage.visit(
      async (page) => {
        await page.getByTitle("Choose another app").click();
        await page.getByRole("menuitem", { name: "All apps, and a new one …" }).click();
        await page.getByRole("button", { name: "New app" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("textbox", { name: "Name" }).fill("not a name");
        await dialog.getByRole("button", { name: "Make the app" }).click();
        await dialog.getByRole("alert").waitFor();
        await dialog.getByRole("textbox", { name: "Name" }).fill("second");
        await dialog.getByRole("button", { name: "Make the app" }).click();
        await page.getByText("The app second is made").waitFor();
        // With several, the link of an error finds its own.
        await page.goto(`${server.url}/console/logs?co_id=${coId}`);
        const entry = page.getByRole("dialog", { name: "Log entry" });
        await entry.getByText(coId, { exact: true }).waitFor();
        expect(page.url()).toContain(admin.app);
        await entry.getByRole("button", { name: "Close" }).click();
        await page.getByTitle("Choose another app").click();
        await page.getByRole("menuitem", { name: /^second/ }).click();
        await page.getByRole("link", { name: "Settings" }).click();
        await page.getByRole("button", { name: "Delete second …" }).click();
        expect(await dialog.getByRole("button", { name: "Delete the app" }).isDisabled()).toBe(
          true,
        );
        expect(await findBarriers(page)).toEqual([]);
        await dialog.getByRole("textbox", { name: "Type second to go on" }).fill("second");
        await dialog.getByRole("button", { name: "Delete the app" }).click();
        await page.getByText("The app second is deleted").waitFor();
        await expect.poll(async () => page.getByRole("link", { name: "Open" }).count()).toBe(1);
      },
      { screen: "start" },
    );
  });

  test("a download that breaks off says so", async () => {
    const breaking = createServer((_request, response) => {
      response.writeHead(200, { "Content-Length": "1000" });
      response.write("PK", () => response.destroy());
    });
    breaking.listen(0, "127.0.0.1");
    await once(breaking, "listening");
    const { port } = breaking.address() as AddressInfo;
    await stage.visit(
      async (page) => {
        await page.route("**/zip", async (route) =>
          route.continue({ url: `http://127.0.0.1:${port}/` }),
        );
        await page.getByRole("button", { name: "Download as zip" }).first().click();
        await page.getByText("the answer broke off before its end").waitFor();
        expect(await findBarriers(page)).toEqual([]);
      },
      { screen: "deployments" },
    );
    breaking.close();
  });

  test("a user is looked at, with what they logged in by", async () => {
    await stage.visit(
      async (page) => {
        await page.getByRole("button", { name: "ann@example.org", exact: true }).click();
        const user = page.getByRole("dialog", { name: "User" });
        await user.getByText("local-userpass").waitFor();
        expect(await findBarriers(page)).toEqual([]);
        expect(page.url()).toMatch(/user=[0-9a-f]{24}/);
      },
      { screen: "users?q=ann" },
    );
  });

  test("who registered and waits is confirmed", async () => {
    const { admin, server } = stage;
    await admin.must("POST", "{A}/functions", {
      name: "wait",
      source: "exports = () => ({ status: 'pending' });",
    });
    await admin.must("POST", "{A}/auth_providers", {
      name: "local-userpass",
      type: "local-userpass",
      config: {
        autoConfirm: false,
        runConfirmationFunction: true,
        confirmationFunctionName: "wait",
        runResetFunction: true,
        resetFunctionName: "wait",
      },
    });
    const base = `${server.url}/api/client/v2.0/app/${server.appId}/auth/providers/local-userpass`;
    const post = async (path: string, body: object): Promise<number> => {
      const headers = { "Content-Type": "application/json" };
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      return (await fetch(`${base}${path}`, init)).status;
    };
    const password = "secret-word";
    for (const email of ["bob@example.org", "cy@example.org"])
      expect(await post("/register", { email, password })).toBe(201);
    const bob = { username: "bob@example.org", password };
    expect(await post("/login", bob)).toBe(401);
    await stage.visit(
      async (page) => {
        await page.getByRole("button", { name: "Actions on bob@example.org" }).click();
        await page.getByRole("menuitem", { name: "Confirm", exact: true }).click();
        await page.getByText("bob@example.org may log in").waitFor();
        await page.getByRole("button", { name: "Actions on cy@example.org" }).click();
        await page.getByRole("menuitem", { name: "Delete" }).click();
        await page.getByText("Nobody waits").waitFor();
      },
      { screen: "users?tab=pending" },
    );
    expect(await post("/login", bob)).toBe(200);
  });

  test("an older deployment is taken as a file, and made live again", async () => {
    const { admin } = stage;
    await admin.must("POST", "{A}/values", { name: "late", value: 1 });
    await stage.visit(
      async (page) => {
        const saving = page.waitForEvent("download");
        await page.getByRole("button", { name: "Download as zip" }).first().click();
        const zip = await readFile(await (await saving).path(), "latin1");
        expect(zip).toMatch(/^PK.*values\/late\.json/s);
        await page.getByRole("button", { name: "Make live …" }).first().click();
        await page.getByRole("button", { name: "Make it live" }).click();
        await page.getByText("The older deployment is live").waitFor();
      },
      { screen: "deployments" },
    );
    expect(await admin.must("GET", "{A}/values")).toEqual([]);
  });
});
