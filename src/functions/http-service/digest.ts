/** Digest authentication of a request (RFC 7616): the second try, with what the first one was told. */
import { createHash, randomBytes } from "node:crypto";
import type { HttpRequest } from "./request.ts";

/** @returns undefined where the answer asks for something else, or for the second time */
export function answerDigest(
  request: HttpRequest,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): HttpRequest | undefined {
  const { digest, url, method } = request;
  const asked = challengeOf(headers["www-authenticate"]);
  if (digest === undefined || asked === undefined || request.headers.has("authorization"))
    return undefined;
  const algorithm = asked.get("algorithm") ?? "MD5";
  const name = algorithm.toUpperCase().startsWith("SHA-256") ? "sha256" : "md5";
  const hash = (...parts: readonly string[]): string =>
    createHash(name).update(parts.join(":")).digest("hex");
  const realm = asked.get("realm") ?? "";
  const nonce = asked.get("nonce") ?? "";
  const cnonce = randomBytes(16).toString("hex");
  const count = "00000001";
  const uri = url.pathname + url.search;
  const plain = hash(digest.username, realm, digest.password);
  const secret = /-sess$/i.test(algorithm) ? hash(plain, nonce, cnonce) : plain;
  const hasQuality = (asked.get("qop") ?? "").split(",").some((each) => each.trim() === "auth");
  const response = hasQuality
    ? hash(secret, nonce, count, cnonce, "auth", hash(method, uri))
    : hash(secret, nonce, hash(method, uri));
  const opaque = asked.get("opaque");
  const fields = [
    `username="${quoted(digest.username)}"`,
    `realm="${quoted(realm)}"`,
    `nonce="${quoted(nonce)}"`,
    `uri="${uri}"`,
    `algorithm=${algorithm}`,
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque="${quoted(opaque)}"`]),
    ...(hasQuality ? ["qop=auth", `nc=${count}`, `cnonce="${cnonce}"`] : []),
  ];
  return {
    ...request,
    headers: new Map([...request.headers, ["authorization", [`Digest ${fields.join(", ")}`]]]),
  };
}

function challengeOf(
  given: string | readonly string[] | undefined,
): ReadonlyMap<string, string> | undefined {
  const lines = given === undefined ? [] : typeof given === "string" ? [given] : given;
  const line = lines.find((each) => /^digest\s/i.test(each));
  if (line === undefined) return undefined;
  const pairs = line.slice(7).matchAll(/([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi);
  return new Map(
    [...pairs].map(([, name = "", text, word]) => [
      name.toLowerCase(),
      (text ?? word ?? "").replace(/\\(.)/g, "$1"),
    ]),
  );
}

function quoted(text: string): string {
  return text.replace(/[\\"]/g, "\\$&").replace(/[\r\n]/g, "");
}
