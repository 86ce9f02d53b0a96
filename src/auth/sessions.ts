/**
 * Sessions of users: a refresh token that stays the same until it ends, and access tokens of half an hour.
 *
 * A token is good while its session stands in the internal database and its user is enabled; both are looked at with
 * every request, in memory. What ends one of them is told to all nodes.
 */
import { toText } from "../bson/stringify.ts";
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import type { App } from "../config/app.ts";
import type { StateStore } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import type { ApiKeys } from "./api-keys.ts";
import { type Device, noDeviceId } from "./device.ts";
import { createReadCache } from "./read-cache.ts";
import { recordOfKey } from "./server-key-user.ts";
import type { Signing } from "./signing.ts";
import {
  isSignedWith,
  signAccessToken,
  signRefreshToken,
  splitToken,
  type TokenClaims,
} from "./token.ts";
import { type StoredIdentity, toIdentityDoc, type UserRecord } from "./user-record.ts";
import type { Users } from "./users.ts";

export interface IssuedSession {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** 24 hex digits. */
  readonly userId: string;
  /** 24 hex digits. */
  readonly deviceId: string;
}

/** Whose token it is. */
export interface TokenHolder {
  /** The app's 24 hex digits. */
  readonly appId: string;
  /** 24 hex digits. */
  readonly sessionId: string;
  readonly deviceId: string;
  /** Enabled. */
  readonly user: UserRecord;
}

export interface NewSession {
  readonly app: App;
  readonly user: UserRecord;
  /** The one that logged in. */
  readonly identity: StoredIdentity;
  readonly device: Device | undefined;
  /** Custom user data, for the access token. */
  readonly userData: Doc | undefined;
}

export interface Sessions {
  open(start: NewSession): Promise<IssuedSession>;
  /**
   * At once when the token, its session and its user are known.
   *
   * @param appId of which app it has to be; any when undefined
   * @throws {Fault} `InvalidSession`, `UserDisabled`
   */
  readAccess(token: string, appId?: string): TokenHolder | Promise<TokenHolder>;
  /** @throws {Fault} `InvalidSession`, `UserDisabled` */
  readRefresh(token: string): Promise<TokenHolder>;
  /** Whether the session of somebody who was let in goes on, whatever became of the access token. */
  isOpen(holder: TokenHolder): Promise<boolean>;
  /** What an access token says; `expired` for one that was good, undefined for any other text. */
  inspect(token: string, appId: string): Promise<TokenClaims | "expired" | undefined>;
  /** A new access token of a session. */
  renew(holder: TokenHolder, userData: Doc | undefined): Promise<string>;
  /** Ends one session: its tokens are refused from now on, on every node within 2 s. */
  end(appId: string, sessionId: string): Promise<void>;
  /** Ends all sessions of a user. */
  endAll(appId: string, userId: string): Promise<void>;
  deleteAll(appId: string): Promise<void>;
  /** Forgets which tokens were found to be good. */
  forgetTokens(): void;
  /** What is in memory. */
  readonly counts: { readonly sessions: number; readonly tokens: number };
}

export interface SessionsEnvironment {
  readonly state: StateStore;
  readonly users: Users;
  readonly keys: ApiKeys;
  readonly signing: Signing;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}

