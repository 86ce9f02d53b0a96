/** Pages of another origin, in a real browser: with `fetch`, and with the bundle of realm-web. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type * as RealmWeb from "realm-web";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumMissing, findChromium } from "../support/chromium.ts";
import { type ClientServer, clientApp, startClientServer } from "../support/client-app.ts";
import { findFreePort } from "../support/free-port.ts";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.ts";
import { type PageServer, servePages } from "../support/page-server.ts";

/** Where a page runs, realm-web is a global. */
declare const Realm: typeof RealmWeb;

const program = findChromium();
if (program === undefined)
  process.stderr.write(`tests in a browser are skipped: ${chromiumMissing}\n`);

const bundle = readFileSync(
  path.resolve(import.meta.dirname, "../../node_modules/realm-web/dist/bundle.iife.js"),
  "utf8",
);
const html = (script: string): { type: string; text: string } => ({
  type: "text/html",
  text: `<!doctype html><title>page</title><script src="/realm-web.js"></script><script>${script}</script>`,
});

const clientId = "web-client";

/** What a page gets from an action. */
async function postFrom(
  page: Page,
  server: ClientServer,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  return page.evaluate(
    async ({ url, database, given }) => {
      try {
        const answer = await fetch(url, {
          method: "POST",
          headers: { "Content-Type": "application/json", ...given },
          body: JSON.stringify({ dataSource: "mongodb-atlas", database, collection: "pages" }),
        });
        return { status: answer.status, body: await answer.json() };
      } catch (cause) {
        return String(cause);
      }
    },
    { url: `${server.actions}/findOne`, database: server.database, given: headers },
  );
}

async function logInFrom(page: Page, server: ClientServer): Promise<string> {
  return page.evaluate(
    async ({ url, appId }) => {
      const place = `${url}/api/client/v2.0/app/${appId}/auth/providers/anon-user/login`;
      const answer = await fetch(place, { method: "POST" });
      return ((await answer.json()) as { readonly access_token: string }).access_token;
    },
    { url: server.url, appId: server.appId },
  );
}

