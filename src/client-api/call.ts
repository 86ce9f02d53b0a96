/** One call of the client API: whose app it is for, who sends it, and how long it may take. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Authorized } from "../auth/login.ts";
import { Doc } from "../bson/doc.ts";
import { toText } from "../bson/stringify.ts";
import type { App } from "../config/app.ts";
import type { AppConfig } from "../config/app-config.ts";
import { limitsOf } from "../config/app-limits.ts";
import { CallSignal } from "../kit/call-signal.ts";
import { Fault } from "../kit/fault.ts";
import type { Limits } from "../kit/limits.ts";
import type { LogEntry, LogType } from "../logs/log-entry.ts";
import type { ClientServices } from "./client-services.ts";

export interface ClientCall {
  readonly app: App;
  readonly config: AppConfig | undefined;
  readonly limits: Limits;
  readonly entry: LogEntry;
  /** Aborted when time is up or the client has gone. */
  readonly signal: AbortSignal;
  /** Ends the work: it is answered as out of time, unless it streams. */
  readonly abort: (reason: Error) => void;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Empty where the request has none. */
  readonly body: Doc;
}

/** A call of somebody who is logged in. */
export interface UserCall extends ClientCall {
  /** As it came. */
  readonly token: string;
  readonly holder: Authorized;
}

export type Answer =
  | { readonly kind: "empty"; readonly status: 200 | 201 | 204 }
  | { readonly kind: "fields"; readonly status: 200 | 201; readonly fields: Doc }
  | { readonly kind: "list"; readonly list: readonly Doc[] }
  | { readonly kind: "text"; readonly text: Buffer }
  | { readonly kind: "redirect"; readonly to: string }
  /** Writes the reply itself, for as long as it takes; must not throw. */
  | { readonly kind: "stream"; readonly run: (reply: FastifyReply) => Promise<void> };

export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** A route below `/app/:appId`. @param msMax how long the work may take; as the Data API's when absent */
export function appRoute(
  services: ClientServices,
  work: (call: ClientCall) => Promise<Answer>,
  msMax?: number,
): Handler {
  return async (request, reply) => {
    const { appId = "" } = request.params as { readonly appId?: string };
    const app = mustFindApp(services, appId);
    return appCall(services, { app, request, reply, ...(msMax !== undefined && { msMax }) }, work);
  };
}

/** Says of what type the log entry of a route's calls is, those that are refused too. */
export function typed(services: ClientServices, type: LogType, handler: Handler): Handler {
  return async (request, reply) => {
    services.entries.of(request.raw).type = type;
    return handler(request, reply);
  };
}

/** A route for those who are logged in, below `/app/:appId` or without an app in its path. */
export function userRoute(
  services: ClientServices,
  kind: "access" | "refresh",
  work: (call: UserCall) => Promise<Answer>,
  msMax?: number,
): Handler {
  return async (request, reply) => {
    const { appId } = request.params as { readonly appId?: string };
    // Before the token: whoever asks for an app that is not there hears just that.
    const named = appId === undefined ? undefined : mustFindApp(services, appId);
    const entry = services.entries.of(request.raw);
    entry.appId = named?.id;
    const token = mustBearer(request);
    const { login } = services.auth;
    const holder =
      kind === "access" ? await login.readAccess(token, named?.id) : await login.readRefresh(token);
    entry.appId = holder.app.id;
    entry.isAuthorized = true;
    entry.userId = holder.user.id;
    allowOrigin(services, request, reply, holder.app);
    return appCall(
      services,
      { app: holder.app, request, reply, ...(msMax !== undefined && { msMax }) },
      async (call) => work({ ...call, token, holder }),
    );
  };
}

/** @throws {Fault} `AppNotFound` */
export function mustFindApp({ apps }: ClientServices, appId: string): App {
  const app = apps.find(appId);
  if (app !== undefined) return app;
  throw new Fault("AppNotFound", `cannot find app using Client App ID '${appId}'`);
}

export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

