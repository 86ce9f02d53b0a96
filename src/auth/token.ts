/** Tokens of users: compact JWS, HS256, with the claims that the original's had (SPEC §4.2, §4.3). */
import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import type { Identity } from "../config/user.ts";

export interface TokenClaims {
  readonly kind: "access" | "refresh";
  /** The app's 24 hex digits. */
  readonly appId: string;
  readonly userId: string;
  /** 24 hex digits. */
  readonly sessionId: string;
  readonly deviceId: string;
  /** Seconds since 1970, as `expiresAt`. */
  readonly issuedAt: number;
  /** The token is refused from then on. */
  readonly expiresAt: number;
}

/** Any other header is none of ours: whoever writes one can not choose how the signature is checked. */
const header = encode({ alg: "HS256", typ: "JWT" });

/** A header of a request carries no more. */
const tokenLengthMax = 16_384;

/** @param userData JSON text of custom user data @returns safe in a header */
export function signAccessToken(
  claims: Omit<TokenClaims, "kind">,
  key: KeyObject,
  userData?: string,
): string {
  const { appId, userId, sessionId, deviceId, issuedAt, expiresAt } = claims;
  const body = JSON.stringify({
    baas_device_id: deviceId,
    baas_domain_id: appId,
    exp: expiresAt,
    iat: issuedAt,
    iss: sessionId,
    stitch_devId: deviceId,
    stitch_domainId: appId,
    sub: userId,
    typ: "access",
  });
  return finish(
    userData === undefined ? body : `${body.slice(0, -1)},"user_data":${userData}}`,
    key,
  );
}

export function signRefreshToken(
  claims: Omit<TokenClaims, "kind">,
  identity: Identity,
  key: KeyObject,
): string {
  const { appId, userId, sessionId, deviceId, issuedAt, expiresAt } = claims;
  const { id, providerType, providerId } = identity;
  const named = { id, provider_type: providerType, provider_id: providerId };
  return finish(
    JSON.stringify({
      baas_data: null,
      baas_device_id: deviceId,
      baas_domain_id: appId,
      baas_id: sessionId,
      baas_identity: named,
      exp: expiresAt,
      iat: issuedAt,
      stitch_data: null,
      stitch_devId: deviceId,
      stitch_domainId: appId,
      stitch_id: sessionId,
      stitch_ident: named,
      sub: userId,
      typ: "refresh",
    }),
    key,
  );
}

function finish(body: string, key: KeyObject): string {
  const content = `${header}.${Buffer.from(body).toString("base64url")}`;
  return `${content}.${sign(content, key).toString("base64url")}`;
}

/** A token taken apart, before anybody has looked who signed it. */
export interface UnprovenToken {
  readonly claims: TokenClaims;
  readonly content: string;
  readonly signature: Buffer;
}

/** Undefined for a text that is no token of ours. */
export function splitToken(token: string): UnprovenToken | undefined {
  if (token.length > tokenLengthMax || !token.startsWith(`${header}.`)) return undefined;
  const end = token.lastIndexOf(".");
  const body = token.slice(header.length + 1, end);
  if (end <= header.length || body.includes(".")) return undefined;
  const claims = readClaims(body);
  if (claims === undefined) return undefined;
  return {
    claims,
    content: token.slice(0, end),
    signature: Buffer.from(token.slice(end + 1), "base64url"),
  };
}

export function isSignedWith({ content, signature }: UnprovenToken, key: KeyObject): boolean {
  const wanted = sign(content, key);
  return signature.length === wanted.length && timingSafeEqual(signature, wanted);
}

function readClaims(body: string): TokenClaims | undefined {
  const claims = parse(body);
  const kind = claims["typ"];
  if (kind !== "access" && kind !== "refresh") return undefined;
  const text = (name: string): string => {
    const value = claims[name];
    return typeof value === "string" ? value : "";
  };
  const seconds = (name: string): number => {
    const value = claims[name];
    return typeof value === "number" ? value : 0;
  };
  return {
    kind,
    appId: text("baas_domain_id"),
    userId: text("sub"),
    sessionId: text(kind === "access" ? "iss" : "baas_id"),
    deviceId: text("baas_device_id"),
    issuedAt: seconds("iat"),
    expiresAt: seconds("exp"),
  };
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as unknown;
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    // Not JSON: it says nothing, and so is no token.
    return {};
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function sign(text: string, key: KeyObject): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
