import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { createStateChanges } from "../config/state-changes.ts";
import type { StateStore } from "../config/state-store.ts";
import { type EmbeddedSource, openEmbedded } from "../sources/embedded.ts";
import { newUser } from "./identify.ts";
import { hashIdentity, providerIdOf, type StoredIdentity } from "./user-record.ts";
import { openUsers, prepareUsers, type Users } from "./users.ts";

const appId = "5f0000000000000000000001";
const day = 24 * 60 * 60 * 1000;
const time = { now: Date.now() };
let folder = "";
let source: EmbeddedSource;
let state: StateStore;
let users: Users;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-users-"));
  source = await openEmbedded(folder);
  state = {
    source,
    database: "state",
    collection: (name) => source.collection("state", name),
    changes: createStateChanges({ counters: undefined, onFailure: () => {} }),
  };
  await prepareUsers(state);
  users = openUsers({ state, now: () => time.now });
});
afterAll(async () => {
  await source.close();
  await rm(folder, { recursive: true, force: true });
});

function identity(providerType: string, name: string): StoredIdentity {
  return {
    id: name,
    providerType,
    providerId: providerIdOf(appId, providerType),
    key: hashIdentity(providerType, name),
    data: Doc.of({ name }),
  };
}

async function create(providerType: string, name: string, app = appId) {
  count += 1;
  const id = count.toString(16).padStart(24, "0");
  return users.create(newUser(app, id, identity(providerType, name), time.now));
}

test("an identity is one user's, in each app", async () => {
  const made = await create("custom-token", "ann");
  expect(await create("custom-token", "ann")).toBeUndefined();
  expect(await create("custom-function", "ann")).toBeDefined();
  expect(await create("custom-token", "ann", "5f0000000000000000000002")).toBeDefined();
  const key = hashIdentity("custom-token", "ann");
  expect(await users.findByIdentity(appId, key)).toMatchObject({ id: made?.id });
});

test("users without an identity do not stand in each other's way", async () => {
  for (const id of ["a".repeat(24), "b".repeat(24)]) {
    const user = { ...newUser(appId, id, identity("x", "x"), time.now), identities: [] };
    expect(await users.create(user)).toBeDefined();
  }
});

test("an identity that is taken can not be added, nor the same one twice", async () => {
  const [first, second] = [await create("custom-token", "one"), await create("anon-user", "two")];
  if (first === undefined || second === undefined) throw new TypeError("no users");
  expect(await users.addIdentity(second, identity("custom-token", "one"), Doc.empty)).toBe(false);
  const mine = identity("custom-function", "mine");
  expect(await users.addIdentity(second, mine, Doc.of({ a: 1 }))).toBe(true);
  expect(await users.addIdentity(second, mine, Doc.of({ a: 2 }))).toBe(false);
  const found = await users.find(appId, second.id);
  expect(found?.identities.map((each) => each.providerType)).toEqual([
    "anon-user",
    "custom-function",
  ]);
});

test("an anonymous user ends after 90 days without use, and others do not", async () => {
  const unused = await create("anon-user", "unused");
  const used = await create("anon-user", "used");
  const linked = await create("anon-user", "linked");
  const known = await create("custom-token", "known");
  if (used === undefined || linked === undefined) throw new TypeError("no users");
  await users.addIdentity(linked, identity("custom-token", "linked"), Doc.empty);
  time.now += 60 * day;
  await users.noteUse(used);
  time.now += 31 * day;
  const isThere = async (user: { readonly id: string } | undefined): Promise<boolean> =>
    (await users.find(appId, user?.id ?? "")) !== undefined;
  expect(await isThere(unused)).toBe(false);
  expect(await isThere(used)).toBe(true);
  expect(await isThere(linked)).toBe(true);
  expect(await isThere(known)).toBe(true);
  time.now += 60 * day;
  expect(await isThere(used)).toBe(false);
});

test("what is told anew takes the place of what the same identity told", async () => {
  const user = await create("custom-token", "telling");
  if (user === undefined) throw new TypeError("no user");
  const told = { ...identity("custom-token", "telling"), data: Doc.of({ role: "cook" }) };
  await users.setData(user, told, Doc.of({ role: "cook" }));
  const found = await users.find(appId, user.id);
  expect(found?.data.get("role")).toBe("cook");
  expect(found?.identities[0]?.data?.get("role")).toBe("cook");
});

test("who is disabled is found, and runs nothing", async () => {
  const user = await create("custom-token", "disabled");
  await users.setDisabled(appId, user?.id ?? "", true);
  expect(await users.find(appId, user?.id ?? "")).toMatchObject({ disabled: true });
  expect(await users.findUser(appId, user?.id ?? "")).toBeUndefined();
});
