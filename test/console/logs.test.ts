/** The log, and packages of functions, in a real browser, by what is to be seen on the page. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ConsoleStage,
  findBarriers,
  hasBrowser,
  openConsoleStage,
} from "../support/console.ts";
import { writeTar } from "../support/tar.ts";

describe.skipIf(!hasBrowser)("the log in the console", () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openConsoleStage();
    const { admin } = stage;
    await admin.must("POST", "{A}/functions", {
      name: "greet",
      source:
        "exports = ({ query }) => { console.log('asked'); if (query.bad) throw new Error('no'); return 1; };",
      run_as_system: true,
    });
    await admin.must("POST", "{A}/endpoints", {
      route: "/greet",
      http_method: "POST",
      function_name: "greet",
      validation_method: "NO_VALIDATION",
      respond_result: true,
    });
    for (let count = 0; count < 60; count += 1) await greet("?n=1");
  });
  afterAll(async () => stage?.close());

  /** @returns the request's id */
  async function greet(query: string): Promise<string> {
    const url = `${stage.server.url}/app/${stage.server.appId}/endpoint/greet${query}`;
    const answer = await fetch(url, { method: "POST", body: '{"hello":"there"}' });
    return answer.headers.get("x-request-id") ?? "";
  }

  test("an entry shows all it holds, and its address opens it again, however old", async () => {
    const id = await greet("?bad=1");
    for (let count = 0; count < 60; count += 1) await greet("?n=2");
    await stage.visit(
      async (page) => {
        const entry = page.getByRole("dialog", { name: "Log entry" });
        await entry.getByText("Error: FunctionExecutionError").waitFor();
        const shown = await entry.innerText();
        for (const part of [
          "POST /greet",
          "asked",
          '"hello":"there"',
          "bad=1",
          "user-agent: node",
          "duration",
          "compute",
          "As JSON",
        ])
          expect(shown).toContain(part);
        expect(await findBarriers(page)).toEqual([]);
        await entry.getByRole("link", { name: "Its endpoint" }).click();
        await page.getByRole("heading", { name: "POST /greet" }).waitFor();
      },
      { screen: `logs?entry=${id}` },
    );
    await stage.visit(
      async (page) => {
        await page.getByRole("dialog", { name: "Log entry" }).getByText("No such entry").waitFor();
      },
      { screen: "logs?entry=0123456789abcdef01234567" },
    );
  });

  test("several kinds at once are looked for, and saved as a file", async () => {
    await stage.visit(
      async (page) => {
        await page.getByRole("combobox", { name: "Kinds" }).click();
        await page.getByRole("option", { name: "Logins and users" }).click();
        await page.getByText("No request matches").waitFor();
        await page.getByRole("option", { name: "Endpoints and Data API" }).click();
        await page.getByRole("button", { name: "POST /greet" }).first().waitFor();
        expect(page.url()).toContain("AUTH%2CENDPOINT");
        const saving = page.waitForEvent("download");
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Export" }).click();
        const lines = (await readFile(await (await saving).path(), "utf8")).trim().split("\n");
        expect(lines.length).toBeGreaterThan(120);
        expect(new Set(lines.map((line) => (JSON.parse(line) as { _id: string })._id)).size).toBe(
          lines.length,
        );
        // What breaks off says so, and where.
        await page.route("**/logs?*skip=*", async (route) => route.abort());
        const part = page.waitForEvent("download");
        await page.getByRole("button", { name: "Export" }).click();
        await page.getByText(/broke off after 100 entries, which are in the file/).waitFor();
        expect((await readFile(await (await part).path(), "utf8")).trim().split("\n")).toHaveLength(
          100,
        );
      },
      { screen: "logs" },
    );
  });

  test("what comes while the log is paused waits", async () => {
    await stage.visit(
      async (page) => {
        const rows = page.getByRole("button", { name: "POST /greet" });
        await rows.first().waitFor();
        // A stream that breaks off begins again.
        await page.route("**/logs/follow*", async (route) => route.abort(), { times: 1 });
        const opening = page.waitForResponse((response) => response.url().includes("/logs/follow"));
        await page.getByRole("switch", { name: "Live" }).click();
        await page.getByText("Not live at the moment").waitFor();
        await opening;
        await page.getByText("Not live at the moment").waitFor({ state: "hidden" });
        const before = await rows.count();
        await page.getByRole("button", { name: "Pause" }).click();
        await greet("?paused=1");
        await page.getByRole("status").getByText("1 new entry waits").waitFor();
        expect(await rows.count()).toBe(before);
        await page.getByRole("button", { name: "Go on" }).click();
        await expect.poll(async () => rows.count()).toBe(before + 1);
      },
      { screen: "logs" },
    );
  });

  test("packages are uploaded, listed and taken away", async () => {
    const archive = writeTar([
      { path: "node_modules/twice/package.json", content: '{"version":"1.2.3"}' },
      { path: "node_modules/twice/index.js", content: "module.exports = (n) => 2 * n;" },
    ]);
    const run = async (): Promise<unknown> => {
      const reply = await stage.admin.call(
        "POST",
        "{A}/debug/execute_function_source?run_as_system=true",
        { source: "exports = () => require('twice')(21);" },
      );
      return reply.body;
    };
    await stage.visit(
      async (page) => {
        await page.getByText("No package yet").waitFor();
        const choosing = page.waitForEvent("filechooser");
        await page.getByRole("button", { name: /^Upload/ }).click();
        const chooser = await choosing;
        await chooser.setFiles({ name: "notes.zip", mimeType: "application/zip", buffer: archive });
        await page.getByRole("alert").getByText("dependencies come as package.json").waitFor();
        const again = page.waitForEvent("filechooser");
        await page.getByRole("button", { name: /^Upload/ }).click();
        await (
          await again
        ).setFiles({ name: "node_modules.tar", mimeType: "application/x-tar", buffer: archive });
        await page.getByRole("cell", { name: "1.2.3" }).waitFor();
        expect(await run()).toMatchObject({ result: { $numberInt: "42" } });
        await page.getByRole("button", { name: "Remove all …" }).click();
        await page.getByRole("button", { name: "Remove all", exact: true }).click();
        await page.getByText("No package yet").waitFor();
        expect(await run()).toMatchObject({ error_code: "FunctionExecutionError" });
      },
      { screen: "functions?tab=dependencies" },
    );
  });
});
