/** Logging in, and linking, by way of an identity provider's page. */
import { Credentials } from "realm-web";
import { afterAll, describe, expect, test } from "vitest";
import { createWalk, type Walk } from "../support/browser-walk.ts";
import { dropDatabase, startClientServer } from "../support/client-app.ts";
import {
  ada,
  oauthApp,
  openRealmApp,
  page,
  profileOf,
  setOauthStage,
} from "../support/oauth-stage.ts";
import { describeOnMongod } from "../support/shared-mongod.ts";

const isPage = (url: string): boolean => url.startsWith(page);
const isCallback = (url: string): boolean => url.includes("/auth/callback");
const hashOf = (url: string): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(new URL(url).hash.slice(1)));

describe("OAuth by a redirect", () => {
  const stage = setOauthStage();
  /** Where realm-web sends a browser. */
  const loginUrl = (provider: string, fields: Readonly<Record<string, string>> = {}): string => {
    const query = { state: "clientstate", redirect: page, ...fields };
    return `${stage().base}/${provider}/login?${new URLSearchParams(query).toString()}`;
  };
  const callback = (): string => `${stage().server.url}/api/client/v2.0/auth/callback`;

  test.for(["oauth2-google", "oauth2-apple", "oauth2-oidc"])(
    "%s sends its user back with tokens",
    async (provider) => {
      stage().identity.signIn(ada);
      const device = Buffer.from(JSON.stringify({ platform: "tests" })).toString("base64");
      const url = await createWalk().to(loginUrl(provider, { device }), isPage);
      expect(url.split("#")[0]).toBe(page);
      const hash = hashOf(url);
      expect(hash).toEqual({
        _baas_client_app_id: stage().server.appId,
        _baas_state: "clientstate",
        _baas_ua: expect.stringMatching(/^[\w.-]+\$[\w.-]+\$[0-9a-f]{24}\$[0-9a-f]{24}$/),
      });
      const [token = ""] = hash["_baas_ua"]?.split("$") ?? [];
      expect(await profileOf(stage(), token)).toMatchObject({
        identities: [{ id: "ada-1", provider_type: provider }],
      });
    },
  );

  test("a user who is logged in gets another identity", async () => {
    stage().identity.signIn({ ...ada, sub: "linked" });
    const user = await openRealmApp(stage()).logIn(Credentials.anonymous());
    const walk = createWalk();
    const first = await walk.fetch(
      loginUrl("oauth2-oidc", { link: "true", providerRedirectHeader: "true" }),
      {
        headers: {
          Authorization: `Bearer ${user.accessToken}`,
          Origin: "https://shop.example.org",
        },
      },
    );
    expect(first.status).toBe(200);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      "access-control-allow-origin": "https://shop.example.org",
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "x-baas-location",
    });
    const url = await walk.to(first.headers.get("x-baas-location") ?? "", isPage);
    expect(hashOf(url)).toMatchObject({ _baas_link: "true" });
    expect(hashOf(url)["_baas_ua"]).toContain(`$${user.id}$`);
    await user.refreshProfile();
    expect(user.identities.map(({ providerType }) => providerType)).toEqual([
      "anon-user",
      "oauth2-oidc",
    ]);
  });

  test("a browser that keeps no cookie of a page's request is asked before it links", async () => {
    stage().identity.signIn({ ...ada, sub: "asked" });
    const user = await openRealmApp(stage()).logIn(Credentials.anonymous());
    const url = loginUrl("oauth2-oidc", { link: "true", providerRedirectHeader: "true" });
    const headers = { Authorization: `Bearer ${user.accessToken}` };
    const first = await fetch(url, { headers });
    const walk = createWalk();
    const start = first.headers.get("x-baas-location") ?? "";
    const back = await walk.to(start, (each) => each.startsWith(callback()));
    const asking = await walk.fetch(back);
    expect(asking.status).toBe(200);
    expect(asking.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    const html = await asking.text();
    expect(html).toContain(user.id);
    expect(html).toContain("shop.example.org");
    const { code, state } = Object.fromEntries(new URL(back).searchParams);
    const form = new URLSearchParams({ code: code ?? "", state: state ?? "" });
    // Without the page's cookie its form is nobody's.
    expect((await createWalk().fetch(callback(), { method: "POST", body: form })).status).toBe(400);
    await user.refreshProfile();
    expect(user.identities).toHaveLength(1);
  });

  test("who agrees is linked", async () => {
    stage().identity.signIn({ ...ada, sub: "agreed" });
    const user = await openRealmApp(stage()).logIn(Credentials.anonymous());
    const url = loginUrl("oauth2-oidc", { link: "true", providerRedirectHeader: "true" });
    const headers = { Authorization: `Bearer ${user.accessToken}` };
    const first = await fetch(url, { headers });
    // The walk posts forms, as its user would.
    const end = await createWalk().to(first.headers.get("x-baas-location") ?? "", isPage);
    expect(hashOf(end)["_baas_ua"]).toContain(`$${user.id}$`);
    await user.refreshProfile();
    expect(user.identities.map(({ providerType }) => providerType)).toContain("oauth2-oidc");
  });

  test("a domain that is not allowed is told to the page", async () => {
    stage().identity.signIn({ sub: "d9", email: "x@evil.org", email_verified: true });
    const url = await createWalk().to(loginUrl("oauth2-google"), isPage);
    expect(hashOf(url)).toEqual({
      _baas_client_app_id: stage().server.appId,
      _baas_state: "clientstate",
      _baas_error: "the domain of this user is not allowed",
    });
  });

  const stopAtCallback = async (walk: Walk): Promise<string> => {
    stage().identity.signIn(ada);
    return walk.to(loginUrl("oauth2-google"), (url) => url.startsWith(callback()));
  };

  test("the way back is open once", async () => {
    const walk = createWalk();
    const back = await stopAtCallback(walk);
    expect((await walk.fetch(back)).status).toBe(302);
    expect((await walk.fetch(back)).status).toBe(400);
  });

  test("another browser can not go the way back", async () => {
    const back = await stopAtCallback(createWalk());
    const answer = await createWalk().fetch(back);
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain("_baas_ua");
  });

  test("what the provider says went wrong reaches the page", async () => {
    const walk = createWalk();
    const { searchParams } = new URL(await stopAtCallback(walk));
    const state = searchParams.get("state") ?? "";
    const answer = await walk.fetch(`${callback()}?state=${state}&error=access_denied`);
    expect(hashOf(answer.headers.get("location") ?? "")["_baas_error"]).toBe("access_denied");
  });

  test("a text of an attacker's making does not reach the page", async () => {
    const walk = createWalk();
    const { searchParams } = new URL(await stopAtCallback(walk));
    const state = searchParams.get("state") ?? "";
    const answer = await walk.fetch(`${callback()}?state=${state}&error=Call%20555`);
    expect(hashOf(answer.headers.get("location") ?? "")["_baas_error"]).toBe("unauthorized");
  });

  test.for<[title: string, url: () => string, status: number]>([
    [
      "a redirect that is not listed",
      () => loginUrl("oauth2-google", { redirect: "https://evil.example.org" }),
      400,
    ],
    [
      "a redirect with a slash more",
      () => loginUrl("oauth2-google", { redirect: `${page}/` }),
      400,
    ],
    ["no redirect at all", () => `${stage().base}/oauth2-google/login?state=s`, 400],
    ["a provider that has no page", () => loginUrl("anon-user"), 404],
    ["a provider that there is not", () => loginUrl("constructor"), 404],
    ["a link without a token", () => loginUrl("oauth2-google", { link: "true" }), 401],
    ["a way back that nobody set out on", () => `${callback()}?state=nix&code=nix`, 400],
    ["a way back without anything", () => callback(), 400],
  ])("%s is refused", async ([, url, status]) => {
    const answer = await createWalk().fetch(url());
    expect(answer.status).toBe(status);
    expect(answer.headers.get("location")).toBeNull();
  });
});

