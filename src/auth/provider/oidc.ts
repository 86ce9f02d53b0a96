/**
 * OpenID Connect: discovery, authorization codes, ID tokens.
 *
 * Google and Apple are this with another address; what differs between them is in `OidcKind`.
 */
import { createHash } from "node:crypto";
import type { JWTPayload, JWTVerifyGetKey } from "jose";
import { Doc } from "../../bson/doc.ts";
import { parseEjson } from "../../bson/parse-ejson.ts";
import { Fault } from "../../kit/fault.ts";
import { fetchBounded } from "./fetch-bounded.ts";
import {
  type AuthorizationCode,
  type AuthorizationStart,
  type IdentityProvider,
  notProven,
  type Profile,
  type ProviderAccess,
  readObject,
  textIn,
} from "./identity-provider.ts";

export interface OidcKind {
  /** Where it is found; undefined: where the app says. */
  readonly issuer: string | undefined;
  /** What its tokens may call it beside `issuer`. */
  readonly otherIssuers?: readonly string[];
  readonly scopes: readonly string[];
  readonly responseMode?: "form_post";
  /** More parameters of the page where users log in. */
  readonly parameters?: (access: ProviderAccess) => Readonly<Record<string, string>>;
}

interface Server {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly takesPkce: boolean;
  readonly algorithms: readonly string[];
  readonly keys: JWTVerifyGetKey;
}

/** How long what a provider says of itself holds, in milliseconds. */
const serverMsMax = 3_600_000;
const serversMax = 100;

/** Signatures by keys that are public: with a shared secret whoever checks tokens could also make them. */
const algorithms: ReadonlySet<string> = new Set([
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
]);