describe.skipIf(program === undefined)("in a browser", () => {
  let browser: Browser;
  let pages: PageServer;
  let identity: IdentityProvider;
  /** Takes pages of any origin. */
  let open: ClientServer;
  /** Takes pages of another origin than the tests' own. */
  let closed: ClientServer;
  /** Takes keys from pages. */
  let trusting: ClientServer;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: program ?? "",
      // As root, in containers, there is no sandbox to be had.
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
    pages = await servePages(
      new Map([
        ["/", html("")],
        ["/after", html("Realm.handleAuthRedirect();")],
        ["/realm-web.js", { type: "text/javascript", text: bundle }],
      ]),
    );
    const port = await findFreePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    identity = await startIdentityProvider({
      clientId,
      clientSecret: "client-secret-of-the-tests",
      redirectUris: [`${publicUrl}/api/client/v2.0/auth/callback`],
    });
    open = await startClientServer("embedded", withGoogle(`${pages.origin}/after`), {
      port,
      publicUrl,
      identityProvider: [`oauth2-google=${identity.issuer}`],
    });
    closed = await startClientServer("embedded", withOrigin("https://shop.example.org"));
    trusting = await startClientServer("embedded", clientApp, { corsCredentialHeaders: true });
  });
  afterAll(async () => {
    await browser?.close();
    await pages.close();
    await Promise.all([open, closed, trusting].map(async (server) => server?.close()));
    await identity.close();
  });

  const inPage = async <T>(work: (page: Page) => Promise<T>): Promise<T> => {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(pages.origin);
      return await work(page);
    } finally {
      await context.close();
    }
  };

  test("fetch: a page logs in and reads with its token", async () => {
    await inPage(async (page) => {
      const token = await logInFrom(page, open);
      expect(await postFrom(page, open, { Authorization: `Bearer ${token}` })).toEqual({
        status: 200,
        body: { document: null },
      });
    });
  });

  test("fetch: a page can read what went wrong", async () => {
    await inPage(async (page) => {
      expect(await postFrom(page, open, { Authorization: "Bearer nix" })).toMatchObject({
        status: 401,
        body: { error_code: "InvalidSession" },
      });
    });
  });

  test("fetch: a key has no place in a page, unless the server is told otherwise", async () => {
    await inPage(async (page) => {
      expect(await postFrom(page, open, { "api-key": open.apiKey })).toContain("Failed to fetch");
      expect(await postFrom(page, trusting, { "api-key": trusting.apiKey })).toMatchObject({
        status: 200,
      });
    });
  });

  test("fetch: a page of an origin that is not listed gets nothing", async () => {
    await inPage(async (page) => {
      await expect(logInFrom(page, closed)).rejects.toThrow("Failed to fetch");
    });
  });

  test("realm-web: a page logs in, writes, reads, follows changes, and logs out", async () => {
    const seen = await inPage(async (page) =>
      page.evaluate(
        async ({ url, appId, database }) => {
          const app = new Realm.App({ id: appId, baseUrl: url });
          const user = await app.logIn(Realm.Credentials.anonymous());
          const items = user.mongoClient("mongodb-atlas").db(database).collection("browser");
          await items.insertOne({ _id: 1, when: new Date(0) });
          const stream = items.watch();
          const first = stream.next();
          const watching = { isTold: false };
          const telling = first.then((event) => {
            watching.isTold = true;
            return (event.value as { readonly operationType: string }).operationType;
          });
          while (!watching.isTold) await items.updateOne({ _id: 1 }, { $inc: { n: 1 } });
          const told = await telling;
          await stream.return(undefined);
          const found = await items.findOne({ _id: 1 }, { projection: { when: 1 } });
          const count = await items.count({});
          const key = await user.apiKeys.create("of-a-page");
          const keys = await user.apiKeys.fetchAll();
          await user.apiKeys.delete(keys[0]?._id ?? "");
          const { id } = user;
          await user.logOut();
          return { id, found, count, told, key: key.name, isLoggedIn: user.isLoggedIn };
        },
        { url: open.url, appId: open.appId, database: open.database },
      ),
    );
    expect(seen).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      found: { _id: 1, when: new Date(0) },
      count: 1,
      told: "update",
      key: "of-a-page",
      isLoggedIn: false,
    });
  });

  test("realm-web: a page logs in with an identity provider's window, and links one", async () => {
    const ada = { sub: "ada-1", email: "ada@example.org", email_verified: true };
    const options = { url: open.url, appId: open.appId, redirect: `${pages.origin}/after` };
    const logIn = async (page: Page): Promise<string> => {
      identity.signIn(ada);
      return page.evaluate(async ({ url, appId, redirect }) => {
        const app = new Realm.App({ id: appId, baseUrl: url });
        return (await app.logIn(Realm.Credentials.google({ redirectUrl: redirect }))).id;
      }, options);
    };
    const first = await inPage(logIn);
    expect(first).toMatch(/^[0-9a-f]{24}$/);
    expect(await inPage(logIn)).toBe(first);

    const linked = await inPage(async (page) => {
      identity.signIn({ ...ada, sub: "ada-2" });
      // Where a browser keeps no cookies of other sites, the window asks first.
      page.context().on("page", (popup) => {
        popup.click("text=Link it").catch(() => {
          // It did not ask, and has closed.
        });
      });
      return page.evaluate(async ({ url, appId, redirect }) => {
        const app = new Realm.App({ id: appId, baseUrl: url });
        const user = await app.logIn(Realm.Credentials.anonymous());
        await user.linkCredentials(Realm.Credentials.google({ redirectUrl: redirect }));
        return user.identities.map(({ providerType }) => providerType);
      }, options);
    });
    expect(linked).toEqual(["anon-user", "oauth2-google"]);
  });
});

function withGoogle(redirect: string): typeof clientApp {
  return {
    ...clientApp,
    "auth/providers.json": {
      ...(clientApp["auth/providers.json"] as object),
      "oauth2-google": {
        name: "oauth2-google",
        type: "oauth2-google",
        config: { clientId, openId: true },
        secret_config: { clientSecret: "oauth_secret" },
        redirect_uris: [redirect],
      },
    },
  };
}

function withOrigin(origin: string): typeof clientApp {
  return {
    ...clientApp,
    "realm_config.json": {
      ...(clientApp["realm_config.json"] as object),
      security: { allowed_request_origins: [origin] },
    },
  };
}
