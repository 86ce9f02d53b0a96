/**
 * The client API under `/api/client/v2.0`: what the original's client libraries for browsers and devices call.
 *
 * To add a resource: its file beside this one, and a line in `clientApi`.
 *
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Fault } from "../kit/fault.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { allowOrigin, mustFindApp } from "./call.ts";
import type { ClientServices } from "./client-services.ts";
import { emailPasswordRoutes } from "./email-password.ts";
import { functionRoutes } from "./functions-call.ts";
import { locationRoutes } from "./location.ts";
import { loginRoutes } from "./login.ts";
import { allowCookies, isPagesDeparture, oauthLoginRoutes } from "./oauth-login.ts";
import { sessionRoutes } from "./sessions.ts";

export function clientApi(services: ClientServices): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    takeBodies(instance);
    instance.addHook("onRequest", async (request, reply) => {
      admitOrigin(services, request, reply);
    });
    instance.setNotFoundHandler(async () => {
      throw new Fault("NotFound", "not found");
    });
    for (const path of ["/app/:appId/*", "/*"])
      instance.options(path, async (request, reply) => answerPreflight(services, request, reply));
    for (const routes of [
      locationRoutes,
      loginRoutes,
      oauthLoginRoutes,
      emailPasswordRoutes,
      sessionRoutes,
      apiKeyRoutes,
      functionRoutes,
    ])
      routes(instance, services);
  };
}

/** Every body stays bytes: it is EJSON, whatever its type says, and may be absent. */
function takeBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser("*", { parseAs: "buffer" }, (_request, bytes, done) => {
    done(null, bytes);
  });
}

/**
 * Says which pages may read the answer, before anything can fail. Where the path names no app its token does: until
 * that is read any page may hear what is wrong with it.
 */
function admitOrigin(services: ClientServices, request: FastifyRequest, reply: FastifyReply): void {
  if (request.headers.origin === undefined) return;
  reply.header("Access-Control-Allow-Origin", "*");
  const { appId } = request.params as { readonly appId?: string };
  if (appId !== undefined) allowOrigin(services, request, reply, mustFindApp(services, appId));
}

const methods = "DELETE, GET, POST, PUT";

function answerPreflight(
  { http }: ClientServices,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  reply.code(204);
  if (request.headers["access-control-request-method"] === undefined)
    return reply.header("Allow", `${methods}, OPTIONS`).send();
  if (isPagesDeparture(request)) allowCookies(request, reply);
  const headers = http.preflight(request.headers, methods);
  for (let at = 0; at + 1 < headers.length; at += 2)
    reply.header(headers[at] ?? "", headers[at + 1] ?? "");
  return reply.send();
}
