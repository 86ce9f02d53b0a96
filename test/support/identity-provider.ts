import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type JWK, exportJWK, SignJWT } from "jose";
import { Provider } from "oidc-provider";

/** A provider of OpenID Connect in this process: Google, Apple, or anybody's own. */
export interface IdentityProvider {
  readonly issuer: string;
  /** Whoever comes is this person from now on: nobody is asked for a password. */
  signIn(person: Person): void;
  /** What a client gets that has logged in by itself. */
  idToken(person: Person, claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** As an attacker would make it: well-formed, and signed by another key. */
  forgedIdToken(person: Person): Promise<string>;
  close(): Promise<void>;
}

export interface Person {
  readonly sub: string;
  readonly name?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly email?: string;
  readonly email_verified?: boolean;
}

export interface Registration {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where browsers may be sent back to. */
  readonly redirectUris: readonly string[];
}

/** @param register is told the issuer's address before anything is asked of it */
export async function startIdentityProvider(client: Registration): Promise<IdentityProvider> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = await makeKey();
  let current: Person = { sub: "nobody" };
  const people = new Map<string, Person>();

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [...client.redirectUris],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    jwks: { keys: [key.jwk] },
    cookies: { keys: ["only for tests"] },
    claims: {
      email: ["email", "email_verified"],
      profile: ["name", "given_name", "family_name"],
    },
    scopes: ["openid", "email", "profile", "name"],
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: { Session: 60, Interaction: 60, Grant: 60, AccessToken: 60, IdToken: 60 },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ ...people.get(sub), sub }),
    }),
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({
        clientId: oidc.client?.clientId ?? "",
        accountId: oidc.session?.accountId ?? "",
      });
      grant.addOIDCScope("openid email profile name");
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (request.url?.startsWith("/interaction/") !== true) {
      void answer(request, response);
      return;
    }
    people.set(current.sub, current);
    void provider.interactionFinished(request, response, { login: { accountId: current.sub } });
  });

  return {
    issuer,
    signIn(person) {
      current = person;
    },
    idToken: async (person, claims = {}) => sign(key, { issuer, client, person, claims }),
    forgedIdToken: async (person) => sign(await makeKey(), { issuer, client, person, claims: {} }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Key {
  readonly jwk: JWK;
  readonly privateKey: ReturnType<typeof generateKeyPairSync>["privateKey"];
}

async function makeKey(): Promise<Key> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    jwk: { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "only-key" },
    privateKey,
  };
}

async function sign(
  { privateKey }: Key,
  of: {
    readonly issuer: string;
    readonly client: Registration;
    readonly person: Person;
    readonly claims: Readonly<Record<string, unknown>>;
  },
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: of.issuer,
    aud: of.client.clientId,
    iat: now,
    exp: now + 600,
    ...of.person,
    ...of.claims,
  };
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "only-key" }).sign(privateKey);
}
