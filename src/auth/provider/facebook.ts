/** Facebook, which knows no ID tokens for the web: its Graph API says whose an access token is. */
import { createHmac } from "node:crypto";
import { Doc } from "../../bson/doc.ts";
import { parseEjson } from "../../bson/parse-ejson.ts";
import { fetchBounded } from "./fetch-bounded.ts";
import {
  type AuthorizationCode,
  type AuthorizationStart,
  type IdentityProvider,
  notProven,
  type Profile,
  type ProviderAccess,
  readObject,
  textIn,
} from "./identity-provider.ts";

const version = "v21.0";
const pages = "https://www.facebook.com";
const graph = "https://graph.facebook.com";

/** Fields of the Graph API by the original's names; `id` is asked for always. */
const graphFields: ReadonlyMap<string, string> = new Map([
  ["name", "name"],
  ["first_name", "first_name"],
  ["last_name", "last_name"],
  ["picture", "picture"],
  ["gender", "gender"],
  ["birthday", "birthday"],
  ["min_age", "age_range"],
  ["max_age", "age_range"],
  ["email", "email"],
]);

/** Permissions beside `public_profile`. */
const permissions: ReadonlyMap<string, string> = new Map([
  ["email", "email"],
  ["gender", "user_gender"],
  ["birthday", "user_birthday"],
  ["min_age", "user_age_range"],
  ["max_age", "user_age_range"],
]);

export function createFacebook(): IdentityProvider {
  return {
    async authorizationUrl({ callback, state }: AuthorizationStart, { config, address }) {
      const url = new URL(`${address ?? pages}/${version}/dialog/oauth`);
      const wanted = config.metadataFields.flatMap(({ name }) => permissions.get(name) ?? []);
      url.search = new URLSearchParams({
        client_id: config.clientId,
        redirect_uri: callback,
        response_type: "code",
        scope: [...new Set(["public_profile", ...wanted])].join(","),
        state,
      }).toString();
      return url.href;
    },
    async proveCode({ code, redirectUri }: AuthorizationCode, access) {
      const answer = await ask(access, "oauth/access_token", {
        client_id: access.config.clientId,
        client_secret: await mustSecret(access),
        redirect_uri: redirectUri,
        code,
      });
      const token = textIn(answer, "access_token");
      if (token === undefined) throw notProven("the code was not taken");
      return prove(token, access);
    },
    proveToken: prove,
  };
}

async function prove(token: string, access: ProviderAccess): Promise<Profile> {
  const { clientId } = access.config;
  const secret = await mustSecret(access);
  // A token that was given to another app says nothing to this one.
  const { data } = await ask(access, "debug_token", {
    input_token: token,
    access_token: `${clientId}|${secret}`,
  });
  const about = readObject(JSON.stringify(data ?? null));
  if (about?.["is_valid"] !== true || textIn(about, "app_id") !== clientId)
    throw notProven("the access token is none of this app");
  const wanted = access.config.metadataFields.flatMap(({ name }) => graphFields.get(name) ?? []);
  const found = await ask(access, "me", {
    fields: [...new Set(["id", "name", "email", ...wanted])].join(","),
    access_token: token,
    appsecret_proof: createHmac("sha256", secret).update(token).digest("hex"),
  });
  const subject = textIn(found, "id");
  if (subject === undefined || subject !== textIn(about, "user_id"))
    throw notProven("the access token is nobody's");
  return { subject, fields: toFields(found), verifiedEmail: textIn(found, "email") };
}

function toFields(found: Readonly<Record<string, unknown>>): Doc {
  const doc = parseEjson(Buffer.from(JSON.stringify(found))).without("id");
  const picture = docIn(docIn(doc, "picture"), "data")?.get("url");
  const ages = docIn(doc, "age_range");
  const parts = [
    ["picture", picture],
    ["min_age", ages?.get("min")],
    ["max_age", ages?.get("max")],
  ] as const;
  const plain = doc.without("picture").without("age_range");
  return Doc.fromEntries([
    ...plain.entries(),
    ...parts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  ]);
}

function docIn(doc: Doc | undefined, field: string): Doc | undefined {
  const value = doc?.get(field);
  return value instanceof Doc ? value : undefined;
}

async function ask(
  { address }: ProviderAccess,
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  const { status, text } = await fetchBounded(
    `${address ?? graph}/${version}/${path}?${new URLSearchParams(parameters).toString()}`,
    { headers: { Accept: "application/json" } },
    address !== undefined,
  );
  const answer = readObject(text);
  if (status === 200 && answer !== undefined) return answer;
  throw notProven(`${path} was refused (${status})`);
}

async function mustSecret({ clientSecret }: ProviderAccess): Promise<string> {
  const secret = await clientSecret();
  if (secret !== undefined) return secret;
  throw notProven("the app's client secret is missing");
}
