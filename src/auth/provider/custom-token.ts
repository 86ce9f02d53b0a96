/** A JWT that somebody else has issued: Firebase, Auth0, or a server of the app's own. */
import type { CryptoKey, JWTPayload, JWTVerifyGetKey, KeyObject } from "jose";
import type { Doc } from "../../bson/doc.ts";
import { parseEjson } from "../../bson/parse-ejson.ts";
import type { CustomTokenProvider } from "../../config/app-config.ts";
import { Fault } from "../../kit/fault.ts";
import type { LoginContext, Provider, ProvenIdentity } from "../provider.ts";
import { readMetadata } from "./metadata.ts";
import { createKeySets, type KeySets, readSigningKey } from "./token-keys.ts";

/** As the original. */
const tokenLengthMax = 1_000_000;
const subjectLengthMax = 4096;

export interface CustomTokenEnvironment {
  /** The value of an app's secret; undefined when there is none of the name. */
  readonly openSecret: (appId: string, name: string) => Promise<string | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createCustomToken(
  environment: CustomTokenEnvironment,
): Provider<CustomTokenProvider> {
  const { openSecret, now } = environment;
  const keySets = createKeySets();
  return {
    async login(payload, context, config) {
      const token = payload.get("token");
      if (typeof token !== "string" || token.length > tokenLengthMax)
        throw notProven("there is no token, or it is too long");
      const claims = await prove(token, context, config);
      mustBeFor(claims, context.app.clientAppId, config);
      return toProven(claims, config);
    },
  };

  async function prove(
    token: string,
    { app }: LoginContext,
    config: CustomTokenProvider,
  ): Promise<JWTPayload> {
    const secrets = await Promise.all(
      config.jwkUri === undefined
        ? config.signingKeySecrets.map(async (name) => openSecret(app.id, name))
        : [],
    );
    let failure: unknown = new Error("there is no key to check tokens with");
    for (const key of keysOf(config, secrets, keySets)) {
      try {
        return await verify(token, key, config, now());
      } catch (cause) {
        if (cause instanceof Fault && cause.code !== "AuthError") throw cause;
        failure = cause;
      }
    }
    throw notProven(failure instanceof Error ? failure.message : "the token is none", failure);
  }
}

type VerifyKey = JWTVerifyGetKey | CryptoKey | KeyObject;

/** One after the other: tokens signed with a key that is being replaced are still about. */
function keysOf(
  { jwkUri, signingAlgorithm }: CustomTokenProvider,
  secrets: readonly (string | undefined)[],
  keySets: KeySets,
): readonly VerifyKey[] {
  if (jwkUri !== undefined) return [keySets.of(jwkUri)];
  return secrets.flatMap((secret) => {
    const key = secret === undefined ? undefined : readSigningKey(secret, signingAlgorithm);
    return key === undefined ? [] : [key];
  });
}

async function verify(
  token: string,
  key: VerifyKey,
  { signingAlgorithm }: CustomTokenProvider,
  now: number,
): Promise<JWTPayload> {
  const { jwtVerify } = await import("jose");
  const options = {
    // The only one: a token does not choose how it is checked.
    algorithms: [signingAlgorithm],
    clockTolerance: 0,
    currentDate: new Date(now),
    requiredClaims: ["exp", "sub"],
  };
  const { payload } =
    typeof key === "function"
      ? await jwtVerify(token, key, options)
      : await jwtVerify(token, key, options);
  return payload;
}

function mustBeFor(
  { aud = [] }: JWTPayload,
  clientAppId: string,
  { audiences, anyAudience }: CustomTokenProvider,
): void {
  const given = new Set(typeof aud === "string" ? [aud] : aud);
  const wanted = audiences.length === 0 ? [clientAppId] : audiences;
  const isFor = anyAudience
    ? wanted.some((each) => given.has(each))
    : wanted.every((each) => given.has(each));
  if (!isFor) throw notProven("the token is for another audience");
}

function toProven(claims: JWTPayload, config: CustomTokenProvider): ProvenIdentity {
  const { sub, exp = 0 } = claims;
  if (typeof sub !== "string" || sub === "" || sub.length > subjectLengthMax)
    throw notProven("the token names nobody");
  const doc = readClaims(claims);
  const email = doc.get("email");
  const isVerified = typeof email === "string" && doc.get("email_verified") !== false;
  return {
    providerType: "custom-token",
    name: sub,
    data: readMetadata(doc, config.metadataFields),
    refreshes: true,
    expiresAt: exp * 1000,
    ...(isVerified ? { verifiedEmail: email } : {}),
  };
}

function readClaims(claims: JWTPayload): Doc {
  try {
    return parseEjson(Buffer.from(JSON.stringify(claims)));
  } catch (cause) {
    throw notProven("the token's claims can not be kept", cause);
  }
}

function notProven(why: string, cause?: unknown): Fault {
  return new Fault("AuthError", "unauthorized", { cause: new Error(why, { cause }) });
}
