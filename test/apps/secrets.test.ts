import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openState, type State } from "../../src/state.ts";
import { Doc } from "../../src/bson/doc.ts";
import { openMasterKey } from "../../src/config/master-key.ts";

const app = "5f0000000000000000000001";
const other = "5f0000000000000000000002";

describe("secrets", () => {
  let folder = "";
  let state: State;
  const open = async (masterKey?: string): Promise<State> =>
    openState(
      { data: folder },
      {
        keysMax: 1,
        follows: false,
        masterKey,
        onFailure: () => {},
      },
    );

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "petiole-secrets-"));
    state = await open();
  });
  afterAll(async () => {
    await state.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("a secret is kept sealed, opens, changes and goes", async () => {
    const { secrets } = state;
    await secrets.set(app, "pay", "s3cret-value");
    await secrets.set(other, "pay", "another");
    expect(await secrets.open(app, "pay")).toBe("s3cret-value");
    const [row] = await secrets.list(app);
    await secrets.change(app, row?.id ?? "", "pay2", "");
    expect(await secrets.open(app, "pay2")).toBe("s3cret-value");
    expect(await secrets.open(app, "pay")).toBeUndefined();
    await secrets.set(app, "pay2", "newer");
    expect(await secrets.open(app, "pay2")).toBe("newer");
    const doc = await state.store.collection("secrets").findOne(Doc.empty);
    expect(Buffer.from(doc?.source ?? "").toString("latin1")).not.toContain("newer");
    await secrets.delete(app, "pay2");
    expect(await secrets.list(app)).toEqual([]);
  });

  test("the key lies in a file that only its owner reads; a new one opens all", async () => {
    const { secrets } = state;
    await secrets.set(app, "a", "one");
    const file = path.join(folder, "master-key");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file, "utf8");
    expect(await secrets.rotateKey()).toBe(2);
    expect(readFileSync(file, "utf8")).not.toContain(before.trim());
    expect(existsSync(`${file}.new`)).toBe(false);
    await state.close();
    state = await open();
    expect(await state.secrets.open(app, "a")).toBe("one");
    expect(await state.secrets.open(other, "pay")).toBe("another");
    await state.secrets.delete(app, "a");
  });

  test("a lost key is said, not the secret", async () => {
    await state.close();
    state = await open("another key of at least 32 characters".replaceAll(" ", "-"));
    await expect(state.secrets.open(other, "pay")).rejects.toMatchObject({
      code: "InternalServerError",
      message: expect.stringContaining("'pay' can not be opened"),
    });
    await state.close();
    state = await open();
  });

  test.for<[title: string, name: string, value: string, message: string]>([
    ["no name", "", "v", "a secret's name must be"],
    ["a name with a slash", "a/b", "v", "a secret's name must be"],
    ["no value", "a", "", "a secret's value must have"],
    ["a name that is taken", "taken", "v", "a secret named 'taken' exists"],
  ])("%s is refused", async ([, name, value, message]) => {
    await state.secrets.set(app, "taken", "v");
    await expect(state.secrets.create(app, name, value)).rejects.toThrow(message);
  });
});

test("master key: a short one is refused, and none where nothing lies on disk", () => {
  expect(() => openMasterKey({ data: undefined, given: "short" })).toThrow("at least 32");
  expect(() => openMasterKey({ data: undefined, given: undefined }).ring()).toThrow(
    "PETIOLE_MASTER_KEY",
  );
});
