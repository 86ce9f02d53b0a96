/**
 * What each app signs its users' tokens with, and how long its refresh tokens last: few documents, all in memory.
 *
 * Secrets are sealed with the master key. One that was replaced goes on to open what it has signed.
 */
import { createSecretKey, type KeyObject } from "node:crypto";
import { Doc } from "../bson/doc.ts";
import { Binary, DateTime, isArray, ObjectId, type Value } from "../bson/value.ts";
import type { MasterKey } from "../config/master-key.ts";
import { duplicateIndexOf, readState, type StateStore } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import { createQueue } from "../kit/queue.ts";
import { type KeyRing, seal, unseal } from "../kit/seal.ts";
import { createSecret } from "../kit/secret.ts";

export interface SigningKey {
  readonly key: KeyObject;
  /** Milliseconds since 1970; undefined for the one that signs. */
  readonly retiredAt: number | undefined;
}

export interface Signing {
  /**
   * The newest first; empty for an app that never signed anything. Never waits.
   *
   * @throws {Fault} `BadRequest` without a master key, `InternalServerError` with another one
   */
  keysOf(appId: string): readonly SigningKey[];
  /** The one that signs; made where there is none. @throws {Fault} `BadRequest` without a master key */
  current(appId: string): Promise<KeyObject>;
  /** @param options.forgetsOld whether all tokens end at once */
  rotate(appId: string, options: { readonly forgetsOld: boolean }): Promise<void>;
  /** How long a refresh token lasts. */
  refreshSeconds(appId: string): number;
  /** @throws {Fault} `InvalidParameter` */
  setRefreshSeconds(appId: string, seconds: number): Promise<void>;
  deleteAll(appId: string): Promise<void>;
  /** Seals all of them with a new master key. @returns how many */
  reseal(ring: KeyRing): Promise<number>;
}

export const refreshSecondsDefault = 5_184_000;
const refreshSecondsMin = 1800;
const refreshSecondsMax = 15_552_000;

const collectionName = "session_settings";
const secretLength = 64;
/** Replaced ones that are kept. */
const retiredMax = 10;

interface Settings {
  readonly sealed: readonly SealedSecret[];
  /** Opened when first needed: a server whose master key is lost still serves what needs no tokens. */
  readonly keys: () => readonly SigningKey[];
  readonly refreshSeconds: number;
}

interface SealedSecret {
  readonly bytes: Uint8Array;
  readonly retiredAt: number | undefined;
}