interface Session {
  readonly appId: string;
  readonly userId: string;
  readonly deviceId: string;
  /** The server API key that opened it. */
  readonly keyId: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const collectionName = "user_sessions";
const accessSeconds = 30 * 60;
/** Anonymous users can not log in a second time: what ends is the user, after 90 days without use. */
const anonymousRefreshSeconds = 50 * 365 * 24 * 60 * 60;
const sessionsInMemoryMax = 20_000;
const tokensInMemoryMax = 10_000;
/** Longer tokens are checked each time. */
const tokenLengthKept = 4096;
/** The token travels in a header, which has little room. */
const userDataLengthMax = 4096;

/** Makes the collection's indexes. */
export async function prepareSessions(state: StateStore): Promise<void> {
  const collection = state.collection(collectionName);
  await collection.createIndex(
    Doc.of({ expires_at: 1 }),
    Doc.of({ name: "expires_at", expireAfterSeconds: 0 }),
  );
  await collection.createIndex(Doc.of({ app_id: 1, user_id: 1 }), Doc.of({ name: "user" }));
}

export function openSessions(environment: SessionsEnvironment): Sessions {
  const { state, users, keys, signing, now, newId } = environment;
  const collection = state.collection(collectionName);
  const sessions = createReadCache<Session>({
    entriesMax: sessionsInMemoryMax,
    load: async (id) => {
      const doc = await collection.findOne(Doc.of({ _id: ObjectId.fromHex(id) }));
      return doc === null ? undefined : readSession(doc);
    },
  });
  state.changes.subscribe(collectionName, async (ids) => {
    if (ids === undefined) sessions.clear();
    else for (const id of ids) if (id instanceof ObjectId) sessions.drop(id.toHex());
  });
  /** Tokens whose signature was found to be good → what they say. */
  const proven = new Map<string, TokenClaims>();
  const seconds = (): number => Math.floor(now() / 1000);

  function readToken(token: string, kind: TokenClaims["kind"]): TokenClaims {
    const claims = proven.get(token) ?? prove(token, kind);
    if (claims.kind !== kind)
      throw invalidSession(`invalid ${kind} token: incorrect token type`, "wrong kind of token");
    if (claims.expiresAt <= seconds())
      throw invalidSession(`invalid session: ${kind} token expired`, expired);
    return claims;
  }

  function prove(token: string, kind: TokenClaims["kind"]): TokenClaims {
    const split = splitToken(token);
    if (split === undefined)
      throw invalidSession("signing method (alg) is unspecified.", "not a token of this server");
    const { claims } = split;
    const key = signing.keysOf(claims.appId).find((each) => isSignedWith(split, each.key));
    if (key === undefined || isTooLate(claims, key.retiredAt))
      throw invalidSession("unauthorized", "wrong signature");
    if (claims.kind === kind && kind === "access" && token.length <= tokenLengthKept) {
      const [oldest] = proven.keys();
      if (proven.size >= tokensInMemoryMax && oldest !== undefined) proven.delete(oldest);
      proven.set(token, claims);
    }
    return claims;
  }

  function holderOf(
    claims: TokenClaims,
    session: Session | undefined,
  ): TokenHolder | Promise<TokenHolder> {
    const isRight =
      session?.appId === claims.appId &&
      session.userId === claims.userId &&
      session.expiresAt > now();
    if (!isRight) throw sessionNotFound(claims.kind);
    const user =
      session.keyId === undefined
        ? users.find(session.appId, session.userId)
        : recordOfKey(keys, session.appId, session.keyId);
    return user instanceof Promise
      ? user.then((found) => toHolder(claims, found))
      : toHolder(claims, user);
  }

  async function readAgain(claims: TokenClaims): Promise<TokenHolder> {
    return holderOf(claims, await sessions.get(claims.sessionId));
  }

  async function sign(
    holder: Pick<TokenHolder, "appId" | "deviceId" | "sessionId"> & { readonly userId: string },
    userData: Doc | undefined,
  ): Promise<string> {
    const issuedAt = seconds();
    const claims = { ...holder, issuedAt, expiresAt: issuedAt + accessSeconds };
    return signAccessToken(claims, await signing.current(holder.appId), textOf(userData));
  }

  return {
    async open({ app, user, identity, device, userData }) {
      const isAnonymous = identity.providerType === "anon-user";
      const lasting = isAnonymous ? anonymousRefreshSeconds : signing.refreshSeconds(app.id);
      const session = newId();
      const holder = {
        appId: app.id,
        userId: user.id,
        sessionId: session.toHex(),
        deviceId: device?.id ?? noDeviceId,
      };
      const issuedAt = seconds();
      const expiresAt = issuedAt + lasting;
      const key = await signing.current(app.id);
      await collection.insertOne(
        Doc.of({
          _id: session,
          app_id: ObjectId.fromHex(app.id),
          user_id: user.id,
          device_id: holder.deviceId,
          identity: toIdentityDoc(identity),
          ...(user.type === "server" ? { key_id: identity.id } : {}),
          created_at: new DateTime(now()),
          expires_at: new DateTime(expiresAt * 1000),
        }),
      );
      return {
        accessToken: await sign(holder, userData),
        refreshToken: signRefreshToken({ ...holder, issuedAt, expiresAt }, identity, key),
        userId: user.id,
        deviceId: holder.deviceId,
      };
    },
    readAccess(token, appId) {
      const claims = readToken(token, "access");
      if (appId !== undefined && claims.appId !== appId)
        throw invalidSession("unauthorized", "token of another app");
      const session = sessions.get(claims.sessionId);
      return session instanceof Promise ? readAgain(claims) : holderOf(claims, session);
    },
    readRefresh: async (token) => readAgain(readToken(token, "refresh")),
    async isOpen({ user, ...holder }) {
      const times = { issuedAt: 0, expiresAt: Number.POSITIVE_INFINITY };
      try {
        await readAgain({ ...holder, ...times, kind: "access", userId: user.id });
        return true;
      } catch (cause) {
        if (cause instanceof Fault) return false;
        throw cause;
      }
    },
    async inspect(token, appId) {
      try {
        const claims = readToken(token, "access");
        await readAgain(claims);
        return claims.appId === appId ? claims : undefined;
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        return cause.cause === expired ? "expired" : undefined;
      }
    },
    renew: async ({ appId, sessionId, deviceId, user }, userData) =>
      sign({ appId, sessionId, deviceId, userId: user.id }, userData),
    async end(appId, sessionId) {
      const filter = Doc.of({
        _id: ObjectId.fromHex(sessionId),
        app_id: ObjectId.fromHex(appId),
      });
      await collection.deleteOne(filter);
      sessions.drop(sessionId);
      await state.changes.touch(collectionName);
    },
    async endAll(appId, userId) {
      await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId), user_id: userId }));
      sessions.clear();
      await state.changes.touch(collectionName);
    },
    async deleteAll(appId) {
      await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
      sessions.clear();
      await state.changes.touch(collectionName);
    },
    forgetTokens() {
      proven.clear();
    },
    get counts() {
      return { sessions: sessions.size, tokens: proven.size };
    },
  };
}

