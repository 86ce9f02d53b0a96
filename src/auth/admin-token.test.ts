import { expect, test } from "vitest";
import { type AdminClaims, issueAdminToken, readAdminToken } from "./admin-token.ts";

const secret = "a signing secret of the server, long";
const claims: AdminClaims = {
  subject: "5f0000000000000000000001",
  name: "admin@localhost",
  use: "access",
  session: "5f0000000000000000000002",
};
const token = issueAdminToken(claims, secret, 1000, 60);
const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${token.split(".")[1]}.`;

test.for<[title: string, token: string, secret: string, now: number, isRead: boolean]>([
  ["a fresh one", token, secret, 1000, true],
  ["one in its last second", token, secret, 1059, true],
  ["an expired one", token, secret, 1060, false],
  ["one signed with another secret", token, `${secret}!`, 1000, false],
  ["one with a changed body", token.replace(/\.(.)/, ".f"), secret, 1000, false],
  ["one without a signature", token.replace(/[^.]*$/, ""), secret, 1000, false],
  ["an unsigned one", unsigned, secret, 1000, false],
  ["one with a part more", `${token}.a`, secret, 1000, false],
  ["no token", "nonsense", secret, 1000, false],
])("admin token: %s", ([, given, key, now, isRead]) => {
  expect(readAdminToken(given, key, now)).toEqual(isRead ? claims : undefined);
});
