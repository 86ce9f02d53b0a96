/** How each provider's configuration looks in `auth/providers.json`. */
import { type TObject, type TSchema, Type } from "@sinclair/typebox";
import {
  anything,
  functionNameOrNone,
  ids,
  maybe,
  oneOf,
  secretName,
  secretNameOrNone,
  strict,
} from "./schema.ts";

function providerOf<Config extends TSchema, Secrets extends TSchema>(
  config: Config,
  secrets: Secrets,
) {
  return Type.Object(
    {
      ...ids,
      name: maybe(Type.String()),
      type: Type.String(),
      disabled: maybe(Type.Boolean()),
      config: maybe(config),
      secret_config: maybe(secrets),
      metadata_fields: maybe(Type.Array(metadataField)),
      redirect_uris: maybe(Type.Array(Type.String())),
      domain_restrictions: maybe(Type.Array(Type.String())),
    },
    strict,
  );
}

const metadataField = Type.Object(
  {
    required: maybe(Type.Boolean()),
    name: Type.String({ minLength: 1, description: "the path of a field" }),
    field_name: maybe(
      Type.String({ maxLength: 63, description: "a name of at most 63 characters" }),
    ),
  },
  strict,
);

const nothing: TObject = Type.Object({}, strict);
const subject = Type.String({ maxLength: 256, description: "a text of at most 256 characters" });

export const plainSchema = providerOf(nothing, nothing);

export const emailPasswordSchema = providerOf(
  Type.Object(
    {
      autoConfirm: maybe(Type.Boolean()),
      emailConfirmationUrl: maybe(Type.String()),
      confirmEmailSubject: maybe(subject),
      runConfirmationFunction: maybe(Type.Boolean()),
      confirmationFunctionName: maybe(functionNameOrNone),
      confirmationFunctionId: anything(),
      resetPasswordUrl: maybe(Type.String()),
      resetPasswordSubject: maybe(subject),
      runResetFunction: maybe(Type.Boolean()),
      resetFunctionName: maybe(functionNameOrNone),
      resetFunctionId: anything(),
    },
    strict,
  ),
  nothing,
);

export const customTokenSchema = providerOf(
  Type.Object(
    {
      audience: maybe(
        Type.Unsafe<string | readonly string[]>({
          type: ["string", "array"],
          items: { type: "string" },
          description: "a text or a list of texts",
        }),
      ),
      requireAnyAudience: maybe(Type.Boolean()),
      signingAlgorithm: maybe(
        oneOf([
          "",
          "HS256",
          "HS384",
          "HS512",
          "RS256",
          "RS384",
          "RS512",
          "PS256",
          "PS384",
          "PS512",
          "ES256",
          "ES384",
          "ES512",
        ]),
      ),
      useJWKURI: maybe(Type.Boolean()),
      jwkURI: maybe(Type.String()),
    },
    strict,
  ),
  Type.Object(
    {
      signingKeys: maybe(
        Type.Array(secretName, {
          maxItems: 3,
          description: "a list of at most 3 names of secrets",
        }),
      ),
    },
    strict,
  ),
);

export const customFunctionSchema = providerOf(
  Type.Object({ authFunctionName: maybe(functionNameOrNone), authFunctionId: anything() }, strict),
  nothing,
);

export const oauthSchema = providerOf(
  Type.Object({ clientId: maybe(Type.String()), openId: maybe(Type.Boolean()) }, strict),
  Type.Object({ clientSecret: maybe(secretNameOrNone) }, strict),
);

/** Atlas: the original had no provider of this kind. */
export const oidcSchema = providerOf(
  Type.Object(
    {
      clientId: maybe(Type.String()),
      issuer: maybe(Type.String()),
      scopes: maybe(Type.Array(Type.String({ pattern: "^[!-~]+$", description: "a scope" }))),
    },
    strict,
  ),
  Type.Object({ clientSecret: maybe(secretNameOrNone) }, strict),
);