/** All are in memory when the state's changes have started. */
export function openSigning(environment: {
  readonly state: StateStore;
  readonly masterKey: MasterKey;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** To be called when keys were taken away. */
  readonly onForgotten: () => void;
}): Signing {
  const { state, masterKey, now, onForgotten } = environment;
  const collection = state.collection(collectionName);
  const known = new Map<string, Settings>();
  const inTurn = createQueue();
  state.changes.subscribe(collectionName, refresh);

  async function refresh(ids: readonly Value[] | undefined): Promise<void> {
    const docs = await readState(collection, ids);
    const gone = ids === undefined ? [...known.keys()] : ids.map(toId);
    for (const appId of gone) known.delete(appId);
    for (const doc of docs) known.set(toId(doc.get("_id")), read(doc));
    onForgotten();
  }

  async function reload(appId: string): Promise<void> {
    await refresh([ObjectId.fromHex(appId)]);
  }

  function read(doc: Doc): Settings {
    const appId = toId(doc.get("_id"));
    const seconds = doc.get("refresh_seconds");
    const sealed = readSealed(doc);
    let opened: readonly SigningKey[] | undefined;
    return {
      sealed,
      keys: () => {
        opened ??= sealed.map(({ bytes, retiredAt }) => ({ key: open(bytes, appId), retiredAt }));
        return opened;
      },
      refreshSeconds: typeof seconds === "number" ? seconds : refreshSecondsDefault,
    };
  }

  function open(bytes: Uint8Array, appId: string): KeyObject {
    const text = unseal(masterKey.ring(), bytes, contextOf(appId));
    if (text !== undefined) return createSecretKey(Buffer.from(text));
    throw new Fault(
      "InternalServerError",
      "the signing secret can not be opened: the master key is not the one that it was sealed with",
    );
  }

  function newSecret(appId: string): SealedSecret {
    const bytes = seal(masterKey.ring(), createSecret(secretLength), contextOf(appId));
    return { bytes, retiredAt: undefined };
  }

  function keysOf(appId: string): readonly SigningKey[] {
    return known.get(appId)?.keys() ?? [];
  }

  async function ensure(appId: string): Promise<KeyObject> {
    const [first] = keysOf(appId);
    if (first !== undefined) return first.key;
    await write(appId, { secrets: [newSecret(appId)] }, { sealed: undefined });
    const [made] = keysOf(appId);
    if (made === undefined)
      throw new Fault("ServiceUnavailable", "the signing secret is being made");
    return made.key;
  }

  /** @param former what must still be there, so that two nodes do not undo each other's */
  async function write(
    appId: string,
    fields: { readonly secrets?: readonly SealedSecret[]; readonly refreshSeconds?: number },
    former?: { readonly sealed: readonly SealedSecret[] | undefined },
  ): Promise<boolean> {
    const { secrets, refreshSeconds } = fields;
    const set = Doc.of({
      ...(secrets === undefined ? {} : { secrets: secrets.map(toSealedDoc) }),
      ...(refreshSeconds === undefined ? {} : { refresh_seconds: refreshSeconds }),
    });
    const [first] = former?.sealed ?? [];
    const condition =
      former === undefined
        ? {}
        : {
            "secrets.0.sealed":
              first === undefined ? Doc.of({ $exists: false }) : new Binary(0, first.bytes),
          };
    const filter = Doc.of({ _id: ObjectId.fromHex(appId), ...condition });
    let isWritten = true;
    try {
      const options = { upsert: first === undefined };
      const { matchedCount, upsertedId } = await collection.updateOne(
        filter,
        Doc.of({ $set: set }),
        options,
      );
      isWritten = matchedCount > 0 || upsertedId !== undefined;
    } catch (error) {
      // Another node was faster.
      if (duplicateIndexOf(error) === undefined) throw error;
      isWritten = false;
    }
    await reload(appId);
    await state.changes.touch(collectionName);
    return isWritten;
  }

  return {
    keysOf,
    async current(appId) {
      const [first] = keysOf(appId);
      return first?.key ?? inTurn(async () => ensure(appId));
    },
    async rotate(appId, { forgetsOld }) {
      await inTurn(async () => {
        const former = known.get(appId)?.sealed;
        const kept = forgetsOld ? [] : (former ?? []).slice(0, retiredMax);
        const retired = kept.map((each) => ({ ...each, retiredAt: each.retiredAt ?? now() }));
        const secrets = [newSecret(appId), ...retired];
        if (!(await write(appId, { secrets }, { sealed: former })))
          throw new Fault("ServiceUnavailable", "the signing secret is being changed by others");
      });
    },
    refreshSeconds: (appId) => known.get(appId)?.refreshSeconds ?? refreshSecondsDefault,
    async setRefreshSeconds(appId, seconds) {
      if (!Number.isInteger(seconds) || seconds < refreshSecondsMin || seconds > refreshSecondsMax)
        throw new Fault(
          "InvalidParameter",
          `refresh token expiration must be ${refreshSecondsMin} to ${refreshSecondsMax} seconds`,
        );
      await inTurn(async () => write(appId, { refreshSeconds: seconds }));
    },
    async deleteAll(appId) {
      known.delete(appId);
      onForgotten();
      await collection.deleteOne(Doc.of({ _id: ObjectId.fromHex(appId) }));
      await state.changes.touch(collectionName);
    },
    async reseal(ring) {
      let count = 0;
      for await (const batch of collection.find(Doc.empty))
        for (const doc of batch) count += await resealOne(doc, ring);
      return count;
    },
  };

  async function resealOne(doc: Doc, ring: KeyRing): Promise<number> {
    const appId = toId(doc.get("_id"));
    const former = readSealed(doc);
    const secrets = former.map(({ bytes, retiredAt }) => {
      const text = unseal(ring, bytes, contextOf(appId));
      if (text === undefined)
        throw new Fault("InternalServerError", "a signing secret can not be opened");
      return { bytes: seal(ring, text, contextOf(appId)), retiredAt };
    });
    return (await write(appId, { secrets }, { sealed: former })) ? secrets.length : 0;
  }
}

function readSealed(doc: Doc): readonly SealedSecret[] {
  const secrets = doc.get("secrets");
  if (!isArray(secrets)) return [];
  return secrets.flatMap((each) => {
    const bytes = each instanceof Doc ? each.get("sealed") : undefined;
    const retired = each instanceof Doc ? each.get("retired_at") : undefined;
    if (!(bytes instanceof Binary)) return [];
    const retiredAt = retired instanceof DateTime ? Number(retired.ms) : undefined;
    return [{ bytes: bytes.bytes, retiredAt }];
  });
}

function toSealedDoc({ bytes, retiredAt }: SealedSecret): Doc {
  return Doc.of({
    sealed: new Binary(0, bytes),
    ...(retiredAt === undefined ? {} : { retired_at: new DateTime(retiredAt) }),
  });
}

/** One that is put into another app's document does not open. */
function contextOf(appId: string): string {
  return `${appId}/signing secret`;
}

function toId(id: Value | undefined): string {
  return id instanceof ObjectId ? id.toHex() : "";
}
