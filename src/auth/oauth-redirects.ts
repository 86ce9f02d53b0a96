/**
 * Logging in by way of an identity provider's page: what is remembered while the browser is there.
 *
 * The way back is bound to the browser that set out (a cookie), to one use, and to ten minutes, so that nobody can be
 * led into an account that is not theirs, and no identity be added to another's account.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { Doc } from "../bson/doc.ts";
import { Binary, DateTime, ObjectId } from "../bson/value.ts";
import type { OauthProvider } from "../config/app-config.ts";
import type { StateStore } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import { type KeyRing, seal, unseal } from "../kit/seal.ts";
import { equalsInConstantTime, hashSecret } from "../kit/secret.ts";
import type { LoginContext, ProvenIdentity } from "./provider.ts";
import { providerNotFound } from "./providers.ts";
import { type OauthEnvironment, openProvider, toProvenIdentity } from "./provider/oauth.ts";

export interface Departure {
  readonly providerType: string;
  /** The client's own; it gets it back. */
  readonly state: string;
  /** Where the client wants its user back: one of the provider's `redirect_uris`, letter by letter. */
  readonly redirect: string;
  readonly device: Doc | undefined;
  /** The access token of the user who wants another identity. */
  readonly linkToken: string | undefined;
}

export interface Departed {
  /** The page of the identity provider. */
  readonly to: string;
  /** For the cookie that the way back needs. */
  readonly id: string;
  readonly secret: string;
}

