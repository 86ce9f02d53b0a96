/** Secrets in every place where a request, an app or a server has one, and what carries them. */

type Place =
  | "environment"
  | "app secret"
  | "header"
  | "query"
  | "body"
  | "credential"
  | "function output"
  | "admin";

export const planted = new Map<string, Place>();

/** A secret that looks like nothing in particular, unless `form` gives it a form. */
export function plant(place: Place, form: (secret: string) => string = (secret) => secret): string {
  const secret = form(`plant${String(planted.size).padStart(3, "0")}xyzzy`);
  planted.set(secret, place);
  return secret;
}

export const longKey = (secret: string): string => `${secret}aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6`;
const jwt = (secret: string): string =>
  `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(`{"sub":"${secret}"}`).toString("base64url")}.${Buffer.from(secret).toString("base64url")}`;

export const variables = {
  PETIOLE_API_KEY: plant("environment", longKey),
  PETIOLE_SECRET_FROM_ENVIRONMENT: plant("environment"),
  PETIOLE_SECRET_UNUSED: plant("environment"),
  PETIOLE_MASTER_KEY: "5ec2e7".padEnd(64, "0"),
};
planted.set(variables.PETIOLE_MASTER_KEY, "environment");
/** Nobody listens there: whatever is said of it must not quote its password. */
export const deadUri = `mongodb://user:${plant("environment")}@127.0.0.1:9/?serverSelectionTimeoutMS=200`;

export const echo = `exports = async function (request, response) {
  const held = ["one", "two", "three", "env"].map((name) => context.values.get(name));
  console.log("held", ...held);
  console.log("headers", JSON.stringify(request.headers));
  console.log("query", JSON.stringify(request.query));
  console.log("body", request.body === undefined ? "" : request.body.text());
  if (request.query.fails === "yes")
    throw new Error("it was " + held[0] + " and " + held[3] + " and " + request.query.token);
  return { ok: true };
};`;
/** What functions print in forms of its own, not from the request. */
export const printed = [
  `password=${plant("function output")}`,
  `Authorization: Bearer ${plant("function output", longKey)}`,
  `{"client_secret":"${plant("function output")}"}`,
  `mongodb+srv://app:${plant("function output")}@cluster0.example.net/db`,
  `token is ${plant("function output", jwt)}`,
  `api_key: '${plant("function output")}'`,
  `-----BEGIN PRIVATE KEY-----\n${plant("function output")}\n-----END PRIVATE KEY-----`,
  `session key ${plant("function output", longKey)}`,
];
/** The lines come encoded, so that nothing but the function's own output holds them as they are. */
export const printer = `exports = (request) => {
  const lines = JSON.parse(Buffer.from(request.body.text(), "base64").toString());
  for (const line of lines) console.log(line);
  throw new Error(lines[2]);
};`;

export const headers: Readonly<Record<string, string>> = {
  Authorization: `Basic ${plant("header")}`,
  Cookie: `session=${plant("header")}; other=${plant("header")}`,
  "Endpoint-Signature": `sha256=${plant("header")}`,
  "Proxy-Authorization": `Bearer ${plant("header")}`,
  "X-Amz-Security-Token": plant("header"),
  "X-Api-Key": plant("header"),
  "X-Auth-Token": plant("header"),
  "X-Custom": plant("header"),
  "X-Forwarded-Access-Token": plant("header"),
  "X-Goog-Iap-Jwt-Assertion": plant("header", jwt),
  "X-Hook-Signature": plant("header"),
  "X-Secret": plant("header"),
  "X-Vault-Token": plant("header"),
  "X-Whatever": plant("header", longKey),
  Referer: `https://example.com/?token=${plant("header")}`,
};
export const query = new URLSearchParams({
  access_token: plant("query"),
  api_key: plant("query"),
  code: plant("query"),
  password: plant("query"),
  plain: plant("query", longKey),
  secret: plant("query"),
  session: plant("query"),
  sig: plant("query"),
  token: plant("query"),
  jwt: plant("query", jwt),
}).toString();
export const body = JSON.stringify({
  apiKey: plant("body"),
  authorization: plant("body"),
  client_secret: plant("body"),
  credentials: { value: plant("body") },
  list: [{ refresh_token: plant("body") }, { "private-key": plant("body") }],
  note: `a token: ${plant("body")}`,
  password: plant("body"),
  text: `Bearer ${plant("body", longKey)}`,
  uri: `mongodb://user:${plant("body")}@host/db`,
  jwt: plant("body", jwt),
});
export const form = `passphrase=${plant("body")}&secret=${plant("body")}&x=1`;
export const credentials: readonly Readonly<Record<string, string>>[] = [
  { apiKey: "", email: "a@example.com", password: plant("credential") },
  { apiKey: "", jwtTokenString: plant("credential", jwt) },
  { apiKey: "", Authorization: `Bearer ${plant("credential", jwt)}` },
  { apiKey: plant("credential", longKey) },
  { apiKey: "", "api-key": plant("credential") },
];
