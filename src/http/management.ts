/**
 * Everything that is not an app's: Fastify with the admin API, loaded when the first request for it comes, since a
 * server that only serves actions never needs it and its loading would be a third of the start.
 */
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AdminServices } from "../admin-api/admin-services.ts";
import { Fault, faults } from "../kit/fault.ts";
import type { Log } from "../logs/log.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ManagementOptions {
  readonly admin: AdminServices;
  readonly log: Log;
  readonly requestBytesMax: number;
  readonly newLogId: () => string;
  readonly baseUrl: (request: IncomingMessage) => string;
}

/** Makes the function that answers management requests. */
export function createManagement(
  options: ManagementOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let opening: Promise<Handler> | undefined;
  return async (request, response) => {
    opening ??= open(options);
    const handler = await opening;
    handler(request, response);
  };
}

async function open(options: ManagementOptions): Promise<Handler> {
  const [{ fastify }, { adminApi }, { atlasApi }] = await Promise.all([
    import("fastify"),
    import("../admin-api/admin-api.ts"),
    import("../admin-api/atlas.ts"),
  ]);
  let handler: Handler | undefined;
  const instance = fastify({
    bodyLimit: options.requestBytesMax,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    // The sockets are those of `listen.ts`; this server never listens.
    serverFactory: (handle) => {
      handler = handle;
      return new Server();
    },
  });
  answerErrors(instance, options);
  await instance.register(adminApi(options.admin), { prefix: "/api/admin/v3.0" });
  await instance.register(atlasApi(options.admin), { prefix: "/api" });
  await instance.ready();
  if (handler === undefined) throw new TypeError("Fastify made no handler");
  return handler;
}

/** Errors of the admin API have two fields; elsewhere the link is there as well. */
function answerErrors(instance: FastifyInstance, options: ManagementOptions): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, fault: Fault): FastifyReply => {
    const link = `${options.baseUrl(request.raw)}/console/logs?co_id=${options.newLogId()}`;
    const body = { error: fault.message, error_code: fault.code };
    return reply
      .code(faults[fault.code])
      .header("Content-Type", "application/json")
      .serializer(JSON.stringify)
      .send(request.url.startsWith("/api/admin/") ? body : { ...body, link });
  };
  instance.setNotFoundHandler(async (request, reply) =>
    answer(request, reply, new Fault("NotFound", "not found")),
  );
  instance.setErrorHandler(async (error: FastifyError | Fault, request, reply) => {
    if (error instanceof Fault) return answer(request, reply, error);
    if (error.statusCode === 413)
      return answer(request, reply, new Fault("RequestTooLarge", "the request is too large"));
    if (error.statusCode !== undefined && error.statusCode < 500)
      return answer(request, reply, new Fault("BadRequest", error.message));
    options.log.write("error", "bug", { message: error.stack ?? error.message });
    return answer(request, reply, new Fault("InternalServerError", "internal server error"));
  });
}
