/**
 * The console's Data screen over a million documents, in a real Chromium: how long each step takes from the click until
 * its documents are drawn, and what memory the page takes over many pages. Run: `npm run bench:console [DATA_DIR [VIEW]]`.
 *
 * Needs a build of the console (`npm run build`) and chromium. The data directory is filled once and kept if named.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Page } from "playwright-core";
import { readSettings } from "../src/config/settings.ts";
import { openServer } from "../src/server.ts";
import { findChromium } from "../test/support/chromium.ts";

const documentCount = 1_000_000;
const batch = 5000;
const pages = 200;
const key = "k".repeat(64);
const statuses = ["open", "paid", "sent", "late", "gone"];

const named = process.argv[2];
const data = named ?? mkdtempSync(path.join(tmpdir(), "petiole-console-"));
const isFilled = existsSync(path.join(data, "admin-token"));
const settings = readSettings({
  flags: new Map<string, unknown>([
    ["port", 0],
    ["data", data],
    ...(isFilled ? [] : [["appId", "data-bench"] as const]),
  ]),
  variables: {},
});
const server = await openServer({
  settings,
  apiKey: isFilled ? undefined : key,
  adminToken: undefined,
  variables: {},
  log: { write: () => {}, flush: () => {} },
});
const token = readFileSync(path.join(data, "admin-token"), "utf8").trim();

async function admin<T>(method: string, where: string, body?: object): Promise<T> {
  const answer = await fetch(`${server.url}/api/admin/v3.0${where}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${where}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

const profile = await admin<{ readonly roles: readonly { readonly group_id: string }[] }>(
  "GET",
  "/auth/profile",
);
const group = `/groups/${profile.roles[0]?.group_id ?? ""}`;
const [app] = await admin<readonly { readonly _id: string }[]>("GET", `${group}/apps`);
const source = `${group}/apps/${app?._id ?? ""}/data/mongodb-atlas`;
const place = { database: "bench", collection: "million" };

if (!isFilled) await fill();
const email = `bench-${Date.now()}@example.org`;
const password = "correct horse battery";
await admin("POST", "/administrators", { email, password });
const session = await admin<Readonly<Record<string, string>>>(
  "POST",
  "/auth/providers/local-userpass/login",
  { username: email, password },
);

const browser = await chromium.launch({
  executablePath: findChromium() ?? "",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
try {
  for (const view of process.argv[3] === undefined ? ["cards", "table", "tree"] : [process.argv[3]])
    await measure(view);
} finally {
  await browser.close();
  await server.close();
  if (named === undefined) rmSync(data, { recursive: true, force: true });
}

async function fill(): Promise<void> {
  for (let at = 0; at < documentCount; at += batch)
    await admin("POST", `${source}/actions/insertMany`, {
      ...place,
      documents: Array.from({ length: batch }, (_, index) => documentAt(at + index)),
    });
  for (const keys of [{ n: 1 }, { status: 1 }, { group: 1, n: -1 }])
    await admin("POST", `${source}/databases/bench/collections/million/indexes`, { keys });
}

function documentAt(n: number): object {
  return {
    n,
    name: `Person ${n}`,
    status: statuses[n % statuses.length],
    group: n % 1000,
    createdAt: { $date: { $numberLong: String(1.6e12 + n * 1000) } },
    price: { $numberDecimal: `${n % 977}.50` },
    tags: ["a", `t${n % 7}`],
    address: { city: `City ${n % 300}`, zip: String(10_000 + (n % 90_000)) },
  };
}

async function measure(view: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const kept = JSON.stringify({
    accessToken: session["access_token"],
    refreshToken: session["refresh_token"],
  });
  await page.addInitScript({
    content: `localStorage.setItem("petiole.session", ${JSON.stringify(kept)})`,
  });
  const screen = `#/apps/${app?._id ?? ""}/data?db=bench&coll=million&view=${view}`;
  const opened = performance.now();
  await page.goto(`${server.url}/console/${screen}`);
  await drawn(page, 1);
  print(view, "open", [performance.now() - opened]);
  for (const [title, filter] of [
    ["find, indexed range", "{ n: { $gt: 500000 } }"],
    ["find, indexed value", '{ status: "late" }'],
    ["find, everything", ""],
  ] as const) {
    const editor = page.getByRole("textbox", { name: "Filter", exact: true });
    await editor.focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(filter === "" ? " " : filter);
    print(view, title, [await timed(page, "Find")]);
  }
  const times: number[] = [];
  const begun = await cpuOf();
  const memory: string[] = [];
  for (let number = 2; number <= pages; number += 1) {
    times.push(await timed(page, "Next"));
    if (number % 20 === 0) memory.push(await memoryOf(page));
  }
  print(view, `next, ${pages} pages`, times);
  // On a machine that does other work besides, times say little.
  process.stdout.write(`${view}: load of the machine: ${loadavg()[0]?.toFixed(1) ?? ""}\n`);
  const used = Math.round((await cpuOf()) - begun) / times.length;
  process.stdout.write(`${view}: processor time of the page for each: ${used.toFixed(0)} ms\n`);
  process.stdout.write(
    `${view}: MB of the page (of its heap), every 20 pages: ${memory.join(", ")}\n`,
  );
  await context.close();
}

/** From the click until the answer's documents are drawn. */
async function timed(page: Page, button: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const name = ${JSON.stringify(button)};
    const click = [...document.querySelectorAll("button")].find((each) => each.textContent === name);
    const before = document.querySelector(".rows")?.textContent;
    const begun = performance.now();
    const look = () => {
      const pages = document.querySelector("nav[aria-label=Pages]");
      const now = document.querySelector(".rows")?.textContent;
      const isNew = pages?.getAttribute("aria-busy") === "false" && (now !== before || name === "Find");
      if (isNew && now) requestAnimationFrame(() => resolve(performance.now() - begun));
      else requestAnimationFrame(look);
    };
    click.click();
    requestAnimationFrame(look);
  })`);
}

async function drawn(page: Page, first: number): Promise<void> {
  await page.getByText(new RegExp(`^${first} – `)).waitFor();
  await page.locator(".rows").waitFor();
}

async function renderers(): Promise<readonly number[]> {
  const client = await browser.newBrowserCDPSession();
  const { processInfo } = await client.send("SystemInfo.getProcessInfo");
  await client.detach();
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

/** Milliseconds of processor time of the pages' processes: on a busy machine only that says anything. */
async function cpuOf(): Promise<number> {
  const ticks = (await renderers()).map((id) => {
    const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) * 10;
}

/** Megabytes of the process that draws the page: its own, without the program that all pages share; and JavaScript's. */
async function memoryOf(page: Page): Promise<string> {
  const own = (await renderers()).map((id) => {
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    return Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  });
  const heap = await page.evaluate<number>("performance.memory.usedJSHeapSize / 2 ** 20");
  return `${Math.round(Math.max(...own))} (${Math.round(heap)})`;
}

function print(view: string, title: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  const text =
    times.length === 1 ? `${at(0)} ms` : `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms`;
  process.stdout.write(`${view}: ${title}: ${text}\n`);
}
