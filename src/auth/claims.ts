/** Old user ids that wait for whoever proves to be that user: the way of `petiole users import --claim`. */
import { hash } from "node:crypto";
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import type { StateStore } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import type { ProvenIdentity } from "./provider.ts";

/** What a user is recognised by, and the id that it had: `{ sub, user_id }` or `{ email, user_id }`. */
export interface GivenClaim {
  readonly sub?: string;
  readonly email?: string;
  readonly user_id: string;
}

export interface Claim {
  readonly kind: "sub" | "email";
  readonly name: string;
  /** 24 hex digits. */
  readonly userId: string;
}

export interface Claims {
  /**
   * Puts claims in place; one of the same name gives way.
   *
   * @returns how many
   * @throws {Fault} `InvalidParameter` for one with neither `sub` nor `email`, or both
   */
  add(appId: string, claims: readonly GivenClaim[]): Promise<number>;
  /** Puts one back that was taken in vain. */
  putBack(appId: string, claim: Claim): Promise<void>;
  /** Takes the claim of whoever logs in for the first time, so that nobody else gets it. */
  take(appId: string, proven: ProvenIdentity): Promise<Claim | undefined>;
  deleteAll(appId: string): Promise<void>;
}

const collectionName = "user_claims";
/** Those whose `name` is a `sub`, which the one who issued it vouches for. */
const vouched: ReadonlySet<string> = new Set(["custom-token", "custom-function"]);

export function openClaims(environment: {
  readonly state: StateStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}): Claims {
  const { state, now } = environment;
  const collection = state.collection(collectionName);

  async function takeOne(
    appId: string,
    kind: Claim["kind"],
    name: string,
  ): Promise<Claim | undefined> {
    const filter = Doc.of({ _id: idOf(appId, kind, name) });
    // Few apps have claims: a look is less work than a write that finds nothing.
    if ((await collection.findOne(filter)) === null) return undefined;
    const doc = await collection.findOneAndDelete(filter);
    const userId = doc?.get("user_id");
    return typeof userId === "string" ? { kind, name, userId } : undefined;
  }

  async function put(appId: string, { kind, name, userId }: Claim): Promise<void> {
    const id = idOf(appId, kind, name);
    const fields = { app_id: ObjectId.fromHex(appId), kind, name, user_id: userId };
    const replacement = Doc.of({ _id: id, ...fields, created_at: new DateTime(now()) });
    await collection.replaceOne(Doc.of({ _id: id }), replacement, { upsert: true });
  }

  return {
    async add(appId, claims) {
      for (const each of claims.map(toClaim)) await put(appId, each);
      return claims.length;
    },
    putBack: put,
    async take(appId, { providerType, name, verifiedEmail }) {
      const bySub = vouched.has(providerType) || providerType.startsWith("oauth2-");
      const claim = bySub ? await takeOne(appId, "sub", name) : undefined;
      if (claim !== undefined || verifiedEmail === undefined) return claim;
      return takeOne(appId, "email", verifiedEmail.toLowerCase());
    },
    async deleteAll(appId) {
      await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
    },
  };
}

function toClaim({ sub, email, user_id: userId }: GivenClaim): Claim {
  if (sub !== undefined && email === undefined) return { kind: "sub", name: sub, userId };
  if (email !== undefined && sub === undefined)
    return { kind: "email", name: email.toLowerCase(), userId };
  throw new Fault("InvalidParameter", "a claim has either a sub or an email");
}

function idOf(appId: string, kind: Claim["kind"], name: string): string {
  return appId + hash("sha256", `${kind}\0${name}`, "hex");
}
