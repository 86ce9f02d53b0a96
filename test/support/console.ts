/** The web console in a real browser, as an administrator uses it. */
import axeCore from "axe-core";
import { chromium, type Page, type Request } from "playwright-core";
import { expect } from "vitest";
import { type Admin, adminOf } from "./admin.ts";
import { chromiumMissing, findChromium } from "./chromium.ts";
import { startServer, type TestServer } from "./server.ts";

const program = findChromium();
if (program === undefined)
  process.stderr.write(`tests of the console are skipped: ${chromiumMissing}\n`);

/** Whether there is a browser to test with. */
export const hasBrowser: boolean = program !== undefined;

const credentials = { email: "ada@example.org", password: "correct horse battery" };

export interface ConsoleStage {
  readonly server: TestServer;
  readonly admin: Admin;
  /** The admin API as the administrator whose console it is. */
  own(): Promise<Admin>;
  /** Opens the console in a browser of its own, signed in where nothing else is said, and fails on what went wrong there. */
  visit(work: (page: Page) => Promise<void>, options?: VisitOptions): Promise<void>;
  /** The same for many visits of one page, which goes from screen to screen without being loaded again. */
  open(options?: VisitOptions): Promise<OpenConsole>;
  close(): Promise<void>;
}

export interface OpenConsole {
  readonly page: Page;
  /** Goes to a screen, as a link would. @returns when everything that it asked for is there */
  go(screen: string): Promise<void>;
  /** Fails on what went wrong since it was asked last. */
  expectWell(): void;
  close(): Promise<void>;
}

export interface VisitOptions {
  readonly isSignedIn?: boolean;
  /** In place of the stage's own administrator. */
  readonly token?: string;
  /** Below the app, e.g. `data?db=test`. */
  readonly screen?: string;
}

export async function openConsoleStage(): Promise<ConsoleStage> {
  const server = await startServer();
  const admin = await adminOf(server);
  await admin.must("POST", "/administrators", credentials);
  const browser = await chromium.launch({
    executablePath: program ?? "",
    // As root, in containers, there is no sandbox to be had.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  const session = await admin.must<Readonly<Record<string, string>>>(
    "POST",
    "/auth/providers/local-userpass/login",
    { username: credentials.email, password: credentials.password },
  );
  const kept = JSON.stringify({
    accessToken: session["access_token"],
    refreshToken: session["refresh_token"],
  });
  const placeOf = (wanted: string): string => `#/apps/${admin.app}/${wanted}`;
  const open = async ({ isSignedIn = true, screen, token }: VisitOptions): Promise<OpenConsole> => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      colorScheme: "light",
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const problems = watchProblems(page, server.url);
    const idle = watchCalls(page);
    const own =
      token === undefined ? kept : JSON.stringify({ accessToken: token, refreshToken: "" });
    if (isSignedIn)
      await page.addInitScript({
        content: `localStorage.setItem("petiole.session", ${JSON.stringify(own)})`,
      });
    await page.goto(`${server.url}/console/${screen === undefined ? "" : placeOf(screen)}`);
    return {
      page,
      async go(wanted) {
        await page.evaluate(`location.hash = ${JSON.stringify(placeOf(wanted))}`);
        await idle();
      },
      expectWell() {
        expect(problems.splice(0)).toEqual([]);
      },
      close: async () => context.close(),
    };
  };
  return {
    server,
    admin,
    own: async () => adminOf(server, session["access_token"]),
    open: async (options = {}) => open(options),
    async visit(work, options = {}) {
      const opened = await open(options);
      const { page } = opened;
      try {
        await work(page).catch(async (cause: unknown) => {
          const shown = await page.locator("body").innerText();
          throw new Error(`${String(cause)}\nThe page: ${shown}`, { cause });
        });
        opened.expectWell();
      } finally {
        await opened.close();
      }
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Signs in as a person does. */
export async function signIn(page: Page, password: string = credentials.password): Promise<void> {
  await page.getByLabel("E-mail").fill(credentials.email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** What a page must not have: errors in its console (those of its policy too), files that are missing, other hosts. */
function watchProblems(page: Page, own: string): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // The browser says this of refused calls too, which are looked at below.
    if (message.type() !== "error" || message.text().startsWith("Failed to load resource")) return;
    problems.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !/^(?:data|blob):/.test(url)) problems.push(`request: ${url}`);
  });
  page.on("response", (response) => {
    const isCall = /\/(?:api|app)\//.test(response.url());
    if (response.status() >= (isCall ? 500 : 400))
      problems.push(`${response.status()}: ${response.url()}`);
  });
  return problems;
}

/** @returns what waits until nothing is on its way, but for what has no end */
function watchCalls(page: Page): () => Promise<void> {
  const pending = new Set<Request>();
  page.on("request", (request) => {
    if (!request.url().includes("/follow")) pending.add(request);
  });
  page.on("requestfinished", (request) => pending.delete(request));
  page.on("requestfailed", (request) => pending.delete(request));
  return async () => {
    const loading = page.getByRole("status", { name: "Loading" });
    await expect
      .poll(async () => pending.size + (await loading.count()), { timeout: 20_000, interval: 25 })
      .toBe(0);
  };
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
/**
 * @param given.onlyColours of a page that was looked at as a whole in other colours
 * @returns what axe-core finds serious or critical, one line for each place
 */
export async function findBarriers(
  page: Page,
  { onlyColours = false }: { readonly onlyColours?: boolean } = {},
): Promise<readonly string[]> {
  const isThere = await page.evaluate<boolean>("'axe' in globalThis");
  if (!isThere) await page.evaluate(axeCore.source);
  // What is well need not be described.
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(document, ${JSON.stringify({
      resultTypes: ["violations"],
      ...(onlyColours && { runOnly: ["color-contrast", "link-in-text-block"] }),
    })})`,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 300)}`));
}

/** By how many pixels the page is wider than its window. */
export async function overhangOf(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
}

/** The text of an editor, in place of what it holds. */
export async function writeInto(page: Page, label: string, text: string): Promise<void> {
  const editor = page.getByRole("textbox", { name: label, exact: true });
  await editor.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}