/** @throws {Fault} `InvalidSession` */
export function mustBearer(request: FastifyRequest): string {
  const token = bearerOf(request);
  if (token !== undefined) return token;
  throw new Fault("InvalidSession", "must authenticate first");
}

/** Lets pages of an app's own origins read the answer. @throws {Fault} `Forbidden` for those of another */
export function allowOrigin(
  { http }: ClientServices,
  request: FastifyRequest,
  reply: FastifyReply,
  app: App,
): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  // An origin that is refused must not read why.
  reply.removeHeader("Access-Control-Allow-Origin");
  const allowed = http.allowOrigin(origin, app.allowedOrigins);
  reply.header("Access-Control-Allow-Origin", allowed);
  if (allowed !== "*") reply.header("Vary", "Origin");
}

/** Admits a call, bounds its time, reads its body, and sends the answer. */
export async function appCall(
  services: ClientServices,
  given: Pick<ClientCall, "app" | "request" | "reply"> & {
    /** As the Data API's when absent. */
    readonly msMax?: number;
    /** Whether the body is EJSON, as it mostly is. */
    readonly takesBody?: boolean;
  },
  work: (call: ClientCall) => Promise<Answer>,
): Promise<FastifyReply> {
  const { app, request, reply } = given;
  const { admission, configs, http } = services;
  const limits = limitsOf(app, services.limits);
  const msMax = given.msMax ?? limits.processingMsMax;
  const entry = services.entries.of(request.raw);
  entry.appId = app.id;
  await http.mustAdmit(app, request.raw);
  admission.enter(app.clientAppId);
  const signal = new CallSignal(performance.now() + msMax);
  const ended = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      const hasGone = reply.raw.destroyed;
      reject(
        hasGone
          ? new Fault("BadRequest", "the client has gone")
          : new Fault("ExecutionTimeLimitExceeded", "execution time limit exceeded"),
      );
    };
    signal.addEventListener("abort", onAbort);
  });
  ended.catch(() => {}); // Nobody waits for it once the work has ended.
  const abort = (reason: Error): void => {
    signal.abort(reason);
  };
  const timer = setTimeout(abort, msMax, timeIsUp());
  const onClose = (): void => {
    abort(new Error("the client has gone"));
  };
  reply.raw.once("close", onClose);
  try {
    const bytes = given.takesBody === false ? undefined : (request.body as Buffer | undefined);
    entry.requestBytes = bytes?.length ?? 0;
    const body = bytes === undefined || bytes.length === 0 ? Doc.empty : await http.parse(bytes);
    const config = await configs.of(app);
    const done = await Promise.race([
      work({ app, config, limits, entry, signal, abort, request, reply, body }),
      ended,
    ]);
    if (done.kind !== "stream") return send(reply, done);
    reply.hijack();
    await done.run(reply);
    return reply;
  } finally {
    clearTimeout(timer);
    reply.raw.off("close", onClose);
    admission.leave(app.clientAppId);
  }
}

/** Why work ends that has taken too long. */
export function timeIsUp(): DOMException {
  return new DOMException("execution time limit exceeded", "TimeoutError");
}

/** No `Content-Type` without a body: the original's client for browsers refuses any that is not JSON. */
function send(
  reply: FastifyReply,
  done: Exclude<Answer, { readonly kind: "stream" }>,
): FastifyReply {
  switch (done.kind) {
    case "empty":
      return reply.code(done.status).send();
    case "fields":
      return sendJson(reply.code(done.status), Buffer.from(toText(done.fields, "relaxed")));
    case "list":
      return sendJson(reply, Buffer.from(toText(done.list, "relaxed")));
    case "text":
      return sendJson(reply, done.text);
    case "redirect":
      return reply.header("Cache-Control", "no-store").redirect(done.to, 302);
  }
}

function sendJson(reply: FastifyReply, text: Buffer): FastifyReply {
  // As bytes: Fastify would add a charset to the type of a text.
  return reply
    .header("Content-Type", "application/json")
    .header("Cache-Control", "no-store")
    .send(text);
}
