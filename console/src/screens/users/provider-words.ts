/** What may be set of each provider, and what it begins with. */
import type { ProviderType } from "../../api/users.ts";

export const purposes: Readonly<Record<ProviderType, string>> = {
  "anon-user": "Without any credentials: each login is a new user.",
  "local-userpass": "With an e-mail address and a password.",
  "api-key": "With a key: of the server, or of a user.",
  "custom-token": "With a JSON Web Token of your own system.",
  "custom-function": "A function of the app decides.",
  "oauth2-google": "With a Google account.",
  "oauth2-facebook": "With a Facebook account.",
  "oauth2-apple": "With an Apple ID.",
  "oauth2-oidc": "With an account of any provider of OpenID Connect.",
};

export interface ProviderField {
  /** Where it stands in `auth/providers.json`. */
  readonly at: readonly [name: string] | readonly [group: string, name: string];
  readonly label: string;
  readonly kind: "text" | "texts" | "flag" | "function" | "secret" | "secrets" | "algorithm";
  readonly description?: string;
  /** Shown while this flag of `config` is on, or off where it begins with `!`. */
  readonly when?: string;
}

const redirects: ProviderField = {
  at: ["redirect_uris"],
  label: "Where logins may lead back to",
  kind: "texts",
  description: "Addresses of your pages and apps",
};
const clientId: ProviderField = { at: ["config", "clientId"], label: "Client id", kind: "text" };
const clientSecret: ProviderField = {
  at: ["secret_config", "clientSecret"],
  label: "Secret that holds the client secret",
  kind: "secret",
};
const oauth = [clientId, clientSecret, redirects];

export const fieldsOfProvider: Readonly<Partial<Record<ProviderType, readonly ProviderField[]>>> = {
  "local-userpass": [
    {
      at: ["config", "autoConfirm"],
      label: "Who registers may log in at once, unconfirmed",
      kind: "flag",
    },
    {
      at: ["config", "runConfirmationFunction"],
      label: "A function confirms, instead of a mail",
      kind: "flag",
      when: "!autoConfirm",
    },
    {
      at: ["config", "confirmationFunctionName"],
      label: "Function that confirms",
      kind: "function",
      when: "runConfirmationFunction",
    },
    {
      at: ["config", "emailConfirmationUrl"],
      label: "Page that the mail to confirm leads to",
      kind: "text",
      description: "It gets ?token=…&tokenId=…",
      when: "!autoConfirm",
    },
    {
      at: ["config", "confirmEmailSubject"],
      label: "Subject of the mail to confirm",
      kind: "text",
      when: "!autoConfirm",
    },
    {
      at: ["config", "runResetFunction"],
      label: "A function resets passwords, instead of a mail",
      kind: "flag",
    },
    {
      at: ["config", "resetFunctionName"],
      label: "Function that resets",
      kind: "function",
      when: "runResetFunction",
    },
    {
      at: ["config", "resetPasswordUrl"],
      label: "Page that the mail to reset leads to",
      kind: "text",
      description: "It gets ?token=…&tokenId=…",
    },
    {
      at: ["config", "resetPasswordSubject"],
      label: "Subject of the mail to reset",
      kind: "text",
    },
  ],
  "custom-token": [
    {
      at: ["config", "useJWKURI"],
      label: "Keys come from an address (JWKS)",
      kind: "flag",
    },
    { at: ["config", "jwkURI"], label: "Address of the keys", kind: "text", when: "useJWKURI" },
    {
      at: ["config", "signingAlgorithm"],
      label: "Algorithm",
      kind: "algorithm",
      when: "!useJWKURI",
    },
    {
      at: ["secret_config", "signingKeys"],
      label: "Secrets that hold the keys",
      kind: "secrets",
      description: "At most 3",
      when: "!useJWKURI",
    },
    {
      at: ["config", "audience"],
      label: "Audiences",
      kind: "texts",
      description: "None: the App ID",
    },
    {
      at: ["config", "requireAnyAudience"],
      label: "One of the audiences is enough",
      kind: "flag",
    },
  ],
  "custom-function": [
    { at: ["config", "authFunctionName"], label: "Function that decides", kind: "function" },
  ],
  "oauth2-google": [
    ...oauth,
    { at: ["config", "openId"], label: "Take Google's ID tokens", kind: "flag" },
    {
      at: ["domain_restrictions"],
      label: "Domains whose accounts may log in",
      kind: "texts",
      description: "None: all",
    },
  ],
  "oauth2-facebook": oauth,
  "oauth2-apple": oauth,
  "oauth2-oidc": [
    {
      at: ["config", "issuer"],
      label: "Issuer",
      kind: "text",
      description: "As its tokens name it: https://…",
    },
    ...oauth,
    {
      at: ["config", "scopes"],
      label: "Scopes",
      kind: "texts",
      description: "Asked for beside openid",
    },
  ],
};

/** What settings begin with. */
export const firstSettings: Readonly<Partial<Record<ProviderType, object>>> = {
  "local-userpass": { config: { autoConfirm: true } },
  "custom-token": {
    config: {
      audience: [],
      requireAnyAudience: false,
      signingAlgorithm: "HS256",
      useJWKURI: false,
    },
    secret_config: { signingKeys: [] },
    metadata_fields: [],
  },
  "oauth2-oidc": { config: { clientId: "", issuer: "", scopes: ["email", "profile"] } },
};
