/** From a proven identity to its user, who is made where there is none yet. */
import { Doc } from "../bson/doc.ts";
import type { ObjectId, Value } from "../bson/value.ts";
import type { CallFunction } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import type { Claims } from "./claims.ts";
import type { LoginContext, ProvenIdentity } from "./provider.ts";
import { recordOf } from "./server-key-user.ts";
import { systemScope } from "./system-scope.ts";
import {
  hashIdentity,
  providerIdOf,
  type StoredIdentity,
  toUser,
  type UserRecord,
} from "./user-record.ts";
import type { Users } from "./users.ts";

export interface Identified {
  readonly user: UserRecord;
  readonly identity: StoredIdentity;
}

export interface Identify {
  /** @param options.creates whether a user is made for an identity that is new @throws {Fault} `AuthError` otherwise */
  (
    proven: ProvenIdentity,
    context: LoginContext,
    options: { readonly creates: boolean },
  ): Promise<Identified>;
}

export function createIdentify(environment: {
  readonly users: Users;
  readonly claims: Claims;
  readonly callFunction: CallFunction;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}): Identify {
  const { users, claims, callFunction, now, newId } = environment;

  async function refresh(user: UserRecord, proven: ProvenIdentity): Promise<Identified> {
    const key = hashIdentity(proven.providerType, proven.name);
    const former = user.identities.find((each) => each.key === key);
    if (former === undefined) throw notProven("the user has lost this identity");
    if (proven.refreshes !== true || isSame(former.data ?? Doc.empty, proven.data))
      return { user, identity: former };
    const identity = { ...former, data: proven.data };
    const data = merge(without(user.data, former.data ?? Doc.empty), proven.data);
    await users.setData(user, identity, data);
    const identities = user.identities.map((each) => (each.key === key ? identity : each));
    return { user: { ...user, data, identities }, identity };
  }

  /** The user of a key that a user has made: the key becomes one of its identities. */
  async function identifyOwner(userId: string, proven: ProvenIdentity, appId: string) {
    const user = await users.find(appId, userId);
    if (user === undefined) throw notProven("the user is gone");
    const identity = toStoredIdentity(appId, proven);
    if (user.identities.some((each) => each.key === identity.key)) return { user, identity };
    await users.addIdentity(user, identity, user.data);
    return { user: { ...user, identities: [...user.identities, identity] }, identity };
  }

  async function create(proven: ProvenIdentity, context: LoginContext): Promise<Identified> {
    const appId = context.app.id;
    const identity = toStoredIdentity(appId, proven);
    const claim = await claims.take(appId, proven);
    try {
      const former = claim && (await users.find(appId, claim.userId));
      if (former !== undefined) return await adopt(former, identity);
      const user = newUser(appId, claim?.userId ?? newId().toHex(), identity, now());
      await runCreationFunction(user, context);
      const made = await users.create(user);
      if (made !== undefined) return { user: made, identity };
    } catch (cause) {
      if (claim !== undefined) await claims.putBack(appId, claim);
      throw cause;
    }
    // Somebody with this identity was faster.
    const found = await users.findByIdentity(appId, identity.key);
    if (found === undefined) throw notProven("the user could not be made");
    return { user: found, identity };
  }

  async function adopt(user: UserRecord, identity: StoredIdentity): Promise<Identified> {
    const data = merge(user.data, identity.data ?? Doc.empty);
    if (!(await users.addIdentity(user, identity, data)))
      throw notProven("the identity belongs to another user");
    return { user: { ...user, data, identities: [...user.identities, identity] }, identity };
  }

  async function runCreationFunction(user: UserRecord, context: LoginContext): Promise<void> {
    const { customUserData } = context.config ?? {};
    const name = customUserData?.enabled === true ? customUserData.creationFunction : undefined;
    if (name === undefined) return;
    try {
      await callFunction(name, [describe(user)], systemScope(context, toUser(user)));
    } catch (cause) {
      if (cause instanceof Fault && cause.code !== "FunctionExecutionError") throw cause;
      throw notProven("the user creation function failed", cause);
    }
  }

  return async (proven, context, { creates }) => {
    const { serverKey, userId, providerType, name } = proven;
    const appId = context.app.id;
    if (serverKey !== undefined) {
      const user = recordOf(serverKey);
      return { user, identity: toStoredIdentity(appId, proven) };
    }
    if (userId !== undefined) return identifyOwner(userId, proven, appId);
    const found = await users.findByIdentity(appId, hashIdentity(providerType, name));
    if (found !== undefined) return refresh(found, proven);
    if (!creates) throw notProven("there is no user with this identity, and none may be made");
    return create(proven, context);
  };
}

export function toStoredIdentity(appId: string, proven: ProvenIdentity): StoredIdentity {
  const { providerType, name, id = name, data } = proven;
  return {
    id,
    providerType,
    providerId: providerIdOf(appId, providerType),
    key: hashIdentity(providerType, name),
    data,
  };
}

export function newUser(
  appId: string,
  id: string,
  identity: StoredIdentity,
  createdAt: number,
): UserRecord {
  return {
    id,
    appId,
    type: "normal",
    permission: "readWrite",
    identities: [identity],
    data: identity.data ?? Doc.empty,
    disabled: false,
    createdAt,
    devices: [],
  };
}

/** What functions are given of a user (SPEC §4.10). */
function describe({ id, type, data, identities }: UserRecord): Doc {
  return Doc.of({
    id,
    type,
    data,
    custom_data: Doc.empty,
    identities: identities.map((each) =>
      Doc.of({
        id: each.id,
        provider_type: each.providerType,
        provider_id: each.providerId,
        data: each.data ?? Doc.empty,
      }),
    ),
  });
}

/** Of fields that both have, the later ones count. */
export function merge(former: Doc, later: Doc): Doc {
  if (later.keys().length === 0) return former;
  return Doc.fromEntries(new Map<string, Value>([...former.entries(), ...later.entries()]));
}

function without(data: Doc, told: Doc): Doc {
  return Doc.fromEntries([...data.entries()].filter(([field]) => !told.has(field)));
}

function isSame(left: Doc, right: Doc): boolean {
  return left.toBytes().equals(right.toBytes());
}

function notProven(why: string, cause?: unknown): Fault {
  return new Fault("AuthError", "unauthorized", { cause: new Error(why, { cause }) });
}