export function createOidc(kind: OidcKind): IdentityProvider {
  const servers = new Map<string, { readonly at: number; readonly server: Promise<Server> }>();

  async function serverOf({ address, config }: ProviderAccess): Promise<Server> {
    const issuer = address ?? kind.issuer ?? config.issuer ?? "";
    const known = servers.get(issuer);
    if (known !== undefined && performance.now() - known.at < serverMsMax) return known.server;
    const server = discover(issuer, address !== undefined);
    if (servers.size >= serversMax) servers.clear();
    servers.set(issuer, { at: performance.now(), server });
    // What failed is asked again by the next one who needs it.
    server.catch(() => servers.delete(issuer));
    return server;
  }

  async function proveIdToken(
    token: string,
    access: ProviderAccess,
    nonce: string | undefined,
  ): Promise<Profile> {
    const server = await serverOf(access);
    const claims = await verify(token, {
      server,
      issuers: [server.issuer, ...(kind.otherIssuers ?? [])],
      audience: access.config.clientId,
    });
    if (nonce !== undefined && claims["nonce"] !== nonce) throw notProven("the nonce differs");
    return toProfile(claims);
  }

  async function authorizationUrl(
    { callback, state, nonce, verifier }: AuthorizationStart,
    access: ProviderAccess,
  ): Promise<string> {
    const server = await serverOf(access);
    const url = new URL(server.authorizationEndpoint);
    const parameters = {
      client_id: access.config.clientId,
      redirect_uri: callback,
      response_type: "code",
      scope: ["openid", ...(access.config.scopes ?? kind.scopes)].join(" "),
      state,
      nonce,
      ...(kind.responseMode !== undefined && { response_mode: kind.responseMode }),
      ...(server.takesPkce && {
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
      }),
      ...kind.parameters?.(access),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  async function proveCode(given: AuthorizationCode, access: ProviderAccess): Promise<Profile> {
    const server = await serverOf(access);
    const secret = await access.clientSecret();
    const answer = await fetchBounded(
      server.tokenEndpoint,
      {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({
          grant_type: "authorization_code",
          code: given.code,
          redirect_uri: given.redirectUri,
          client_id: access.config.clientId,
          ...(secret !== undefined && { client_secret: secret }),
          ...(server.takesPkce &&
            given.verifier !== undefined && { code_verifier: given.verifier }),
        }),
      },
      access.address !== undefined,
    );
    const token = textIn(readObject(answer.text), "id_token");
    // The text may hold what the provider thinks of our secret: its status has to do.
    if (token === undefined) throw notProven(`the code was not taken (${answer.status})`);
    return proveIdToken(token, access, given.nonce);
  }

  return {
    ...(kind.responseMode !== undefined && { responseMode: kind.responseMode }),
    authorizationUrl,
    proveCode,
    proveToken: async (token, access) => proveIdToken(token, access, undefined),
  };
}

async function discover(issuer: string, isTrusted: boolean): Promise<Server> {
  const place = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const { text } = await fetchBounded(place, {}, isTrusted);
  const found = readObject(text);
  const stated = textIn(found, "issuer");
  const authorizationEndpoint = textIn(found, "authorization_endpoint");
  const tokenEndpoint = textIn(found, "token_endpoint");
  const keysUri = textIn(found, "jwks_uri");
  if (authorizationEndpoint === undefined || tokenEndpoint === undefined || keysUri === undefined)
    throw new Fault("ServiceUnavailable", "the identity provider does not say where its parts are");
  // A provider must not speak for another.
  if (stated === undefined || stated.replace(/\/$/, "") !== issuer.replace(/\/$/, ""))
    throw new Fault("ServiceUnavailable", "the identity provider calls itself another name");
  return {
    issuer: stated,
    authorizationEndpoint: mustBeWeb(authorizationEndpoint),
    tokenEndpoint,
    takesPkce: listIn(found, "code_challenge_methods_supported").includes("S256"),
    algorithms: algorithmsOf(listIn(found, "id_token_signing_alg_values_supported")),
    keys: await openKeys(keysUri, isTrusted),
  };
}

function mustBeWeb(url: string): string {
  if (/^https?:\/\//.test(url)) return url;
  throw new Fault("ServiceUnavailable", "the identity provider has no page to log in at");
}

function algorithmsOf(stated: readonly string[]): readonly string[] {
  const usable = stated.filter((each) => algorithms.has(each));
  return usable.length === 0 ? ["RS256"] : usable;
}

function listIn(
  object: Readonly<Record<string, unknown>> | undefined,
  field: string,
): readonly string[] {
  const value = object?.[field];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** The provider's keys, fetched when one is needed that is not known; not more often than twice a minute. */
async function openKeys(uri: string, isTrusted: boolean): Promise<JWTVerifyGetKey> {
  const { createRemoteJWKSet, customFetch } = await import("jose");
  return createRemoteJWKSet(new URL(uri), {
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    [customFetch]: async (url: string) => {
      const { status, text } = await fetchBounded(url, {}, isTrusted);
      return new Response(text, { status });
    },
  });
}

async function verify(
  token: string,
  wanted: {
    readonly server: Server;
    readonly issuers: readonly string[];
    readonly audience: string;
  },
): Promise<JWTPayload> {
  const { jwtVerify } = await import("jose");
  const { server, issuers, audience } = wanted;
  let payload: JWTPayload;
  try {
    ({ payload } = await jwtVerify(token, server.keys, {
      issuer: [...issuers],
      audience,
      algorithms: [...server.algorithms],
      requiredClaims: ["exp", "sub", "iat"],
    }));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw notProven(cause instanceof Error ? cause.message : "the ID token is none", cause);
  }
  const parties = [payload.aud].flat();
  if (parties.length > 1 && payload["azp"] !== audience)
    throw notProven("the ID token was made for another client");
  return payload;
}

/** What the original calls the claims of OpenID Connect. */
const names: ReadonlyMap<string, string> = new Map([
  ["given_name", "first_name"],
  ["family_name", "last_name"],
  ["birthdate", "birthday"],
]);

function toProfile(claims: JWTPayload): Profile {
  const { sub: subject = "" } = claims;
  if (subject === "" || subject.length > 255) throw notProven("the ID token names nobody");
  const doc = parseEjson(Buffer.from(JSON.stringify(claims)));
  const more = [...names].flatMap(([claim, name]) => {
    const value = doc.get(claim);
    return value === undefined || doc.has(name) ? [] : [[name, value] as const];
  });
  const email = doc.get("email");
  const verified = doc.get("email_verified");
  return {
    subject,
    fields: Doc.fromEntries([...doc.entries(), ...more]),
    // Apple says so in words.
    verifiedEmail:
      typeof email === "string" && (verified === true || verified === "true") ? email : undefined,
  };
}
