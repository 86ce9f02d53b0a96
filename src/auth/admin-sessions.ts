/** Sessions of administrators: a token to work with, and one to get the next with, until it is given up. */
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import type { StateStore } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import { createQueue } from "../kit/queue.ts";
import { createSecret, equalsInConstantTime, hashSecret } from "../kit/secret.ts";
import { type AdminClaims, issueAdminToken, readAdminToken } from "./admin-token.ts";
import type { Administrator, Administrators } from "./administrators.ts";

export interface AdminSession {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly userId: string;
}

export interface AdminSessions {
  /** @throws {Fault} `Unauthorized`, `TooManyRequests` */
  logIn(kind: Administrator["kind"], name: string, secret: string): Promise<AdminSession>;
  /**
   * Makes a token that logs an administrator in once, within an hour, on this node. One is good at a time.
   *
   * @param name the administrator's; may be made a moment later
   */
  offerOnce(name: string): string;
  /** @throws {Fault} `Unauthorized` for any other token, and for one that was used or is too old */
  logInOnce(token: string): Promise<AdminSession>;
  /** Ends all sessions of an administrator: no more access tokens. */
  endAll(administratorId: string): Promise<void>;
  /** @returns a new access token @throws {Fault} `InvalidSession` */
  refresh(refreshToken: string): Promise<string>;
  /** Ends the session: no more access tokens. */
  logOut(refreshToken: string): Promise<void>;
  /** Whose access token it is; undefined for any other text. */
  read(accessToken: string): AdminClaims | undefined;
}

const accessSeconds = 30 * 60;
const refreshSeconds = 60 * 24 * 60 * 60;

/** Wrong logins of one name within a minute, before it must wait. */
const failuresMax = 10;
const failuresMs = 60_000;
const namesMax = 10_000;
/** Checking a password takes a core for a third of a second. */
const waitingMax = 20;

const collectionName = "admin_sessions";

const onceMs = 60 * 60_000;
/** 256 bits and a little. */
const onceLength = 43;

/** What `offerOnce` keeps of its token. */
interface Offer {
  readonly hash: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Makes the collection's indexes. */
export async function prepareAdminSessions(state: StateStore): Promise<void> {
  const options = Doc.of({ name: "expires_at", expireAfterSeconds: 0 });
  await state.collection(collectionName).createIndex(Doc.of({ expires_at: 1 }), options);
}

export function openAdminSessions(environment: {
  readonly state: StateStore;
  readonly administrators: Administrators;
  /** Signs tokens: the same on all nodes. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
}): AdminSessions {
  const { state, administrators, secret, now, newId } = environment;
  const collection = state.collection(collectionName);
  const inTurn = createQueue();
  const failures = new Map<string, { count: number; since: number }>();
  let waiting = 0;
  let offer: Offer | undefined;
  const seconds = (): number => Math.floor(now() / 1000);

  async function verify(
    kind: Administrator["kind"],
    name: string,
    given: string,
  ): Promise<Administrator | undefined> {
    if (kind === "key") return administrators.verifyKey(name, given);
    if (waiting >= waitingMax) throw new Fault("TooManyRequests", "too many logins at once");
    waiting += 1;
    try {
      return await inTurn(async () => administrators.verify(name, given));
    } finally {
      waiting -= 1;
    }
  }

  function mustBePatient(name: string): void {
    const failed = failures.get(name);
    if (failed === undefined) return;
    if (now() - failed.since > failuresMs) failures.delete(name);
    else if (failed.count >= failuresMax)
      throw new Fault("TooManyRequests", "too many wrong logins; try again in a minute");
  }

  function noteFailure(name: string): void {
    const failed = failures.get(name) ?? { count: 0, since: now() };
    failed.count += 1;
    const [oldest] = failures.keys();
    if (failures.size >= namesMax && oldest !== undefined) failures.delete(oldest);
    failures.set(name, failed);
  }

  async function begin(administrator: Administrator): Promise<AdminSession> {
    const session = newId();
    await collection.insertOne(
      Doc.of({
        _id: session,
        administrator: ObjectId.fromHex(administrator.id),
        expires_at: new DateTime(now() + refreshSeconds * 1000),
      }),
    );
    const claims = {
      subject: administrator.id,
      name: administrator.name,
      session: session.toHex(),
    };
    const issue = (use: AdminClaims["use"], lifetime: number): string =>
      issueAdminToken({ ...claims, use }, secret, seconds(), lifetime);
    return {
      accessToken: issue("access", accessSeconds),
      refreshToken: issue("refresh", refreshSeconds),
      userId: administrator.id,
    };
  }

  function readRefresh(token: string): AdminClaims {
    const claims = readAdminToken(token, secret, seconds());
    if (claims?.use === "refresh") return claims;
    throw new Fault("InvalidSession", "invalid session");
  }

  return {
    async logIn(kind, name, given) {
      const key = `${kind} ${name.slice(0, 254).toLowerCase()}`;
      mustBePatient(key);
      const administrator = await verify(kind, name, given);
      if (administrator === undefined) {
        noteFailure(key);
        throw new Fault("Unauthorized", "unauthorized");
      }
      failures.delete(key);
      return begin(administrator);
    },
    offerOnce(name) {
      const token = createSecret(onceLength);
      offer = { hash: hashSecret(token), name, until: now() + onceMs };
      return token;
    },
    async logInOnce(token) {
      const taken = offer;
      if (
        taken === undefined ||
        now() >= taken.until ||
        !equalsInConstantTime(hashSecret(token), taken.hash)
      )
        throw new Fault("Unauthorized", "unauthorized");
      // Before the first wait: two that come together must not both get in.
      offer = undefined;
      const found = (await administrators.list()).find(({ name }) => name === taken.name);
      if (found !== undefined) return begin(found);
      // Hashing its password may take longer than the first click.
      offer ??= taken;
      throw new Fault("Unauthorized", "unauthorized");
    },
    async endAll(administratorId) {
      const filter = Doc.of({ administrator: ObjectId.fromHex(administratorId) });
      await collection.deleteMany(filter);
    },
    async refresh(token) {
      const claims = readRefresh(token);
      const filter = Doc.of({ _id: ObjectId.fromHex(claims.session) });
      const isGone = !administrators.has(claims.subject);
      if (isGone || (await collection.findOne(filter)) === null)
        throw new Fault("InvalidSession", "invalid session");
      return issueAdminToken({ ...claims, use: "access" }, secret, seconds(), accessSeconds);
    },
    async logOut(token) {
      const { session } = readRefresh(token);
      await collection.deleteOne(Doc.of({ _id: ObjectId.fromHex(session) }));
    },
    read(token) {
      const claims = readAdminToken(token, secret, seconds());
      if (claims?.use !== "access") return undefined;
      return administrators.has(claims.subject) ? claims : undefined;
    },
  };
}
