/** What each type of provider says, and how it is written. */
import type { Static } from "@sinclair/typebox";
import type {
  CustomFunctionProvider,
  CustomTokenProvider,
  EmailPasswordProvider,
  MetadataField,
  OauthProvider,
  Origin,
  PlainProvider,
} from "../app-config.ts";
import type { Codec } from "./codec.ts";
import { given } from "./given.ts";
import { fieldOf, type JsonMembers } from "./json-node.ts";
import {
  customFunctionSchema,
  customTokenSchema,
  emailPasswordSchema,
  oauthSchema,
  oidcSchema,
  plainSchema,
} from "./provider-schemas.ts";
import { at, type Reporter, show, silent } from "./report.ts";

const verbatim: ReadonlySet<string> = new Set();

export function plainCodec(type: PlainProvider["type"]): Codec<typeof plainSchema, PlainProvider> {
  return {
    schema: plainSchema,
    verbatim,
    read: (wire, origin) => ({ type, disabled: wire.disabled ?? false, origin }),
    write: (provider) => ({ name: type, type, disabled: provider.disabled }),
  };
}

export const emailPasswordCodec: Codec<typeof emailPasswordSchema, EmailPasswordProvider> = {
  schema: emailPasswordSchema,
  verbatim,
  read(wire, origin, report) {
    const config = wire.config ?? {};
    const disabled = wire.disabled ?? false;
    const reporter = disabled ? silent : report;
    const confirmFunction = chosenFunction(
      config.runConfirmationFunction,
      config.confirmationFunctionName,
      () => at(origin, "config", "confirmationFunctionName"),
      reporter,
    );
    const resetFunction = chosenFunction(
      config.runResetFunction,
      config.resetFunctionName,
      () => at(origin, "config", "resetFunctionName"),
      reporter,
    );
    return {
      type: "local-userpass",
      disabled,
      autoConfirm: config.autoConfirm ?? false,
      ...given("confirmUrl", config.emailConfirmationUrl),
      ...given("confirmSubject", config.confirmEmailSubject),
      ...given("confirmFunction", confirmFunction),
      ...given("resetUrl", config.resetPasswordUrl),
      ...given("resetSubject", config.resetPasswordSubject),
      ...given("resetFunction", resetFunction),
      origin,
    };
  },
  write: (provider) => ({
    name: provider.type,
    type: provider.type,
    config: {
      autoConfirm: provider.autoConfirm,
      emailConfirmationUrl: provider.confirmUrl,
      confirmEmailSubject: provider.confirmSubject,
      runConfirmationFunction: provider.confirmFunction !== undefined,
      confirmationFunctionName: provider.confirmFunction,
      resetPasswordUrl: provider.resetUrl,
      resetPasswordSubject: provider.resetSubject,
      runResetFunction: provider.resetFunction !== undefined,
      resetFunctionName: provider.resetFunction,
    },
    disabled: provider.disabled,
  }),
};

/** A name that is there while the function is switched off stays in the file alone. */
function chosenFunction(
  isOn: boolean | undefined,
  name: string | undefined,
  where: () => ReturnType<typeof at>,
  report: Reporter,
): string | undefined {
  if (isOn !== true) return undefined;
  if (name === undefined || name === "")
    report.wrong(where(), "the name of a function", name === "" ? '""' : "nothing");
  return name;
}

export const customTokenCodec: Codec<typeof customTokenSchema, CustomTokenProvider> = {
  schema: customTokenSchema,
  verbatim,
  read(wire, origin, report) {
    const { audience = [], useJWKURI = false, ...config } = wire.config ?? {};
    const disabled = wire.disabled ?? false;
    if (!disabled) checkKeys(wire, origin, report);
    return {
      type: "custom-token",
      disabled,
      audiences: [audience].flat().filter((each) => each !== ""),
      anyAudience: config.requireAnyAudience ?? false,
      signingAlgorithm: config.signingAlgorithm || (useJWKURI ? "RS256" : "HS256"),
      ...given("jwkUri", useJWKURI ? config.jwkURI : undefined),
      signingKeySecrets: wire.secret_config?.signingKeys ?? [],
      metadataFields: toMetadataFields(wire.metadata_fields),
      origin,
    };
  },
  write: (provider) => ({
    name: provider.type,
    type: provider.type,
    config: {
      audience: [...provider.audiences],
      requireAnyAudience: provider.anyAudience,
      signingAlgorithm: provider.signingAlgorithm,
      useJWKURI: provider.jwkUri !== undefined,
      jwkURI: provider.jwkUri,
    },
    secret_config: { signingKeys: [...provider.signingKeySecrets] },
    metadata_fields: fromMetadataFields(provider.metadataFields),
    disabled: provider.disabled,
  }),
};

