/** Logging in by what a client brings from an identity provider. */
import { Credentials } from "realm-web";
import { describe, expect, test } from "vitest";
import { createWalk } from "../support/browser-walk.ts";
import type { IdentityProvider } from "../support/identity-provider.ts";
import {
  ada,
  clientId,
  clientSecret,
  facebook,
  openRealmApp,
  popup,
  profileOf,
  setOauthStage,
} from "../support/oauth-stage.ts";

describe("OAuth by a token", () => {
  const stage = setOauthStage();
  const post = async (provider: string, payload: object): Promise<Response> =>
    fetch(`${stage().base}/${provider}/login`, { method: "POST", body: JSON.stringify(payload) });

  test("Google's ID token logs in, with the fields that are configured", async () => {
    const user = await openRealmApp(stage()).logIn(
      Credentials.google({ idToken: await stage().identity.idToken(ada) }),
    );
    await user.refreshProfile();
    expect(user.profile).toEqual({ email: "ada@example.org", firstName: "Ada" });
    expect(user.identities).toEqual([{ id: "ada-1", providerType: "oauth2-google" }]);
    const again = await openRealmApp(stage()).logIn(
      Credentials.google({ idToken: await stage().identity.idToken(ada) }),
    );
    expect(again.id).toBe(user.id);
  });

  test("Apple's ID token logs in", async () => {
    const user = await openRealmApp(stage()).logIn(
      Credentials.apple(await stage().identity.idToken(ada)),
    );
    await user.refreshProfile();
    expect(user.identities).toEqual([{ id: "ada-1", providerType: "oauth2-apple" }]);
  });

  test("an ID token of any OpenID provider logs in, with names of the app's own", async () => {
    const answer = await post("oauth2-oidc", { id_token: await stage().identity.idToken(ada) });
    const { access_token: token } = (await answer.json()) as { readonly access_token: string };
    expect(await profileOf(stage(), token)).toMatchObject({
      data: { called: "Ada Lovelace" },
      identities: [{ id: "ada-1", provider_type: "oauth2-oidc" }],
    });
  });

  test("Facebook's access token logs in", async () => {
    const user = await openRealmApp(stage()).logIn(Credentials.facebook(facebook.token));
    await user.refreshProfile();
    expect(user.profile).toEqual({
      name: "Ada Lovelace",
      pictureUrl: "https://pictures.example.org/1",
      minAge: 21,
    });
    expect(user.identities).toEqual([{ id: "fb-1", providerType: "oauth2-facebook" }]);
  });

  test("a code that a popup brought logs in", async () => {
    stage().identity.signIn(ada);
    const start = `${stage().identity.issuer}/auth?${new URLSearchParams({
      client_id: clientId,
      redirect_uri: popup,
      response_type: "code",
      scope: "openid email profile",
      state: "s",
    }).toString()}`;
    const back = await createWalk().to(start, (url) => url.startsWith(popup));
    const authCode = new URL(back).searchParams.get("code");
    const answer = await post("oauth2-google", { authCode, redirectUri: popup });
    expect(answer.status).toBe(200);
    const once = await post("oauth2-google", { authCode, redirectUri: popup });
    expect(once.status).toBe(401);
  });

  const now = Math.floor(Date.now() / 1000);
  test.for<[title: string, provider: string, payload: () => Promise<object>]>([
    [
      "a token that another key signed",
      "oauth2-google",
      async () => ({ id_token: await stage().identity.forgedIdToken(ada) }),
    ],
    [
      "a token for another client",
      "oauth2-google",
      async () => ({ id_token: await stage().identity.idToken(ada, { aud: "another" }) }),
    ],
    [
      "a token for several clients, and given to another",
      "oauth2-google",
      async () => ({
        id_token: await stage().identity.idToken(ada, {
          aud: [clientId, "another"],
          azp: "another",
        }),
      }),
    ],
    [
      "a token of another issuer",
      "oauth2-google",
      async () => ({
        id_token: await stage().identity.idToken(ada, { iss: "https://evil.example.org" }),
      }),
    ],
    [
      "a token that has expired",
      "oauth2-google",
      async () => ({
        id_token: await stage().identity.idToken(ada, { iat: now - 900, exp: now - 60 }),
      }),
    ],
    [
      "a token of nobody",
      "oauth2-google",
      async () => ({ id_token: await stage().identity.idToken({ sub: "" }) }),
    ],
    [
      "a token without a signature",
      "oauth2-apple",
      async () => ({
        id_token: unsigned({
          iss: stage().identity.issuer,
          aud: clientId,
          sub: "ada-1",
          iat: now,
          exp: now + 600,
        }),
      }),
    ],
    ["a text that is no token", "oauth2-apple", async () => ({ id_token: "nix" })],
    [
      "a field that is required and not told",
      "oauth2-google",
      async () => ({
        id_token: await stage().identity.idToken({ sub: "x", email_verified: true }),
      }),
    ],
    ["a code that is none", "oauth2-apple", async () => ({ authCode: "nix" })],
    [
      "a redirect URI that is not the app's",
      "oauth2-google",
      async () => ({ authCode: "nix", redirectUri: "https://evil.example.org" }),
    ],
    [
      "Facebook's token for another app",
      "oauth2-facebook",
      async () => ({ accessToken: facebook.foreignToken }),
    ],
    [
      "a token that Facebook does not know",
      "oauth2-facebook",
      async () => ({ accessToken: "nix" }),
    ],
  ])("%s is refused", async ([, provider, payload]) => {
    const answer = await post(provider, await payload());
    const body = (await answer.json()) as { readonly error_code: string };
    expect(answer.status).toBe(401);
    expect(["AuthError", "DomainNotAllowed"]).toContain(body.error_code);
    expect(JSON.stringify(body)).not.toContain(clientSecret);
  });

  test.for<[title: string, person: Parameters<IdentityProvider["idToken"]>[0], status: number]>([
    [
      "an address of a domain that is allowed, in any case",
      { sub: "d1", email: "x@example.net", email_verified: true },
      200,
    ],
    ["an address of another domain", { sub: "d2", email: "x@evil.org", email_verified: true }, 401],
    [
      "an address that nobody has verified",
      { sub: "d3", email: "x@example.org", email_verified: false },
      401,
    ],
    [
      "a domain that only ends like one",
      { sub: "d4", email: "x@notexample.org", email_verified: true },
      401,
    ],
  ])("domains: %s", async ([, person, status]) => {
    const answer = await post("oauth2-google", {
      id_token: await stage().identity.idToken(person),
    });
    expect(answer.status).toBe(status);
  });

  test("nothing to show is a missing parameter", async () => {
    const answer = await post("oauth2-google", {});
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error_code: "MissingParameter" });
  });
});

function unsigned(claims: object): string {
  const parts = [{ alg: "none", typ: "JWT" }, claims].map((each) =>
    Buffer.from(JSON.stringify(each)).toString("base64url"),
  );
  return `${parts.join(".")}.`;
}
