import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import type { ProviderConfig } from "../config/app-config.ts";
import type { ProvenIdentity } from "./provider.ts";
import { createVerifiedCredentials } from "./verified-credentials.ts";

const config: ProviderConfig = { type: "local-userpass", disabled: false, autoConfirm: true };
const shown = { appId: "a", config, payload: Doc.of({ username: "ann", password: "p" }) };
const ann: ProvenIdentity = { providerType: "local-userpass", name: "ann", data: Doc.empty };

function open() {
  const time = { now: 1000 };
  const verified = createVerifiedCredentials(() => time.now);
  let count = 0;
  const verify = async (): Promise<ProvenIdentity> => {
    count += 1;
    return ann;
  };
  return { verified, time, verify, count: () => count };
}

test("credentials are checked once for five minutes, and once for all who come together", async () => {
  const { verified, time, verify, count } = open();
  await Promise.all([verified.prove(shown, verify), verified.prove(shown, verify)]);
  expect(verified.prove(shown, verify)).toBe(ann);
  expect(count()).toBe(1);
  time.now += 5 * 60_000;
  await verified.prove(shown, verify);
  expect(count()).toBe(2);
});

test.for<[title: string, other: Partial<typeof shown>]>([
  ["another app", { appId: "b" }],
  ["another deployment", { config: { ...config } }],
  ["another password", { payload: Doc.of({ username: "ann", password: "q" }) }],
])("%s is checked by itself", async ([, other]) => {
  const { verified, verify, count } = open();
  await verified.prove(shown, verify);
  await verified.prove({ ...shown, ...other }, verify);
  expect(count()).toBe(2);
});

test("what failed is not remembered", async () => {
  const { verified, verify, count } = open();
  await expect(verified.prove(shown, refuse)).rejects.toThrow("wrong");
  await verified.prove(shown, verify);
  expect(count()).toBe(1);
});

test.for([["ann"], [undefined]] as const)(
  "what is forgotten (%s) is checked again",
  async ([id]) => {
    const { verified, verify, count } = open();
    await verified.prove(shown, verify);
    verified.forget("bob");
    expect(verified.prove(shown, verify)).toBe(ann);
    verified.forget(id);
    await verified.prove(shown, verify);
    expect(count()).toBe(2);
  },
);

test("what is forgotten while it is checked is not remembered", async () => {
  const { verified, verify, count } = open();
  const proving = verified.prove(shown, verify);
  verified.forget("ann");
  await proving;
  await verified.prove(shown, verify);
  expect(count()).toBe(2);
});

test("a token is remembered no longer than it lasts", async () => {
  const { verified, time, count, verify } = open();
  const token: ProviderConfig = {
    type: "custom-token",
    disabled: false,
    audiences: [],
    anyAudience: false,
    signingAlgorithm: "HS256",
    signingKeySecrets: [],
    metadataFields: [],
  };
  const ending = async (): Promise<ProvenIdentity> => ({ ...(await verify()), expiresAt: 5000 });
  await verified.prove({ ...shown, config: token }, ending);
  time.now = 4999;
  await verified.prove({ ...shown, config: token }, ending);
  expect(count()).toBe(1);
  time.now = 5000;
  await verified.prove({ ...shown, config: token }, ending);
  expect(count()).toBe(2);
});

async function refuse(): Promise<ProvenIdentity> {
  throw new Error("wrong");
}