describeOnMongod("OAuth with the state on MongoDB", ({ uri, database }) => {
  const stateDatabase = `state_${database}`;
  const source = `mongodb-atlas=${uri}`;
  const stage = setOauthStage({ state: uri, stateDatabase, source });
  afterAll(async () => {
    await dropDatabase(stateDatabase);
  });

  test("the way there and back is open once, too", async () => {
    stage().identity.signIn(ada);
    const query = new URLSearchParams({ state: "s", redirect: page }).toString();
    const walk = createWalk();
    const back = await walk.to(`${stage().base}/oauth2-google/login?${query}`, isCallback);
    const first = await walk.fetch(back);
    expect(hashOf(first.headers.get("location") ?? "")["_baas_ua"]).toContain("$");
    expect((await walk.fetch(back)).status).toBe(400);
  });
});

test("OAuth: without its public address a server sends nobody anywhere", async () => {
  const server = await startClientServer("embedded", oauthApp);
  try {
    const login = `/api/client/v2.0/app/${server.appId}/auth/providers/oauth2-google/login`;
    const query = new URLSearchParams({ state: "s", redirect: page }).toString();
    const answer = await fetch(`${server.url}${login}?${query}`, { redirect: "manual" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: expect.stringContaining("--public-url") });
  } finally {
    await server.close();
  }
});