/** Tokens are checked with keys: from a URI or from secrets. */
function checkKeys(
  { config = {}, secret_config: secrets }: Static<typeof customTokenSchema>,
  origin: Origin,
  report: Reporter,
): void {
  if (config.useJWKURI === true) {
    if (!/^https?:\/\/./.test(config.jwkURI ?? ""))
      report.wrong(
        at(origin, "config", "jwkURI"),
        "a URL, since useJWKURI is true",
        show(fieldOf(fieldOf(origin.expanded, "config"), "jwkURI")),
      );
    return;
  }
  const keys = secrets?.signingKeys;
  if (keys === undefined || keys.length === 0)
    report.wrong(
      at(origin, "secret_config", "signingKeys"),
      "the name of at least one secret, since useJWKURI is not true",
      keys === undefined ? "nothing" : "an empty list",
    );
}

export const customFunctionCodec: Codec<typeof customFunctionSchema, CustomFunctionProvider> = {
  schema: customFunctionSchema,
  verbatim,
  read(wire, origin, report) {
    const functionName = wire.config?.authFunctionName ?? "";
    const disabled = wire.disabled ?? false;
    if (!disabled && functionName === "")
      report.wrong(
        at(origin, "config", "authFunctionName"),
        "the name of a function",
        show(fieldOf(fieldOf(origin.expanded, "config"), "authFunctionName")),
      );
    return { type: "custom-function", disabled, functionName, origin };
  },
  write: (provider) => ({
    name: provider.type,
    type: provider.type,
    config: { authFunctionName: provider.functionName },
    disabled: provider.disabled,
  }),
};

export function oauthCodec(type: OauthProvider["type"]): Codec<typeof oauthSchema, OauthProvider> {
  return {
    schema: oauthSchema,
    verbatim,
    read(wire, origin, report) {
      const disabled = wire.disabled ?? false;
      const clientId = wire.config?.clientId ?? "";
      if (!disabled && clientId === "")
        report.wrong(
          at(origin, "config", "clientId"),
          "the client id that the provider gave",
          show(fieldOf(fieldOf(origin.expanded, "config"), "clientId")),
        );
      return {
        type,
        disabled,
        clientId,
        openId: wire.config?.openId ?? false,
        ...given("clientSecretName", wire.secret_config?.clientSecret || undefined),
        metadataFields: toMetadataFields(wire.metadata_fields),
        redirectUris: wire.redirect_uris ?? [],
        domainRestrictions: wire.domain_restrictions ?? [],
        origin,
      };
    },
    write: (provider) => ({
      name: type,
      type,
      config: { clientId: provider.clientId, ...(provider.openId ? { openId: true } : {}) },
      secret_config: { clientSecret: provider.clientSecretName },
      metadata_fields: fromMetadataFields(provider.metadataFields),
      redirect_uris: [...provider.redirectUris],
      domain_restrictions:
        provider.domainRestrictions.length > 0 ? [...provider.domainRestrictions] : undefined,
      disabled: provider.disabled,
    }),
  };
}

export const oidcCodec: Codec<typeof oidcSchema, OauthProvider> = {
  schema: oidcSchema,
  verbatim,
  read(wire, origin, report) {
    const disabled = wire.disabled ?? false;
    const { clientId = "", issuer = "", scopes } = wire.config ?? {};
    if (!disabled && clientId === "")
      report.wrong(
        at(origin, "config", "clientId"),
        "the client id that the provider gave",
        show(fieldOf(fieldOf(origin.expanded, "config"), "clientId")),
      );
    if (!disabled && !/^https?:\/\/[^\s?#]+$/.test(issuer))
      report.wrong(
        at(origin, "config", "issuer"),
        "the URL that the provider calls itself",
        show(fieldOf(fieldOf(origin.expanded, "config"), "issuer")),
      );
    return {
      type: "oauth2-oidc",
      disabled,
      clientId,
      issuer,
      ...given("scopes", scopes),
      openId: true,
      ...given("clientSecretName", wire.secret_config?.clientSecret || undefined),
      metadataFields: toMetadataFields(wire.metadata_fields),
      redirectUris: wire.redirect_uris ?? [],
      domainRestrictions: wire.domain_restrictions ?? [],
      origin,
    };
  },
  write: (provider) => ({
    name: provider.type,
    type: provider.type,
    config: {
      clientId: provider.clientId,
      issuer: provider.issuer,
      scopes: provider.scopes === undefined ? undefined : [...provider.scopes],
    },
    secret_config: { clientSecret: provider.clientSecretName },
    metadata_fields: fromMetadataFields(provider.metadataFields),
    redirect_uris: [...provider.redirectUris],
    domain_restrictions:
      provider.domainRestrictions.length > 0 ? [...provider.domainRestrictions] : undefined,
    disabled: provider.disabled,
  }),
};

function toMetadataFields(
  fields: Static<typeof oauthSchema>["metadata_fields"],
): readonly MetadataField[] {
  return (fields ?? []).map((field) => ({
    name: field.name,
    ...given("fieldName", field.field_name || undefined),
    required: field.required ?? false,
  }));
}

function fromMetadataFields(fields: readonly MetadataField[]): readonly JsonMembers[] | undefined {
  if (fields.length === 0) return undefined;
  return fields.map(({ name, fieldName, required }) => ({ required, name, field_name: fieldName }));
}
