/** Changes that wait, two who make them, and one who may only look, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminOf, type Admin } from "../support/admin.ts";
import { type ConsoleStage, hasBrowser, openConsoleStage, writeInto } from "../support/console.ts";

describe.skipIf(!hasBrowser)("drafts in the console", () => {
  let stage: ConsoleStage;
  let grace: Admin;
  let readerToken: string;

  beforeAll(async () => {
    stage = await openConsoleStage();
    const { admin, server } = stage;
    const logIn = async (email: string, role: string): Promise<string> => {
      const password = "correct horse battery";
      await admin.must("POST", "/administrators", { email, password, role });
      const session = await admin.must<{ readonly access_token: string }>(
        "POST",
        "/auth/providers/local-userpass/login",
        { username: email, password },
      );
      return session.access_token;
    };
    grace = await adminOf(server, await logIn("grace@example.org", "owner"));
    readerToken = await logIn("reader@example.org", "readOnly");
    await admin.must("POST", "{A}/functions", { name: "shared", source: "exports = () => 1;" });
    await admin.must("POST", "{A}/values", { name: "limit", value: 1 });
  });
  afterAll(async () => stage?.close());

  async function sourceOf(name: string): Promise<string | undefined> {
    const all = await grace.must<readonly { readonly name: string; readonly source: string }[]>(
      "GET",
      "{A}/functions",
    );
    return all.find((each) => each.name === name)?.source;
  }

  test("a draft is kept over a reload, taken back in part, and deployed", async () => {
    await stage.visit(
      async (page) => {
        await writeInto(page, "Source", "exports = () => 2;");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("The function shared is saved in your draft").waitFor();
        expect(await sourceOf("shared")).toBe("exports = () => 1;");
        await page.getByRole("link", { name: "Values & secrets" }).click();
        await page.getByRole("button", { name: "Delete", exact: true }).click();
        await page.getByText("The value limit is deleted in your draft").waitFor();
        await page.reload();
        await page.getByText("No value yet").waitFor();
        await page.getByRole("link", { name: "Review 2 changes" }).click();
        const kept = page.getByRole("group", { name: "Changes of functions/shared.js" });
        await kept.getByText("+exports = () => 2;").waitFor();
        await page.getByText("Side by side").click();
        await kept.getByText("exports = () => 1;").waitFor();
        // The value stays after all.
        await page.getByRole("button", { name: "Take this back" }).last().click();
        await page.getByText("values/limit.json is as it was").waitFor();
        await page.getByRole("button", { name: "Deploy" }).click();
        await page.getByText("Your changes are live").waitFor();
        await page.getByRole("button", { name: "What changed" }).first().click();
        await page.getByText("+exports = () => 2;").waitFor();
      },
      { screen: "functions?name=shared" },
    );
    expect(await sourceOf("shared")).toBe("exports = () => 2;");
    expect(await grace.must("GET", "{A}/values")).toMatchObject([{ name: "limit" }]);
  });

  test("two who change the same are told, and asked", async () => {
    await grace.must("POST", "{A}/drafts");
    await grace.must("POST", "{A}/values", { name: "of-grace", value: 1 });
    await stage.visit(
      async (page) => {
        await page.getByText("grace@example.org is changing this app too").first().waitFor();
        await writeInto(page, "Source", "exports = () => 'of ada';");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("The function shared is saved in your draft").waitFor();
        const [draft] = await grace.must<readonly { readonly _id: string }[]>("GET", "{A}/drafts");
        const [made] = await grace.must<readonly { readonly _id: string }[]>(
          "GET",
          "{A}/functions",
        );
        const source = "exports = () => 'of grace';";
        await grace.must("PUT", `{A}/functions/${made?._id}`, { name: "shared", source });
        await grace.must("POST", `{A}/drafts/${draft?._id}/deployment`);
        await page.getByRole("link", { name: "Review 1 change" }).click();
        await page.getByText("Something else went live since you began").waitFor();
        await page.getByText("Changed here, and meanwhile by somebody else").waitFor();
        const button = page.getByRole("button", { name: "Deploy" });
        expect(await button.isDisabled()).toBe(true);
        await page.getByRole("radio", { name: /Put mine in its place/ }).click();
        await page.getByText("-exports = () => 'of grace';").waitFor();
        await button.click();
        await page.getByText("Your changes are live").waitFor();
      },
      { screen: "functions?name=shared" },
    );
    expect(await sourceOf("shared")).toBe("exports = () => 'of ada';");
    expect(await grace.must("GET", "{A}/values")).toMatchObject([{}, { name: "of-grace" }]);
  });

  test("each change at once, where that is chosen; discarding a draft", async () => {
    await stage.visit(
      async (page) => {
        await page.getByRole("switch", { name: /Deploy each change at once/ }).click();
        await page.getByRole("link", { name: "Functions" }).click();
        await page.getByRole("button", { name: "shared" }).click();
        await writeInto(page, "Source", "exports = () => 4;");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("The function shared is saved and live").waitFor();
        expect(await sourceOf("shared")).toBe("exports = () => 4;");
        await page.getByRole("link", { name: "Deployments" }).click();
        await page.getByRole("tab", { name: "Draft" }).click();
        await page.getByRole("switch", { name: /Deploy each change at once/ }).click();
        await page.getByRole("link", { name: "Functions" }).click();
        await page.getByRole("button", { name: "shared" }).click();
        await writeInto(page, "Source", "exports = () => 5;");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByRole("link", { name: "Review 1 change" }).click();
        await page.getByRole("button", { name: "Discard …" }).click();
        await page.getByRole("button", { name: "Discard", exact: true }).click();
        await page.getByText("No change waits").waitFor();
      },
      { screen: "deployments?tab=draft" },
    );
    expect(await sourceOf("shared")).toBe("exports = () => 4;");
  });

  test("who may only look is offered no change on any screen", async () => {
    const opened = await stage.open({ token: readerToken, screen: "start" });
    const { page } = opened;
    const words =
      /^(?:New|Create|Save|Delete|Add|Deploy|Discard|Make|Set a|Write the|Generate|Remove)/;
    for (const screen of [
      "start",
      "data-api",
      "functions?name=shared",
      "functions?tab=dependencies",
      "endpoints",
      "triggers",
      "values",
      "rules",
      "rules?db=shop&coll=orders&tab=schema",
      "users",
      "users?tab=providers",
      "users?tab=data",
      "users?tab=sessions",
      "logs?tab=forwarders",
      "deployments",
      "deployments?tab=draft",
      "settings",
      "settings?tab=data",
      "settings?tab=administrators",
    ]) {
      await opened.go(screen);
      await page.getByRole("heading", { level: 1 }).waitFor();
      const offered = page.getByRole("button", { name: words, disabled: false });
      expect([screen, await offered.allTextContents()]).toEqual([screen, []]);
      const switches = page.getByRole("switch", { disabled: false });
      expect([screen, await switches.count()]).toEqual([screen, 0]);
    }
    await opened.go("functions?name=shared");
    const source = page.getByRole("textbox", { name: "Source", exact: true });
    await source.focus();
    await page.keyboard.insertText("changed");
    expect(await source.textContent()).not.toContain("changed");
    opened.expectWell();
    await opened.close();
  });
});
