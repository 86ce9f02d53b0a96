/**
 * Logging in by way of an identity provider's page: the browser goes there, comes back to `/auth/callback`, and is sent
 * on to the page that it came from, with the tokens behind the `#` of its address.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { App } from "../config/app.ts";
import type { IssuedSession } from "../auth/sessions.ts";
import { type Arrival, departureMsMax } from "../auth/oauth-redirects.ts";
import { loggedMessageOf } from "../auth/reason.ts";
import type { Doc } from "../bson/doc.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import { Fault } from "../kit/fault.ts";
import { notingSession } from "./auth-event.ts";
import { type Answer, appCall, appRoute, type ClientCall, mustBearer } from "./call.ts";
import type { ClientServices } from "./client-services.ts";
import { linkPageHeaders, toLinkPage } from "./link-page.ts";
import { loginContextOf } from "./login-context.ts";

export function oauthLoginRoutes(instance: FastifyInstance, services: ClientServices): void {
  instance.get(
    "/app/:appId/auth/providers/:provider/login",
    appRoute(services, async (call) => depart(services, call)),
  );
  instance.get("/auth/callback", async (request, reply) =>
    arrive(services, request, reply, request.query as ProviderAnswer),
  );
  // Apple posts a form.
  instance.post("/auth/callback", async (request, reply) =>
    arrive(services, request, reply, readForm(request.body)),
  );
}

interface DepartureQuery {
  readonly state?: string;
  readonly redirect?: string;
  readonly link?: string;
  readonly providerRedirectHeader?: string;
  /** JSON in Base64. */
  readonly device?: string;
}

async function depart(services: ClientServices, call: ClientCall): Promise<Answer> {
  const { request, reply } = call;
  const query = readTexts(request.query) as DepartureQuery;
  const { provider: providerType } = request.params as { readonly provider: string };
  const context = loginContextOf(services, call);
  const linkToken = query.link === "true" ? mustBearer(request) : undefined;
  // Whoever may not link is told so before anybody goes anywhere.
  if (linkToken !== undefined) await services.auth.login.readAccess(linkToken, call.app.id);
  const departed = await services.oauth.depart(
    {
      providerType,
      state: query.state ?? "",
      // As the original: without one, the page that asks.
      redirect: query.redirect ?? request.headers.referer ?? "",
      device: readDevice(query.device),
      linkToken,
    },
    context,
  );
  reply.header("Set-Cookie", cookieOf(departed.id, departed.secret, services, request));
  reply.header("Cache-Control", "no-store");
  if (query.providerRedirectHeader !== "true") return { kind: "redirect", to: departed.to };
  allowCookies(request, reply);
  reply.header("x-baas-location", departed.to);
  return { kind: "empty", status: 200 };
}

/** Whether a request, or the one that a preflight asks for, is a page's own way to an identity provider. */
export function isPagesDeparture(request: FastifyRequest): boolean {
  const { providerRedirectHeader } = readTexts(request.query) as DepartureQuery;
  return providerRedirectHeader === "true" && request.url.includes("/auth/providers/oauth2-");
}

/**
 * Lets a page of an allowed origin keep the cookie, for which its request has to be one with credentials. Nobody is
 * known by a cookie here: what the page may do, its access token says.
 */
export function allowCookies({ headers }: FastifyRequest, reply: FastifyReply): void {
  const { origin } = headers;
  if (origin === undefined) return;
  reply
    .header("Access-Control-Allow-Origin", origin)
    .header("Vary", "Origin")
    .header("Access-Control-Allow-Credentials", "true")
    .header("Access-Control-Expose-Headers", "x-baas-location");
}

interface ProviderAnswer {
  readonly state?: string;
  readonly code?: string;
  readonly error?: string;
}

async function arrive(
  services: ClientServices,
  request: FastifyRequest,
  reply: FastifyReply,
  answered: ProviderAnswer,
): Promise<FastifyReply> {
  const { state = "", code = "", error } = readTexts(answered) as ProviderAnswer;
  const secret = readCookie(request, cookieNameOf(state));
  const isStranger = secret === "" && code !== "" && request.method === "GET";
  if (isStranger && (await askToLink(services, request, reply, { state, code }))) return reply;
  const arrival = await services.oauth.arrive(state, secret);
  const app = arrival === undefined ? undefined : findApp(services, arrival.appId);
  if (arrival === undefined || app === undefined)
    throw new Fault("BadRequest", "this login was not begun in this browser, or took too long");
  return appCall(services, { app, request, reply, takesBody: false }, async (call) => {
    const back = { _baas_client_app_id: app.clientAppId, _baas_state: arrival.state };
    const link = arrival.linkToken === undefined ? {} : { _baas_link: "true" };
    try {
      if (code === "") throw new Fault("AuthError", readError(error));
      const event = { type: "login", provider: arrival.providerType };
      const session = await notingSession(call.entry, event, async () =>
        finish(services, call, arrival, code),
      );
      return redirectTo(arrival.redirect, { ...back, _baas_ua: toUserAuth(session), ...link });
    } catch (cause) {
      // The page is to hear of it; what is no fault is a bug, and answered as one.
      if (!(cause instanceof Fault)) throw cause;
      call.entry.error = loggedMessageOf(cause);
      call.entry.errorCode = cause.code;
      return redirectTo(arrival.redirect, { ...back, _baas_error: cause.message, ...link });
    }
  });
}

