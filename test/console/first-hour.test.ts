/** The first hour of a new user, in a real browser, by what is to be seen on the page. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ConsoleStage,
  hasBrowser,
  openConsoleStage,
  signIn,
  writeInto,
} from "../support/console.ts";

describe.skipIf(!hasBrowser)("the console", () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openConsoleStage();
  });
  afterAll(async () => stage?.close());

  test("signing in: a wrong password is said, the right one opens the app, signing out closes it", async () => {
    await stage.visit(
      async (page) => {
        await signIn(page, "not the password");
        await page.getByRole("alert").getByText("unauthorized").waitFor();
        await signIn(page);
        await page.getByRole("heading", { name: "Get started" }).waitFor();
        await page.reload();
        await page.getByRole("heading", { name: "Get started" }).waitFor();
        await page.getByRole("button", { name: "Sign out" }).click();
        await page.getByRole("button", { name: "Sign in" }).waitFor();
        expect(await page.evaluate("localStorage.getItem('petiole.session')")).toBe(null);
      },
      { isSignedIn: false },
    );
  });

  test("the link that a first start prints opens the console signed in, once", async () => {
    const link = `${stage.server.url}/console/#/sign-in?token=${stage.server.consoleToken}`;
    await stage.visit(
      async (page) => {
        await page.goto(link);
        await page.getByRole("heading", { name: "Get started" }).waitFor();
        expect(page.url()).not.toContain("token");
      },
      { isSignedIn: false },
    );
    await stage.visit(
      async (page) => {
        await page.goto(link);
        await page.getByRole("alert").getByText("unauthorized").waitFor();
        await page.getByRole("button", { name: "Sign in" }).waitFor();
      },
      { isSignedIn: false },
    );
  });

  test("a deep link leads through signing in to its screen", async () => {
    await stage.visit(
      async (page) => {
        await signIn(page);
        await page.getByRole("heading", { name: "Values & secrets" }).waitFor();
        expect(page.url()).toMatch(/\/values$/);
      },
      { isSignedIn: false, screen: "values" },
    );
  });

  test("Get started is three clicks and a paste", async () => {
    await stage.admin.must("PATCH", "{A}/data_api/config", { disabled: true });
    await stage.visit(
      async (page) => {
        const send = page.getByRole("region", { name: /Send a request/ });
        await page.getByRole("switch", { name: "The Data API is off" }).click();
        await page.getByText("The Data API is on").waitFor();
        await page.getByRole("button", { name: "Create a key" }).click();
        const alert = page.getByRole("alert").filter({ hasText: "Copy this key now" });
        const key = (await alert.locator("code, pre").first().textContent()) ?? "";
        expect(key.length).toBeGreaterThanOrEqual(64);
        await send.getByRole("textbox", { name: "Key" }).fill(key);
        await send.getByRole("button", { name: "Send" }).click();
        await send.getByText(/Answer 201/).waitFor();
        await send.getByText("findOne", { exact: true }).click();
        await send.getByRole("button", { name: "Send" }).click();
        await send.getByText(/Answer 200/).waitFor();
        expect(await send.getByRole("status").textContent()).toContain('"text": "Hello"');
        for (const language of ["curl", "JavaScript", "Python"]) {
          await send.getByRole("tab", { name: language }).click();
          expect(await send.getByLabel(`The call in ${language}`).textContent()).toContain(key);
        }
        // What the page says of its own calls must not give the key away.
        await page.getByRole("button", { name: "Show the API calls" }).click();
        await page.getByRole("dialog", { name: "API calls" }).waitFor();
        expect(await page.getByRole("dialog", { name: "API calls" }).textContent()).not.toContain(
          key,
        );
      },
      { screen: "start" },
    );
  });

  test("a function, an endpoint and a request, without leaving the page", async () => {
    const greet = `${stage.server.url}/app/${stage.server.appId}/endpoint/greet`;
    await stage.visit(async (page) => {
      await page.getByRole("link", { name: "Functions" }).click();
      await page.getByRole("button", { name: "Write the first one" }).click();
      await page.getByRole("textbox", { name: "Name" }).fill("greet");
      await writeInto(
        page,
        "Source",
        'exports = ({ query }) => {\n  console.log("asked");\n  return { hello: query?.name ?? "nobody" };\n};',
      );
      await page.getByRole("tab", { name: "Settings" }).click();
      await page.getByRole("radiogroup", { name: "Runs as" }).getByText("System").click();
      await page.getByRole("tab", { name: "Run" }).click();
      await writeInto(page, "Arguments, a JSON array", '[{ "query": { "name": "Ada" } }]');
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByText(/Result, after/).waitFor();
      expect(await page.getByRole("status").textContent()).toMatch(/"hello": "Ada".*asked/s);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("The function greet is saved in your draft").waitFor();

      await page.getByRole("link", { name: "Endpoints" }).click();
      await page.getByRole("button", { name: "New endpoint" }).click();
      await page.getByRole("textbox", { name: "Route" }).fill("/greet");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("GET /greet is saved in your draft").waitFor();
      // Nothing is live before it is deployed.
      expect((await fetch(greet)).status).toBe(404);
      await page.getByRole("link", { name: /Review \d+ changes/ }).click();
      await page.getByText("functions/greet.js").waitFor();
      await page.getByRole("textbox", { name: "Message" }).fill("a greeting");
      await page.getByRole("button", { name: "Deploy" }).click();
      await page.getByText("Your changes are live").waitFor();
      await page.getByRole("cell", { name: "a greeting live" }).waitFor();

      await page.getByRole("link", { name: "Endpoints" }).click();
      await page.getByRole("button", { name: "/greet" }).first().click();
      await page.getByRole("textbox", { name: "Query" }).fill("name=Grace");
      await page.getByRole("button", { name: "Send the request" }).click();
      await page.getByText(/Answer 200/).waitFor();
      expect(await page.getByRole("region", { name: "Try it" }).textContent()).toContain(
        '"hello": "Grace"',
      );
    });
    const answer = await fetch(`${greet}?name=World`);
    expect([answer.status, await answer.json()]).toEqual([200, { hello: "World" }]);
  });

  test("a secret goes in and never comes out", async () => {
    await stage.visit(
      async (page) => {
        const secrets = page.getByRole("region", { name: "Secrets" });
        await secrets.getByRole("textbox", { name: "Name" }).fill("shipping");
        await secrets.getByRole("textbox", { name: "Value" }).fill("hunter-two-two");
        await secrets.getByRole("button", { name: "Add" }).click();
        await secrets.getByRole("cell", { name: "shipping" }).waitFor();
        expect(await page.content()).not.toContain("hunter-two-two");
      },
      { screen: "values" },
    );
  });

  test("the palette leads to a screen by a few letters", async () => {
    await stage.visit(
      async (page) => {
        await page.getByRole("heading", { name: "Get started" }).waitFor();
        await page.keyboard.press("ControlOrMeta+k");
        await page.getByRole("textbox", { name: "Go to" }).fill("depl");
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { name: "Deployments" }).waitFor();
        expect(page.url()).toMatch(/\/deployments$/);
      },
      { screen: "start" },
    );
  });
});
