/** Tokens of administrators: compact JWS, HS256, signed with a secret of this server. */
import { createHmac, timingSafeEqual } from "node:crypto";

export interface AdminClaims {
  /** The administrator's id: 24 hex digits. */
  readonly subject: string;
  /** E-mail address or public key. */
  readonly name: string;
  readonly use: "access" | "refresh";
  /** Of the session: 24 hex digits. */
  readonly session: string;
}

const header = encode({ alg: "HS256", typ: "JWT" });
const issuer = "petiole-admin";

/** @param now seconds since 1970 @param lifetimeSeconds refused from `now + lifetimeSeconds` on */
export function issueAdminToken(
  claims: AdminClaims,
  secret: string,
  now: number,
  lifetimeSeconds: number,
): string {
  const { subject, name, use, session } = claims;
  const body = encode({
    iss: issuer,
    sub: subject,
    name,
    use,
    sid: session,
    iat: now,
    exp: now + lifetimeSeconds,
  });
  return `${header}.${body}.${sign(`${header}.${body}`, secret).toString("base64url")}`;
}

/** Undefined for a token that is not ours, was changed or has expired. @param now seconds since 1970 */
export function readAdminToken(
  token: string,
  secret: string,
  now: number,
): AdminClaims | undefined {
  const [head, body, signature, ...more] = token.split(".");
  if (head !== header || body === undefined || signature === undefined || more.length > 0)
    return undefined;
  const wanted = sign(`${head}.${body}`, secret);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  // What we have signed has the fields that we gave it.
  const claims = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as {
    readonly iss: string;
    readonly sub: string;
    readonly name: string;
    readonly use: "access" | "refresh";
    readonly sid: string;
    readonly exp: number;
  };
  if (claims.iss !== issuer || claims.exp <= now) return undefined;
  return { subject: claims.sub, name: claims.name, use: claims.use, session: claims.sid };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function sign(text: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(text).digest();
}
