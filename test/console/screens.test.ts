/** Every screen of the console, light and dark, wide and narrow; and where the links of errors lead. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ConsoleStage,
  findBarriers,
  hasBrowser,
  type OpenConsole,
  openConsoleStage,
  overhangOf,
} from "../support/console.ts";

const widths = [360, 768, 1440] as const;

/** With what is to be seen when the screen is there. */
const screens: readonly (readonly [screen: string, heading: string])[] = [
  ["start", "Get started"],
  ["data", "Data"],
  ["data?db=DB&coll=things", "Data"],
  ["data?db=DB&coll=things&view=table", "Data"],
  ["data?db=DB&coll=things&tab=aggregation", "Data"],
  ["data?db=DB&coll=things&tab=indexes", "Data"],
  ["data-api", "Data API"],
  ["functions?name=greet", "Functions"],
  ["functions?name=greet&tab=run", "Functions"],
  ["functions?tab=dependencies", "Functions"],
  ["endpoints?id=new", "Endpoints"],
  ["triggers?id=new", "Triggers"],
  ["values", "Values & secrets"],
  ["rules", "Rules & schema"],
  ["rules?db=shop&coll=orders&tab=schema", "Rules & schema"],
  ["rules?db=shop&coll=orders&tab=simulator", "Rules & schema"],
  ["users", "Users"],
  ["users?tab=providers", "Users"],
  ["users?tab=pending", "Users"],
  ["users?tab=data", "Users"],
  ["users?tab=sessions", "Users"],
  ["overview", "Overview"],
  ["logs", "Logs"],
  ["logs?tab=forwarders", "Logs"],
  ["deployments", "Deployments"],
  ["deployments?id=DEPLOYMENT", "Deployments"],
  ["deployments?tab=draft", "Deployments"],
  ["settings", "Settings"],
  ["settings?tab=data", "Settings"],
  ["settings?tab=administrators", "Settings"],
  ["settings?tab=audit", "Settings"],
];

const looksMax = 5;

/** An animation of the page. */
interface Running {
  readonly finished: Promise<unknown>;
}

/** What is in the way of people and stays: while colours change, some of it is on its way. */
async function findLasting(
  page: Page,
  of: { readonly onlyColours: boolean },
): Promise<readonly string[]> {
  let found = await findBarriers(page, of);
  for (let looks = 1; found.length > 0 && looks < looksMax; looks += 1) {
    await page.locator("body").evaluate(async (body) => {
      const running = body.ownerDocument
        .getAnimations()
        .map(async (each: Running) => each.finished);
      await Promise.allSettled(running);
    });
    found = await findBarriers(page, of);
  }
  return found;
}

/** Looks at all widths, in light and dark. @returns what bars people */
async function look(page: Page): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: "light" });
  await page.locator("html[data-mantine-color-scheme=light]").waitFor();
  const inLight = await findLasting(page, { onlyColours: false });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(async () => [width, await overhangOf(page)]).toEqual([width, 0]);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator("html[data-mantine-color-scheme=dark]").waitFor();
  const inDark = await findLasting(page, { onlyColours: true });
  return [...inLight.map((each) => `light: ${each}`), ...inDark.map((each) => `dark: ${each}`)];
}

describe.skipIf(!hasBrowser)("the console's screens", () => {
  let stage: ConsoleStage;
  let opened: OpenConsole;
  let deployment: string;
  beforeAll(async () => {
    stage = await openConsoleStage();
    const { admin, server } = stage;
    await admin.must("POST", "{A}/functions", {
      name: "greet",
      source: "exports = () => { throw new Error('<b>no</b>'); };",
      run_as_system: true,
    });
    await admin.must("POST", "{A}/endpoints", {
      route: "/greet",
      http_method: "GET",
      function_name: "greet",
      validation_method: "NO_VALIDATION",
      respond_result: true,
    });
    await admin.must("POST", "{A}/values", { name: "limit", value: { a: 1 } });
    await admin.must("POST", "{A}/secrets", { name: "shipping", value: "hunter-two-two" });
    await admin.must("POST", "{A}/data/mongodb-atlas/actions/insertMany", {
      database: server.database,
      collection: "things",
      documents: [
        { _id: 1, text: "a".repeat(300), when: { $date: "2026-01-31T12:00:00Z" }, yes: true },
        { _id: 2, list: [1, 2, { $numberDecimal: "3" }], nothing: null, inner: { a: {} } },
      ],
    });
    const [live] = await admin.must<readonly { readonly _id: string }[]>("GET", "{A}/deployments");
    deployment = live?._id ?? "";
    await fetch(`${server.url}/app/${server.appId}/endpoint/greet`);
    // A draft of the administrator who looks, and one of somebody else.
    await admin.must("POST", "{A}/drafts");
    await admin.must("POST", "{A}/values", { name: "of-another", value: 1 });
    const ada = await stage.own();
    await ada.must("POST", "{A}/drafts");
    await ada.must("POST", "{A}/functions", { name: "waits", source: "exports = () => 1;" });
    opened = await stage.open();
  });
  afterAll(async () => {
    await opened?.close();
    await stage?.close();
  });

  test.for(screens)("%s fits all widths and bars nobody", async ([screen, heading]) => {
    const { page } = opened;
    await opened.go(screen.replace("DB", stage.server.database).replace("DEPLOYMENT", deployment));
    await page.getByRole("heading", { name: heading, exact: true }).first().waitFor();
    expect(await look(page)).toEqual([]);
    opened.expectWell();
  });

  test("signing in fits all widths and bars nobody", async () => {
    await stage.visit(
      async (page) => {
        await page.getByRole("button", { name: "Sign in" }).waitFor();
        expect(await look(page)).toEqual([]);
      },
      { isSignedIn: false },
    );
  });

  test("the link of an error opens its log entry", async () => {
    const answer = await fetch(`${stage.server.url}/app/${stage.server.appId}/endpoint/greet`);
    const { link } = (await answer.json()) as { readonly link: string };
    await stage.visit(async (page) => {
      await page.goto(link);
      const entry = page.getByRole("dialog", { name: "Log entry" });
      await entry.waitFor();
      expect(await entry.textContent()).toContain(new URL(link).searchParams.get("co_id"));
      expect(await entry.textContent()).toContain("<b>no</b>");
      expect(await findBarriers(page)).toEqual([]);
    });
  });

  test("the log is filtered, and followed as it grows", async () => {
    await stage.visit(
      async (page) => {
        await page.getByRole("switch", { name: "Errors only" }).click();
        const opening = page.waitForResponse((response) => response.url().includes("/logs/follow"));
        await page.getByRole("switch", { name: "Live" }).click();
        await opening;
        await fetch(`${stage.server.url}/app/${stage.server.appId}/endpoint/greet?live`);
        await page.getByRole("row").nth(1).waitFor();
        expect(page.url()).toContain("errors_only");
      },
      { screen: "logs" },
    );
  });
});
