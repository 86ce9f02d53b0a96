import { createHmac, createSecretKey } from "node:crypto";
import { expect, test } from "vitest";
import { isSignedWith, signAccessToken, signRefreshToken, splitToken } from "./token.ts";

const key = createSecretKey(Buffer.from("a signing secret of an app, long enough"));
const otherKey = createSecretKey(Buffer.from("another signing secret, long enough too"));
const claims = {
  appId: "5f0000000000000000000001",
  userId: "5f0000000000000000000002",
  sessionId: "5f0000000000000000000003",
  deviceId: "000000000000000000000000",
  issuedAt: 1000,
  expiresAt: 2800,
};
const identity = { id: "i", providerType: "anon-user", providerId: "5f0000000000000000000004" };
const access = signAccessToken(claims, key, '{"color":"blue"}');
const refresh = signRefreshToken(claims, identity, key);
const [head = "", body = "", signature = ""] = access.split(".");

test("both kinds say whose they are", () => {
  expect(splitToken(access)?.claims).toEqual({ kind: "access", ...claims });
  expect(splitToken(refresh)?.claims).toEqual({ kind: "refresh", ...claims });
});

test("custom user data is a claim of its own", () => {
  expect(JSON.parse(Buffer.from(body, "base64url").toString())).toMatchObject({
    sub: claims.userId,
    user_data: { color: "blue" },
  });
});

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Signed as ours are, whatever it says. */
function sign(content: string): string {
  return `${content}.${createHmac("sha256", key).update(content).digest("base64url")}`;
}

test.for<[title: string, token: string, isGood: boolean]>([
  ["as it was made", access, true],
  ["without a signature", `${head}.${body}.`, false],
  ["with half a signature", `${head}.${body}.${signature.slice(0, 20)}`, false],
  ["with the signature of another", `${head}.${body}.${refresh.split(".")[2]}`, false],
  ["with another body", `${head}.${refresh.split(".")[1]}.${signature}`, false],
  ["of alg none", `${encode({ alg: "none", typ: "JWT" })}.${body}.`, false],
  ["of alg none, signed", sign(`${encode({ alg: "none", typ: "JWT" })}.${body}`), false],
  ["of HS512", sign(`${encode({ alg: "HS512", typ: "JWT" })}.${body}`), false],
  ["with a head in another order", sign(`${encode({ typ: "JWT", alg: "HS256" })}.${body}`), false],
  ["with a part more", `${access}.x`, false],
  ["with two parts", `${head}.${body}`, false],
  ["of dots", "...", false],
  ["that is empty", "", false],
  ["of a body that is no JSON", sign(`${head}.${Buffer.from("{").toString("base64url")}`), false],
  ["of a body that is null", sign(`${head}.${encode(null)}`), false],
  ["of a body that is a list", sign(`${head}.${encode([1])}`), false],
  ["of no kind", sign(`${head}.${encode({ sub: "x" })}`), false],
  ["of a kind of its own", sign(`${head}.${encode({ typ: "admin", sub: "x" })}`), false],
  ["of a million characters", access + "a".repeat(1_000_000), false],
])("a token %s", ([, token, isGood]) => {
  const split = splitToken(token);
  expect(split !== undefined && isSignedWith(split, key)).toBe(isGood);
  expect(split !== undefined && isSignedWith(split, otherKey)).toBe(false);
});

test("claims of other types count as none", () => {
  const odd = { typ: "access", sub: 1, iss: {}, exp: "9999999999", baas_domain_id: null };
  expect(splitToken(sign(`${head}.${encode(odd)}`))?.claims).toMatchObject({
    userId: "",
    sessionId: "",
    appId: "",
    expiresAt: 0,
  });
});