/** Somebody on the way back. */
export interface Arrival extends Departure {
  /** The app's 24 hex digits. */
  readonly appId: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface OauthRedirects {
  /**
   * @throws {Fault} `AuthProviderNotFound`, `BadRequest` for a redirect that is not allowed, or where this server does
   *   not know its own address
   */
  depart(departure: Departure, context: LoginContext): Promise<Departed>;
  /**
   * Works once.
   *
   * @param secret of the cookie
   * @returns undefined for a way back that nobody set out on, that is too late, or not this browser's
   */
  arrive(id: string, secret: string): Promise<Arrival | undefined>;
  /**
   * Ties the way back of a link to the browser that has come, which is to ask its user first: a page's request for
   * another site keeps no cookie in many browsers.
   *
   * @returns undefined for anything but a link under way
   */
  rebind(id: string): Promise<{ readonly arrival: Arrival; readonly secret: string } | undefined>;
  /** @throws {Fault} `AuthError`, `DomainNotAllowed`, `AuthProviderNotFound` */
  prove(code: string, arrival: Arrival, context: LoginContext): Promise<ProvenIdentity>;
}

const collectionName = "oauth_departures";

/** How long a user may take at the identity provider, in milliseconds. */
export const departureMsMax = 600_000;

const textLengthMax = 2048;

/** What the settings say of it. */
export interface OauthPlace extends OauthEnvironment {
  /** Where identity providers send browsers to; undefined without a public URL. */
  readonly callback: string | undefined;
}

/** Makes the collection's index, too. */
export async function openOauthRedirects(
  environment: OauthPlace & {
    readonly state: StateStore;
    readonly keys: () => KeyRing;
    /** Milliseconds since 1970. */
    readonly now: () => number;
  },
): Promise<OauthRedirects> {
  const { callback, keys, now } = environment;
  const collection = environment.state.collection(collectionName);
  const expiry = Doc.of({ name: "expiry", expireAfterSeconds: 0 });
  await collection.createIndex(Doc.of({ expires_at: 1 }), expiry);

  async function depart(departure: Departure, context: LoginContext): Promise<Departed> {
    const config = mustFindProvider(departure.providerType, context);
    const known = mustHaveCallback(callback);
    mustBeAllowed(departure, config);
    const id = randomText();
    const secret = randomText();
    const nonce = randomText();
    const verifier = randomText();
    const { provider, access } = openProvider(environment, context, config);
    const to = await provider.authorizationUrl(
      { callback: known, state: id, nonce, verifier },
      access,
    );
    const arrival: Arrival = { ...departure, appId: context.app.id, nonce, verifier };
    await collection.insertOne(
      Doc.of({
        _id: hashSecret(id),
        secret: hashSecret(secret),
        ...toFields(arrival, keys()),
        expires_at: new DateTime(now() + departureMsMax),
      }),
    );
    return { to, id, secret };
  }

  function isInTime(doc: Doc | null): doc is Doc {
    const expiresAt = doc?.get("expires_at");
    return expiresAt instanceof DateTime && Number(expiresAt.ms) >= now();
  }

  async function rebind(id: string) {
    const secret = randomText();
    const filter = Doc.of({ _id: hashSecret(id), link: Doc.of({ $exists: true }) });
    const update = Doc.of({ $set: Doc.of({ secret: hashSecret(secret) }) });
    const doc = await collection.findOneAndUpdate(filter, update);
    const arrival = isInTime(doc) ? readArrival(doc, keys()) : undefined;
    return arrival === undefined ? undefined : { arrival, secret };
  }

  async function arrive(id: string, secret: string): Promise<Arrival | undefined> {
    const doc = await collection.findOneAndDelete(Doc.of({ _id: hashSecret(id) }));
    if (!isInTime(doc)) return undefined;
    const wanted = doc.get("secret");
    if (typeof wanted !== "string" || !equalsInConstantTime(wanted, hashSecret(secret)))
      return undefined;
    return readArrival(doc, keys());
  }

  async function prove(
    code: string,
    { providerType, nonce, verifier }: Arrival,
    context: LoginContext,
  ): Promise<ProvenIdentity> {
    const config = mustFindProvider(providerType, context);
    const { provider, access } = openProvider(environment, context, config);
    const redirectUri = mustHaveCallback(callback);
    const profile = await provider.proveCode({ code, redirectUri, verifier, nonce }, access);
    return toProvenIdentity(profile, config);
  }

  return { depart, arrive, rebind, prove };
}

/** 32 random bytes, as PKCE wants them and URLs take them. */
function randomText(): string {
  return randomBytes(32).toString("base64url");
}

function mustFindProvider(providerType: string, { config }: LoginContext): OauthProvider {
  for (const provider of config?.providers.values() ?? [])
    if (provider.type === providerType && "redirectUris" in provider && !provider.disabled)
      return provider;
  throw providerNotFound(providerType);
}

function mustHaveCallback(callback: string | undefined): string {
  if (callback !== undefined) return callback;
  throw new Fault(
    "BadRequest",
    "logging in by a redirect needs the address of this server: start it with --public-url",
  );
}

function mustBeAllowed(
  { redirect, state, linkToken }: Departure,
  { redirectUris }: OauthProvider,
): void {
  if (!redirectUris.includes(redirect))
    throw new Fault("BadRequest", "the redirect is not one of the provider's redirect URIs");
  if (state.length > textLengthMax || (linkToken ?? "").length > textLengthMax * 16)
    throw new Fault("BadRequest", "the request to log in is too long");
}

function toFields(
  arrival: Arrival,
  ring: KeyRing,
): Readonly<Record<string, string | Doc | Binary | ObjectId>> {
  const { appId, providerType, state, redirect, device, nonce, verifier, linkToken } = arrival;
  return {
    app_id: ObjectId.fromHex(appId),
    provider_type: providerType,
    state,
    redirect,
    nonce,
    verifier,
    ...(device !== undefined && { device }),
    ...(linkToken !== undefined && {
      link: new Binary(0, seal(ring, linkToken, contextOf(appId, nonce))),
    }),
  };
}

function contextOf(appId: string, nonce: string): string {
  return `oauth ${appId} ${nonce}`;
}

function readArrival(doc: Doc, ring: KeyRing): Arrival | undefined {
  const text = (field: string): string => {
    const value = doc.get(field);
    return typeof value === "string" ? value : "";
  };
  const app = doc.get("app_id");
  const appId = app instanceof ObjectId ? app.toHex() : "";
  const nonce = text("nonce");
  const link = doc.get("link");
  const linkToken =
    link instanceof Binary ? unseal(ring, link.bytes, contextOf(appId, nonce)) : undefined;
  // A link that can not be read must not turn into a login.
  if (link !== undefined && linkToken === undefined) return undefined;
  const device = doc.get("device");
  return {
    appId,
    providerType: text("provider_type"),
    state: text("state"),
    redirect: text("redirect"),
    device: device instanceof Doc ? device : undefined,
    nonce,
    verifier: text("verifier"),
    linkToken,
  };
}
