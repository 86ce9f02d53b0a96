import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Value } from "../bson/value.ts";
import { type EmbeddedSource, openEmbedded } from "../sources/embedded.ts";
import {
  createStateChanges,
  type StateChanges,
  type StateChangesOptions,
} from "./state-changes.ts";

let folder = "";
let source: EmbeddedSource;
const opened: StateChanges[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-changes-"));
  source = await openEmbedded(folder, { expiryMs: 0 });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(async (each) => each.close()));
  await source.close();
  await rm(folder, { recursive: true, force: true });
});

type Listener = Parameters<NonNullable<StateChangesOptions["watch"]>>[0];

/** One node; what it was told to read goes into `seen`. */
function node(options: Partial<StateChangesOptions> = {}): {
  readonly changes: StateChanges;
  readonly seen: (readonly Value[] | undefined)[];
} {
  const changes = createStateChanges({
    counters: source.collection("s", "changes"),
    pollMs: 5,
    onFailure: () => {},
    ...options,
  });
  opened.push(changes);
  const seen: (readonly Value[] | undefined)[] = [];
  changes.subscribe("keys", async (ids) => {
    seen.push(ids);
  });
  return { changes, seen };
}

test("state changes: the first reading takes all", async () => {
  const { changes, seen } = node({ counters: undefined });
  await changes.start();
  expect(seen).toEqual([undefined]);
});

test("state changes: without a stream, the counters tell of another node's write", async () => {
  const [a, b] = [node(), node()];
  await Promise.all([a.changes.start(), b.changes.start()]);
  await Promise.all([a.changes.touch("keys"), a.changes.touch("others")]);
  await vi.waitFor(() => {
    expect(b.seen).toEqual([undefined, undefined]);
  });
});

test("state changes: a stream tells which documents; a gap means all", async () => {
  let listener: Listener | undefined;
  const { changes, seen } = node({
    watch: async (given) => {
      listener = given;
      return { close: async () => {} };
    },
  });
  await changes.start();
  expect(listener?.collections).toEqual(["keys"]);
  listener?.onChange("keys", 1);
  await vi.waitFor(() => {
    expect(seen).toEqual([undefined, [1]]);
  });
  listener?.onChange("others", 1);
  listener?.onGap();
  await vi.waitFor(() => {
    expect(seen).toEqual([undefined, [1], undefined]);
  });
});

test("state changes: what comes while a reading goes on is read after it, together", async () => {
  let listener: Listener | undefined;
  let open: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const changes = createStateChanges({
    counters: undefined,
    watch: async (given) => {
      listener = given;
      return undefined;
    },
    onFailure: () => {},
  });
  opened.push(changes);
  const seen: (readonly Value[] | undefined)[] = [];
  changes.subscribe("keys", async (ids) => {
    seen.push(ids);
    if (seen.length === 2) await gate;
  });
  await changes.start();
  for (const id of [1, 2, 3]) listener?.onChange("keys", id);
  open?.();
  await vi.waitFor(() => {
    expect(seen).toEqual([undefined, [1], [2, 3]]);
  });
});

test("state changes: a reading that fails is done again, in full", async () => {
  let listener: Listener | undefined;
  const failures: unknown[] = [];
  const changes = createStateChanges({
    counters: undefined,
    watch: async (given) => {
      listener = given;
      return undefined;
    },
    onFailure: (cause) => failures.push(cause),
  });
  opened.push(changes);
  const seen: (readonly Value[] | undefined)[] = [];
  changes.subscribe("keys", async (ids) => {
    seen.push(ids);
    if (seen.length === 2) throw new Error("down");
  });
  await changes.start();
  listener?.onChange("keys", 1);
  await vi.waitFor(
    () => {
      expect(seen).toEqual([undefined, [1], undefined]);
    },
    { timeout: 5000 },
  );
  expect(failures).toEqual([new Error("down")]);
});