/**
 * A secret that was replaced goes on to prove refresh tokens, which name a session that must be there; an access token
 * that it signed can only be one from before.
 */
function isTooLate(claims: TokenClaims, retiredAt: number | undefined): boolean {
  if (retiredAt === undefined) return false;
  const isLonger = claims.kind === "access" && claims.expiresAt > claims.issuedAt + accessSeconds;
  return isLonger || claims.issuedAt * 1000 > retiredAt;
}

function toHolder(claims: TokenClaims, user: UserRecord | undefined): TokenHolder {
  if (user === undefined) throw sessionNotFound(claims.kind);
  if (user.disabled) throw new Fault("UserDisabled", "user disabled");
  const { appId, sessionId, deviceId } = claims;
  return { appId, sessionId, deviceId, user };
}

/** Atlas: with more custom data than a header has room for, the token carries none; `custom_data` itself is whole. */
function textOf(userData: Doc | undefined): string | undefined {
  if (userData === undefined || userData.size > userDataLengthMax) return undefined;
  const text = toText(userData, "relaxed");
  return text.length > userDataLengthMax ? undefined : text;
}

function readSession(doc: Doc): Session | undefined {
  const appId = doc.get("app_id");
  const userId = doc.get("user_id");
  const deviceId = doc.get("device_id");
  const keyId = doc.get("key_id");
  const expires = doc.get("expires_at");
  if (!(appId instanceof ObjectId) || typeof userId !== "string") return undefined;
  return {
    appId: appId.toHex(),
    userId,
    deviceId: typeof deviceId === "string" ? deviceId : noDeviceId,
    keyId: typeof keyId === "string" ? keyId : undefined,
    expiresAt: expires instanceof DateTime ? Number(expires.ms) : 0,
  };
}

const expired = "expired token";

/** The message is the original's; the cause is for the log. */
function invalidSession(message: string, reason: string): Fault {
  return new Fault("InvalidSession", message, { cause: reason });
}

function sessionNotFound(kind: TokenClaims["kind"]): Fault {
  return invalidSession(`invalid session: failed to find ${kind} token`, "session has ended");
}
