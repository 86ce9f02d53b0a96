/**
 * Everything that is not an app's: Fastify with the admin API, loaded when the first request for it comes, since a
 * server that only serves actions never needs it and its loading would be a third of the start.
 */
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { Transform } from "node:stream";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AdminServices } from "../admin-api/admin-services.ts";
import type { ClientServices } from "../client-api/client-services.ts";
import { loggedMessageOf } from "../auth/reason.ts";
import { bugText } from "../kit/bug-text.ts";
import { Fault, faults } from "../kit/fault.ts";
import type { Entries } from "../logs/entries.ts";
import type { Log } from "../logs/log.ts";
import type { Metrics } from "../logs/metrics.ts";
import { discardRest } from "./body.ts";
import type { BodyBudget } from "./body-budget.ts";
import type { Exchange } from "./exchange.ts";
import { bareFaults, passingFaults } from "./reply.ts";
import { consoleRoutes } from "./console.ts";
import type { Services } from "./services.ts";

const clientPrefix = "/api/client/v2.0";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ManagementOptions {
  readonly admin: AdminServices;
  readonly client: () => Promise<ClientServices>;
  readonly log: Log;
  readonly requestBytesMax: number;
  readonly bodies: BodyBudget;
  readonly entries: Entries;
  readonly metrics: () => Promise<Metrics>;
  readonly baseUrl: (request: IncomingMessage) => string;
}

/** Makes the function that answers management requests. */
export function createManagement(options: ManagementOptions): Services["manage"] {
  let opening: Promise<Handler> | undefined;
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  return async (exchange) => {
    const { request, response, entry } = exchange;
    opening ??= open(options, exchanges);
    const handler = await opening;
    exchanges.set(request, exchange);
    options.entries.set(request, entry);
    response.setHeader("X-Request-Id", entry.coId);
    const { socket } = request;
    const sentBefore = socket.bytesWritten;
    await new Promise<void>((resolve) => {
      response.once("close", resolve);
      handler(request, response);
    });
    const length = response.getHeader("Content-Length");
    // Of an answer without an end, all that has left; over HTTP/2, others' answers leave by the same socket.
    if (length !== undefined) entry.responseBytes = Number(length);
    else if (request.httpVersionMajor === 1) entry.responseBytes = socket.bytesWritten - sentBefore;
  };
}

async function open(
  options: ManagementOptions,
  exchanges: WeakMap<IncomingMessage, Exchange>,
): Promise<Handler> {
  const [{ fastify }, { mustBeAdministrator }, { adminApi }, { atlasApi }, { clientApi }] =
    await Promise.all([
      import("fastify"),
      import("../admin-api/administrator.ts"),
      import("../admin-api/admin-api.ts"),
      import("../admin-api/atlas.ts"),
      import("../client-api/client-api.ts"),
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
  countBodies(instance, options.bodies, exchanges);
  instance.get("/metrics", async (request, reply) => {
    mustBeAdministrator(request, options.admin);
    const metrics = await options.metrics();
    return reply.header("Content-Type", metrics.contentType).send(await metrics.text());
  });
  await instance.register(adminApi(options.admin), { prefix: "/api/admin/v3.0" });
  await instance.register(atlasApi(options.admin), { prefix: "/api" });
  await instance.register(clientApi(await options.client()), { prefix: clientPrefix });
  await instance.register(consoleRoutes, { prefix: "/console" });
  instance.get("/", async (_request, reply) => reply.redirect("./console/"));
  await instance.ready();
  if (handler === undefined) throw new TypeError("Fastify made no handler");
  return handler;
}

/** Counts bodies as they come, as those of calls to apps are. */
function countBodies(
  instance: FastifyInstance,
  bodies: BodyBudget,
  exchanges: WeakMap<IncomingMessage, Exchange>,
): void {
  instance.addHook("preParsing", async ({ raw }, _reply, payload) => {
    const exchange = exchanges.get(raw);
    const { "content-length": length = "0", "transfer-encoding": coding } = raw.headers;
    if (exchange === undefined || (length === "0" && coding === undefined)) return payload;
    let received = 0;
    const counting = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        received += chunk.length;
        try {
          bodies.take(exchange, chunk.length);
          done(null, chunk);
        } catch (cause) {
          payload.unpipe(counting);
          discardRest(raw);
          done(cause as Error);
        }
      },
    });
    // By this, the framework compares with the length that was declared.
    Object.defineProperty(counting, "receivedEncodedLength", { get: () => received });
    payload.on("error", (cause) => counting.destroy(cause));
    return payload.pipe(counting);
  });
}

/** Errors of the admin API have two fields; elsewhere the link is there as well. */
function answerErrors(instance: FastifyInstance, options: ManagementOptions): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, fault: Fault): FastifyReply => {
    const entry = options.entries.of(request.raw);
    entry.error = loggedMessageOf(fault);
    entry.errorCode = fault.code;
    const link = `${options.baseUrl(request.raw)}/console/logs?co_id=${entry.coId}`;
    const body = { error: fault.message, error_code: fault.code };
    const isClient = request.url.startsWith(clientPrefix);
    if (passingFaults.has(fault.code))
      reply.header("Retry-After", String(fault.retryAfterSeconds ?? 1));
    return reply
      .code(faults[fault.code])
      .header("Content-Type", "application/json")
      .serializer(JSON.stringify)
      .send(
        isClient && bareFaults.has(fault.code)
          ? { error: fault.message }
          : request.url.startsWith("/api/admin/")
            ? body
            : { ...body, link },
      );
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
    options.log.write("error", "bug", { message: bugText(error) });
    return answer(request, reply, new Fault("InternalServerError", "internal server error"));
  });
}
