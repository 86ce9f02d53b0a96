import { expect, test } from "vitest";
import { flagOf, readSettings, settings, variableOf } from "./settings.ts";

const none = { flags: new Map<string, unknown>(), variables: {} };

test("settings: a flag comes before a variable, a variable before the file, the file before the default", () => {
  const flags = new Map<string, unknown>([["port", "1"]]);
  const variables = { PETIOLE_PORT: "2", PETIOLE_HOST: "b" };
  const file = { name: "petiole.json", content: { port: 3, host: "c", data: "d" } };
  expect(readSettings({ flags, variables, file })).toMatchObject({ port: 1, host: "b", data: "d" });
  expect(readSettings({ ...none, file })).toMatchObject({ port: 3, host: "c", data: "d" });
  expect(readSettings(none)).toMatchObject({ port: 7700, host: "127.0.0.1", data: "./data" });
});

test("settings: an empty variable is an unset one", () => {
  expect(readSettings({ ...none, variables: { PETIOLE_PORT: "" } }).port).toBe(7700);
});

test("settings: names of flags and variables follow from the name", () => {
  const setting = settings.find(({ name }) => name === "requestBytesMax");
  if (setting === undefined) throw new TypeError("no such setting");
  expect([flagOf(setting), variableOf(setting)]).toEqual([
    "--request-bytes-max",
    "PETIOLE_REQUEST_BYTES_MAX",
  ]);
});

test.for<[title: string, content: unknown, message: string]>([
  ["an unknown field", { prot: 1 }, "petiole.json: 'prot' is no setting"],
  ["no object", [], "petiole.json must hold one JSON object"],
  ["a port out of range", { port: 65_536 }, "port must be a whole number from 0 to 65535"],
  ["a port that is a fraction", { port: 1.5 }, "must be a whole number"],
  ["a port that is no number", { port: "7a" }, "must be a whole number"],
  ["a text that is none", { host: 1 }, "petiole.json: host must be a text"],
  ["a switch that is none", { logRequests: "yes" }, "must be true or false"],
  ["a list of numbers", { trustProxy: [1] }, "must be a list of texts"],
  [
    "a source without a name",
    { source: ["mongodb://u:secret@h"] },
    "--source must be NAME=mongodb://…",
  ],
  [
    "an identity provider without an address",
    { identityProvider: ["oauth2-google"] },
    "--identity-provider must be oauth2-NAME=",
  ],
  [
    "an identity provider of another kind",
    { identityProvider: ["anon-user=https://x"] },
    "--identity-provider must be",
  ],
  ["a source with a reserved name", { source: ["embedded=mongodb://h"] }, "--source must be NAME="],
])("settings: %s is refused", ([, content, message]) => {
  const read = (): unknown => readSettings({ ...none, file: { name: "petiole.json", content } });
  expect(read).toThrow(message);
  expect(read).not.toThrow("secret");
});

test("settings: lists come from repeated flags, from one variable or from the file", () => {
  const flags = new Map<string, unknown>([["trustProxy", ["10.0.0.0/8", "::1"]]]);
  expect(readSettings({ ...none, flags }).trustProxy).toEqual(["10.0.0.0/8", "::1"]);
  const variables = { PETIOLE_TRUST_PROXY: "10.0.0.0/8 ::1" };
  expect(readSettings({ ...none, variables }).trustProxy).toEqual(["10.0.0.0/8", "::1"]);
});

test("settings: an identity provider's address has no slash at its end", () => {
  const flags = new Map<string, unknown>([["identityProvider", ["oauth2-oidc=http://id/realm/"]]]);
  expect([...readSettings({ ...none, flags }).identityProviders]).toEqual([
    ["oauth2-oidc", "http://id/realm"],
  ]);
});

test("settings: a source keeps the commas of its connection string", () => {
  const flags = new Map<string, unknown>([["source", ["s=mongodb://a,b/?replicaSet=r"]]]);
  expect([...readSettings({ ...none, flags }).sources]).toEqual([
    ["s", "mongodb://a,b/?replicaSet=r"],
  ]);
});
