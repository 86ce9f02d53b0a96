/** Logging in with Google, Facebook, Apple, or any provider of OpenID Connect: by what a client brings from there. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { MetadataField, OauthProvider } from "../../config/app-config.ts";
import { Fault } from "../../kit/fault.ts";
import type { LoginContext, Provider, ProvenIdentity } from "../provider.ts";
import { createFacebook } from "./facebook.ts";
import {
  type IdentityProvider,
  notProven,
  type Profile,
  type ProviderAccess,
} from "./identity-provider.ts";
import { createOidc } from "./oidc.ts";

export type OauthType = OauthProvider["type"];

export interface OauthEnvironment {
  /** The value of an app's secret; undefined when there is none of the name. */
  readonly openSecret: (appId: string, name: string) => Promise<string | undefined>;
  /** By the provider's type: where it is found instead of its own place. */
  readonly addresses: ReadonlyMap<string, string>;
}

export const identityProviders: ReadonlyMap<OauthType, IdentityProvider> = new Map<
  OauthType,
  IdentityProvider
>([
  [
    "oauth2-google",
    createOidc({
      issuer: "https://accounts.google.com",
      otherIssuers: ["accounts.google.com"],
      scopes: ["email", "profile"],
      // One domain can be named to it; it is checked here all the same.
      parameters: ({
        config: {
          domainRestrictions: [domain, ...others],
        },
      }) => (domain === undefined || others.length > 0 ? {} : { hd: domain }),
    }),
  ],
  [
    "oauth2-apple",
    createOidc({
      issuer: "https://appleid.apple.com",
      scopes: ["name", "email"],
      responseMode: "form_post",
    }),
  ],
  ["oauth2-oidc", createOidc({ issuer: undefined, scopes: ["email", "profile"] })],
  ["oauth2-facebook", createFacebook()],
]);

/** How each kind of proof is called in what clients send. */
const tokenFields: ReadonlyMap<OauthType, readonly string[]> = new Map([
  ["oauth2-google", ["id_token"]],
  ["oauth2-apple", ["id_token"]],
  ["oauth2-oidc", ["id_token"]],
  ["oauth2-facebook", ["accessToken"]],
]);

const tokenLengthMax = 65_536;

export function createOauth(environment: OauthEnvironment): Provider<OauthProvider> {
  return {
    async login(payload, context, config) {
      const { provider, access } = openProvider(environment, context, config);
      const profile = await prove(payload, provider, access);
      return toProvenIdentity(profile, config);
    },
  };
}

/** A provider, and with what it is asked on behalf of one app. */
export function openProvider(
  { openSecret, addresses }: OauthEnvironment,
  { app }: Pick<LoginContext, "app">,
  config: OauthProvider,
): { readonly provider: IdentityProvider; readonly access: ProviderAccess } {
  const provider = identityProviders.get(config.type);
  if (provider === undefined) throw new TypeError(`no identity provider ${config.type}`);
  const { clientSecretName } = config;
  const access: ProviderAccess = {
    config,
    address: addresses.get(config.type),
    clientSecret: async () =>
      clientSecretName === undefined ? undefined : openSecret(app.id, clientSecretName),
  };
  return { provider, access };
}

async function prove(
  payload: Doc,
  provider: IdentityProvider,
  access: ProviderAccess,
): Promise<Profile> {
  const { config } = access;
  for (const field of tokenFields.get(config.type) ?? []) {
    const token = textOf(payload.get(field));
    if (token === undefined) continue;
    if (config.type === "oauth2-google" && !config.openId)
      throw notProven("OpenID Connect is not enabled for this provider");
    return provider.proveToken(token, access);
  }
  const code = textOf(payload.get("authCode"));
  if (code === undefined)
    throw new Fault("MissingParameter", "must provide a token or a code of the identity provider");
  return provider.proveCode({ code, redirectUri: redirectUriOf(payload, config) }, access);
}

/**
 * Where the code was asked for. Apps on phones ask without one; a page names its own, or Google's word for its popup.
 *
 * Atlas: what the original sent here is not known.
 */
function redirectUriOf(payload: Doc, { redirectUris }: OauthProvider): string {
  const given = textOf(payload.get("redirectUri"));
  if (given === undefined) return "";
  if (given === "postmessage" || redirectUris.includes(given)) return given;
  throw notProven("the redirect URI is not one of the provider's");
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= tokenLengthMax
    ? value
    : undefined;
}

/** @throws {Fault} `DomainNotAllowed`, `AuthError` where a field is required and not told */
export function toProvenIdentity(
  { subject, fields, verifiedEmail }: Profile,
  { type, domainRestrictions, metadataFields }: OauthProvider,
): ProvenIdentity {
  if (domainRestrictions.length > 0) {
    const domain = verifiedEmail?.split("@").at(-1)?.toLowerCase();
    if (!domainRestrictions.some((each) => each.toLowerCase() === domain))
      throw new Fault("DomainNotAllowed", "the domain of this user is not allowed");
  }
  return {
    providerType: type,
    name: subject,
    data: pickMetadata(metadataFields, fields),
    refreshes: true,
    ...(verifiedEmail !== undefined && { verifiedEmail }),
  };
}

function pickMetadata(wanted: readonly MetadataField[], fields: Doc): Doc {
  return Doc.fromEntries(
    wanted.flatMap(({ name, fieldName, required }) => {
      const value = valueAt(fields, name);
      if (value === undefined && required) throw notProven(`the provider did not tell '${name}'`);
      return value === undefined ? [] : [[fieldName ?? lastPartOf(name), value] as const];
    }),
  );
}

function partsOf(name: string): readonly string[] {
  return name.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", "."));
}

function lastPartOf(name: string): string {
  return partsOf(name).at(-1) ?? name;
}

function valueAt(fields: Doc, name: string): Value | undefined {
  let value: Value | undefined = fields;
  for (const part of partsOf(name)) value = value instanceof Doc ? value.get(part) : undefined;
  return value;
}
