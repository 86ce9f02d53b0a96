/** An app that lets people in by identity providers, with providers that run in this process. */
import { App, getEnvironment } from "realm-web";
import { afterAll, beforeAll } from "vitest";
import { type ClientServer, clientApp, startClientServer } from "./client-app.ts";
import { findFreePort } from "./free-port.ts";
import { startGraphApi, type GraphApi } from "./graph-api.ts";
import { type IdentityProvider, startIdentityProvider } from "./identity-provider.ts";

export const clientId = "web-client";
export const clientSecret = "client-secret-of-the-tests";
/** Where users are sent back to. */
export const page = "https://shop.example.org/after?from=login";
export const popup = "http://127.0.0.1/popup";

export const facebook = {
  appId: "4711",
  appSecret: clientSecret,
  token: "facebook-token",
  code: "facebook-code",
  foreignToken: "token-of-another-app",
  profile: {
    id: "fb-1",
    name: "Ada Lovelace",
    email: "ada@example.org",
    picture: { data: { url: "https://pictures.example.org/1" } },
    age_range: { min: 21 },
  },
};

const oidcProvider = {
  config: { clientId, openId: true },
  secret_config: { clientSecret: "oauth_secret" },
  redirect_uris: [page, popup],
};

export const oauthApp = {
  ...clientApp,
  "auth/providers.json": {
    "anon-user": { name: "anon-user", type: "anon-user" },
    "oauth2-google": {
      ...oidcProvider,
      name: "oauth2-google",
      type: "oauth2-google",
      metadata_fields: [
        { required: true, name: "email" },
        { required: false, name: "first_name" },
        { required: false, name: "gender" },
      ],
      domain_restrictions: ["example.org", "Example.NET"],
    },
    "oauth2-apple": {
      ...oidcProvider,
      name: "oauth2-apple",
      type: "oauth2-apple",
      config: { clientId },
    },
    "oauth2-oidc": {
      ...oidcProvider,
      name: "oauth2-oidc",
      type: "oauth2-oidc",
      config: { clientId, issuer: "https://id.example.org" },
      metadata_fields: [{ required: false, name: "name", field_name: "called" }],
    },
    "oauth2-facebook": {
      name: "oauth2-facebook",
      type: "oauth2-facebook",
      config: { clientId: facebook.appId },
      secret_config: { clientSecret: "oauth_secret" },
      redirect_uris: [page],
      metadata_fields: ["name", "picture", "min_age"].map((name) => ({ required: true, name })),
    },
  },
};

export const ada = {
  sub: "ada-1",
  name: "Ada Lovelace",
  given_name: "Ada",
  family_name: "Lovelace",
  email: "ada@example.org",
  email_verified: true,
};

export interface OauthStage {
  readonly server: ClientServer;
  readonly identity: IdentityProvider;
  /** Where the providers are. */
  readonly base: string;
}

/** Starts everything before the tests of a `describe`, and ends it after them. @param flags more settings */
export function setOauthStage(flags: Readonly<Record<string, unknown>> = {}): () => OauthStage {
  let stage: OauthStage | undefined;
  let graph: GraphApi | undefined;
  beforeAll(async () => {
    const port = await findFreePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const identity = await startIdentityProvider({
      clientId,
      clientSecret,
      redirectUris: [`${publicUrl}/api/client/v2.0/auth/callback`, popup],
    });
    graph = await startGraphApi(facebook);
    const server = await startClientServer("embedded", oauthApp, {
      port,
      publicUrl,
      identityProvider: [
        ...["google", "apple", "oidc"].map((name) => `oauth2-${name}=${identity.issuer}`),
        `oauth2-facebook=${graph.url}`,
      ],
      ...flags,
    });
    const base = `${server.url}/api/client/v2.0/app/${server.appId}/auth/providers`;
    stage = { server, identity, base };
  });
  afterAll(async () => {
    await stage?.server.close();
    await stage?.identity.close();
    await graph?.close();
  });
  return () => {
    if (stage === undefined) throw new Error("the stage is set before the tests only");
    return stage;
  };
}

/** realm-web as on a new device. */
export function openRealmApp({ server }: Pick<OauthStage, "server">): App {
  getEnvironment().defaultStorage.clear();
  return new App({ id: server.appId, baseUrl: server.url });
}

export async function profileOf({ server }: OauthStage, accessToken: string): Promise<unknown> {
  const answer = await fetch(`${server.url}/api/client/v2.0/auth/profile`, {
    headers: { Authorization: `Bearer ${accessToken}` },
  });
  return answer.json();
}
