import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { type Digest, openDigest } from "./digest.ts";

const target = "/api/public/v1.0/groups";
const realm = "keys";
const known = md5(`public:${realm}:private`);

function md5(text: string): string {
  return hash("md5", text, "hex");
}

function open(time: { now: number }, secret = "a signing secret"): Digest {
  return openDigest({
    realm,
    secret,
    now: () => time.now,
    digestOf: async (name) => (name === "public" ? known : undefined),
  });
}

async function ask(digest: Digest, authorization?: string): Promise<string | undefined> {
  return digest.challenge({ method: "GET", targets: [target], authorization });
}

async function askNonce(digest: Digest): Promise<string> {
  return /nonce="([^"]+)"/.exec((await ask(digest)) ?? "")?.[1] ?? "";
}

interface Parts {
  readonly user?: string;
  readonly realm?: string;
  readonly uri?: string;
  readonly nc?: string;
  readonly qop?: string;
  readonly method?: string;
  readonly privateKey?: string;
  readonly more?: string;
}

function answer(nonce: string, parts: Parts = {}): string {
  const { user = "public", uri = target, nc = "00000001", qop = "auth", method = "GET" } = parts;
  const ours = parts.realm ?? realm;
  const secret = md5(`${user}:${ours}:${parts.privateKey ?? "private"}`);
  const response = md5(`${secret}:${nonce}:${nc}:c:${qop}:${md5(`${method}:${uri}`)}`);
  return (
    `Digest username="${user}", realm="${ours}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", cnonce="c", nc=${nc}, qop=${qop}${parts.more ?? ", algorithm=MD5"}`
  );
}

test.for<[title: string, parts: Parts, isRight: boolean]>([
  ["the pair", {}, true],
  ["a quoted algorithm and an opaque", { more: ', algorithm="MD5", opaque=""' }, true],
  ["no algorithm", { more: "" }, true],
  ["a wrong private key", { privateKey: "other" }, false],
  ["an unknown key", { user: "other" }, false],
  ["no user", { user: "" }, false],
  ["another realm", { realm: "other" }, false],
  ["another target", { uri: `${target}/1` }, false],
  ["another method", { method: "POST" }, false],
  ["another algorithm", { more: ", algorithm=SHA-256" }, false],
  ["another protection", { qop: "auth-int" }, false],
  ["a count of no form", { nc: "1" }, false],
  ["a count of none", { nc: "00000000x" }, false],
  ["a header beyond all measure", { more: `, opaque="${"x".repeat(3000)}"` }, false],
])("a digest with %s", async ([, parts, isRight]) => {
  const digest = open({ now: 1_700_000_000_000 });
  const challenge = await ask(digest, answer(await askNonce(digest), parts));
  expect(challenge === undefined).toBe(isRight);
  expect(challenge ?? "").not.toContain("stale");
});

test("the challenge has the parts that the tool's reader takes, and no other", async () => {
  expect(await ask(open({ now: 1000 }))).toMatch(
    /^Digest realm="keys", nonce="[\w.]+", algorithm=MD5, qop="auth"$/,
  );
});

test.for<[title: string, change: (nonce: string) => string]>([
  ["of another server", (nonce) => nonce.replace(/.$/, (end) => (end === "0" ? "1" : "0"))],
  ["with a later time", (nonce) => nonce.replace(/^1/, "2")],
  ["of no form", () => "nonce"],
  ["without a text", () => ""],
])("a nonce %s is refused", async ([, change]) => {
  const digest = open({ now: 1000 });
  expect(await ask(digest, answer(change(await askNonce(digest))))).toMatch(/^Digest /);
});

test("a nonce is good for rising counts, for five minutes, and on every node", async () => {
  const time = { now: 1000 };
  const digest = open(time);
  const nonce = await askNonce(digest);
  const count = async (nc: string): Promise<string | undefined> =>
    ask(digest, answer(nonce, { nc }));
  expect(await count("00000001")).toBeUndefined();
  expect(await count("00000001")).toContain("stale=true");
  expect(await count("0000000a")).toBeUndefined();
  expect(await count("00000002")).toContain("stale=true");
  expect(await ask(open(time), answer(nonce))).toBeUndefined();
  expect(await ask(open(time, "another secret"), answer(nonce))).not.toContain("stale");
  time.now += 5 * 60_000;
  expect(await count("0000000b")).toBeUndefined();
  time.now += 1;
  expect(await count("0000000c")).toContain("stale=true");
});

test("a nonce that had to be forgotten is not taken again", async () => {
  const time = { now: 1000 };
  const digest = open(time);
  const first = await askNonce(digest);
  expect(await ask(digest, answer(first))).toBeUndefined();
  time.now += 1;
  for (let count = 0; count < 10_000; count += 1)
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tried
    expect(await ask(digest, answer(await askNonce(digest)))).toBeUndefined();
  expect(await ask(digest, answer(first, { nc: "00000002" }))).toContain("stale=true");
  expect(await ask(digest, answer(await askNonce(digest)))).toBeUndefined();
});
