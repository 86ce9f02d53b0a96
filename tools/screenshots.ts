/**
 * `npm run screenshots`: pictures of the console for README and docs, of an app with something in it.
 *
 * `npm run screenshots -- --all DIR` takes every screen, light and dark, wide and narrow, to be looked at.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { readSettings } from "../src/config/settings.ts";
import { openServer } from "../src/server.ts";
import { chromiumMissing, findChromium } from "../test/support/chromium.ts";
import { fillShop } from "./sample-shop.ts";

interface Picture {
  readonly name: string;
  /** Below the app. */
  readonly screen: string;
  readonly scheme: "light" | "dark";
  readonly width: number;
  readonly height: number;
}

const imagesFolder = path.join(import.meta.dirname, "..", "docs", "images");
const bytesMax = 150_000;

const pictures: readonly Picture[] = [
  { name: "get-started", screen: "start", scheme: "light", width: 1200, height: 820 },
  {
    name: "documents",
    screen: "data?db=shop&coll=orders",
    scheme: "light",
    width: 1200,
    height: 820,
  },
  {
    name: "function",
    screen: "functions?name=orderTotal",
    scheme: "dark",
    width: 1200,
    height: 820,
  },
  { name: "rules", screen: "rules?db=shop&coll=orders", scheme: "light", width: 1200, height: 820 },
  { name: "draft", screen: "deployments?tab=draft", scheme: "light", width: 1200, height: 820 },
  { name: "overview", screen: "overview", scheme: "dark", width: 1200, height: 820 },
];

const orders = "data?db=shop&coll=orders";
const screens = [
  "start",
  "data",
  orders,
  `${orders}&view=table`,
  `${orders}&view=tree`,
  `${orders}&tab=aggregation`,
  `${orders}&tab=analysis`,
  `${orders}&tab=indexes`,
  `${orders}&tab=transfer`,
  "data-api",
  "functions",
  "functions?name=orderTotal",
  "functions?name=orderTotal&tab=settings",
  "functions?name=orderTotal&tab=run",
  "functions?tab=dependencies",
  "endpoints",
  "endpoints?id=new",
  "triggers",
  "values",
  "rules",
  "rules?db=shop&coll=orders",
  "rules?db=shop&coll=orders&tab=schema",
  "rules?db=shop&coll=orders&tab=simulator",
  "users",
  "users?tab=providers",
  "overview",
  "logs",
  "logs?tab=forwarders",
  "deployments",
  "deployments?tab=draft",
  "settings",
  "settings?tab=administrators",
  "settings?tab=audit",
];

const sizes = (["light", "dark"] as const).flatMap((scheme) =>
  [1440, 768, 360].map((width) => [scheme, width] as const),
);

async function main(args: readonly string[]): Promise<void> {
  const program = findChromium();
  if (program === undefined) throw new Error(chromiumMissing);
  const data = await mkdtemp(path.join(tmpdir(), "petiole-pictures-"));
  const flags = new Map<string, unknown>(Object.entries({ port: 0, data, appId: "shop-qwert" }));
  const settings = readSettings({ flags, variables: {} });
  const log = { write: () => undefined, flush: () => undefined };
  const apiKey = randomBytes(32).toString("hex");
  const server = await openServer({ settings, apiKey, log });
  const browser = await chromium.launch({
    executablePath: program,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  try {
    const token = (await readFile(path.join(data, "admin-token"), "utf8")).trim();
    const shop = await fillShop({ url: server.url, token, apiKey, appId: "shop-qwert" });
    const stage = { browser, url: server.url, ...shop };
    const all = args.indexOf("--all");
    if (all < 0) await takePictures(stage);
    else await takeAll(stage, args[all + 1] ?? ".scratch/screens");
  } finally {
    await browser.close();
    await server.close();
    await rm(data, { recursive: true, force: true });
  }
}

interface Stage {
  readonly browser: Browser;
  readonly url: string;
  /** The `_id` of the app. */
  readonly app: string;
  /** As the console keeps it. */
  readonly session: string;
}

async function takePictures(stage: Stage): Promise<void> {
  await mkdir(imagesFolder, { recursive: true });
  for (const { name, screen, ...look } of pictures) {
    const file = path.join(imagesFolder, `${name}.png`);
    const page = await openPage(stage, look);
    await goTo(page, stage, screen);
    await page.screenshot({ path: file });
    await page.context().close();
    const { size } = await stat(file);
    if (size > bytesMax) throw new Error(`${file} has ${size} bytes, more than ${bytesMax}`);
    process.stdout.write(`${path.relative(process.cwd(), file)}: ${size} bytes\n`);
  }
}

async function takeAll(stage: Stage, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [scheme, width] of sizes) {
    const page = await openPage(stage, { scheme, width, height: 900 });
    for (const screen of screens) {
      await goTo(page, stage, screen);
      const name = `${screen.replaceAll(/[^a-z-]+/gi, "_")}-${scheme}-${width}`;
      await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
    }
    await page.context().close();
  }
}

async function openPage(
  { browser, url, session }: Stage,
  { scheme, width, height }: Pick<Picture, "scheme" | "width" | "height">,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  await page.addInitScript({
    content: `localStorage.setItem("petiole.session", ${JSON.stringify(session)})`,
  });
  await page.goto(`${url}/console/`);
  // Notices lie over what the pictures are of.
  await page.getByRole("button", { name: "Close", exact: true }).click();
  return page;
}

async function goTo(page: Page, { app }: Stage, screen: string): Promise<void> {
  await page.evaluate(`location.hash = "#/apps/${app}/${screen}"`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  const loading = page.getByRole("status", { name: "Loading" });
  await loading.first().waitFor({ state: "hidden" });
  // Editors come in a piece of their own, and measure their lines once they are there.
  await page.waitForTimeout(settleMs);
}

const settleMs = 400;

await main(process.argv.slice(2));