function findApp({ apps }: ClientServices, appId: string): App | undefined {
  return apps.list().find(({ id }) => id === appId);
}

/**
 * Asks the user of a browser that kept no cookie whether the link is wanted, since anybody may have sent them here.
 *
 * @returns whether there is a link to ask about
 */
async function askToLink(
  services: ClientServices,
  request: FastifyRequest,
  reply: FastifyReply,
  answered: { readonly state: string; readonly code: string },
): Promise<boolean> {
  const { oauth, auth } = services;
  const rebound = await oauth.rebind(answered.state);
  const app = rebound === undefined ? undefined : findApp(services, rebound.arrival.appId);
  if (rebound === undefined || app === undefined) return false;
  const { redirect, providerType, linkToken = "" } = rebound.arrival;
  const holder = await auth.login.readAccess(linkToken, app.id);
  const user = await auth.login.userOf(holder, { withCustomData: false });
  const page = { appName: app.name, providerType, user, redirect, fields: answered };
  await reply
    .header("Set-Cookie", cookieOf(answered.state, rebound.secret, services, request))
    .headers(linkPageHeaders(redirect))
    .send(Buffer.from(toLinkPage(page)));
  return true;
}

async function finish(
  services: ClientServices,
  call: ClientCall,
  arrival: Arrival,
  code: string,
): Promise<IssuedSession> {
  const { login } = services.auth;
  const { providerType, device, linkToken } = arrival;
  const context = loginContextOf(services, call);
  const proven = await services.oauth.prove(code, arrival, context);
  const attempt = { ...context, providerType, device };
  if (linkToken === undefined) return login.logInAs(proven, attempt);
  return login.linkAs(proven, attempt, await login.readAccess(linkToken, call.app.id));
}

function toUserAuth({ accessToken, refreshToken, userId, deviceId }: IssuedSession): string {
  return [accessToken, refreshToken, userId, deviceId].join("$");
}

/** Behind the `#`, which browsers send to nobody. */
function redirectTo(page: string, fields: Readonly<Record<string, string>>): Answer {
  const hash = Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  return { kind: "redirect", to: `${page.replace(/#.*$/s, "")}#${hash}` };
}

/** What the provider says went wrong: its own word if it is one, never a text of somebody's making. */
function readError(error: string | undefined): string {
  return error !== undefined && /^[a-z_]{1,64}$/.test(error) ? error : "unauthorized";
}

const cookiePath = "/api/client/v2.0/auth/callback";

/** One for each login, so that two at once do not disturb each other. */
function cookieNameOf(state: string): string {
  return `petiole_login_${state.replace(/[^\w-]/g, "").slice(0, 16)}`;
}

function cookieOf(
  state: string,
  secret: string,
  { http }: ClientServices,
  request: FastifyRequest,
): string {
  const base = http.baseUrl(request.raw);
  // Apple's form and a page's own request come from other sites, for which browsers ask for both. They take this
  // machine for secure.
  const isSecure = /^(?:https:\/\/|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::|$))/.test(base);
  const site = isSecure ? "Secure; SameSite=None" : "SameSite=Lax";
  const seconds = departureMsMax / 1000;
  return `${cookieNameOf(state)}=${secret}; Path=${cookiePath}; Max-Age=${seconds}; HttpOnly; ${site}`;
}

function readCookie({ headers }: FastifyRequest, name: string): string {
  for (const part of (headers.cookie ?? "").split(";")) {
    const [key = "", value = ""] = part.trim().split("=", 2);
    if (key === name) return value;
  }
  return "";
}

/** Fields that come once; of a name that comes twice there is none. */
function readTexts(fields: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).filter((entry): entry is [string, string] => {
      return typeof entry[1] === "string";
    }),
  );
}

const formBytesMax = 64 * 1024;

function readForm(body: unknown): ProviderAnswer {
  if (!Buffer.isBuffer(body) || body.length > formBytesMax) return {};
  return Object.fromEntries(new URLSearchParams(body.toString("utf8")));
}

const deviceLengthMax = 4096;

/** @throws {Fault} `InvalidParameter` */
function readDevice(encoded: string | undefined): Doc | undefined {
  if (encoded === undefined || encoded.length > deviceLengthMax) return undefined;
  return parseEjson(Buffer.from(encoded.replaceAll(" ", "+"), "base64"));
}
