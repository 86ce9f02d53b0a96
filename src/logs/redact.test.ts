import { expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI2Nzg5In0.c2lnbmF0dXJl";
const key = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6kL9nO2qR5tU8";
const known = "correct horse battery";

test.for<[title: string, text: string, shown: string]>([
  ["a message without a secret stays", "E11000 dup key: { _id: 1 }", "E11000 dup key: { _id: 1 }"],
  ["a known secret", `got ${known}!`, "got [redacted]!"],
  ["a token by its form", `sub of ${jwt}, said`, "sub of [redacted], said"],
  ["a bearer token", "Authorization: Bearer abc.def", "Authorization: [redacted] [redacted]"],
  ["a password in a URL", "mongodb://u:pw@h/db", "mongodb://[redacted]@h/db"],
  ["a key by its form", `key ${key} used`, "key [redacted] used"],
  ["a name with a value", 'login {"password":"a b"} x', 'login {"password":[redacted]} x'],
  [
    "a name with a value, in JSON within JSON within JSON",
    String.raw`a \\\"client_secret\\\":\\\"abc\\\" b`,
    String.raw`a \\\"client_secret\\\":[redacted]`,
  ],
  ["a name with a bare value", "apiKey=abc&x=1", "apiKey=[redacted]&x=1"],
  ["an ObjectId stays", "user 6545a8a6a8a6a8a6a8a6a8a6", "user 6545a8a6a8a6a8a6a8a6a8a6"],
  ["a private key", "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----", "[redacted]"],
  ["half a private key", "-----BEGIN RSA PRIVATE KEY-----\nMII", "[redacted]"],
])("redact: text: %s", ([, text, shown]) => {
  expect(createRedactor([known]).text(text)).toBe(shown);
});

test.for<[title: string, url: string, shown: string]>([
  [
    "plain values stay",
    "/e?status=open&id=6545a8a6a8a6a8a6a8a6a8a6",
    "/e?status=open&id=6545a8a6a8a6a8a6a8a6a8a6",
  ],
  ["a secret by its name", "/e?secret=abc&x=1", "/e?secret=[redacted]&x=1"],
  ["a name that is encoded", "/e?%73ecret=abc", "/e?%73ecret=[redacted]"],
  ["a known secret, encoded", "/e?q=correct%20horse+battery", "/e?q=[redacted]"],
  ["what looks like a key", "/e?q=0123456789abcdef0123456789abcdef", "/e?q=[redacted]"],
  [
    "a UUID and a moment stay",
    "/e?a=8f7b0a1e-1111-4222-8333-444455556666&b=2026-01-02T03:04:05.678901Z",
    "/e?a=8f7b0a1e-1111-4222-8333-444455556666&b=2026-01-02T03:04:05.678901Z",
  ],
  ["a lone percent sign", "/e?%=%&token=%zz", "/e?%=%&token=[redacted]"],
  ["a token in the path", `/reset/${jwt}/x`, "/reset/[redacted]/x"],
])("redact: url: %s", ([, url, shown]) => {
  expect(createRedactor([known]).url(url)).toBe(shown);
});

test("redact: of headers, only those that are known to be plain are shown", () => {
  const raw = ["Accept", "a/b", "X-Own", "open sesame", "accept", "c/d", "Content-Length", "5"];
  const referer = ["Referer", "https://h/p?token=abc", "__proto__", "x"];
  expect(createRedactor([]).headers([...raw, ...referer])).toEqual(
    Object.fromEntries([
      ["accept", "a/b, c/d"],
      ["x-own", "[redacted]"],
      ["referer", "https://h/p?token=[redacted]"],
      ["__proto__", "[redacted]"],
    ]),
  );
});

test.for<[title: string, body: string, shown: string]>([
  [
    "fields by their names",
    '{"a":1,"password":"x","b":[{"apiKey":"y"}]}',
    '{"a":1,"password":[redacted],"b":[{"apiKey":[redacted]}]}',
  ],
  ["no JSON", "password=x&a=1", "password=[redacted]&a=1"],
  ["a known secret in a field", `{"note":"${known}"}`, '{"note":"[redacted]"}'],
])("redact: body: %s", ([, body, shown]) => {
  expect(createRedactor([known]).body(Buffer.from(body))).toBe(shown);
});

test.for<[title: string, text: string]>([
  ["words that begin like a name", "token".repeat(20_000)],
  ["letters and digits", "aB1".repeat(30_000)],
  ["slashes", "://".repeat(30_000)],
  ["beginnings of keys", "-----BEGIN PRIVATE KEY-----".repeat(3000)],
  ["spaces after a name", `secret ${" ".repeat(90_000)}=`],
])("redact: a long text of %s takes no long time", ([, text]) => {
  expect(createRedactor([]).text(text).length).toBeLessThan(5000);
});
