/**
 * `functions/call`: a function of the app, or an operation on a data source, as the user who is logged in.
 *
 * `POST` answers the result; `GET` with `baas_request` answers it as a stream of server-sent events.
 */
import type { OutgoingHttpHeaders } from "node:http";
import type { FastifyInstance, FastifyReply } from "fastify";
import { fieldOf, mustList, mustText } from "../actions/fields.ts";
import { Doc } from "../bson/doc.ts";
import { toText } from "../bson/stringify.ts";
import { Undefined, type Value } from "../bson/value.ts";
import { partIdOf } from "../config/part-id.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import { type Answer, timeIsUp, typed, type UserCall, userRoute } from "./call.ts";
import type { ClientServices } from "./client-services.ts";
import { callMongodbService, type ServiceResult, wordServiceFailure } from "./mongodb-service.ts";
import { printResult } from "./result-text.ts";
import { toEvent } from "./server-sent-events.ts";
import { openWatch, streamEvents, type StreamTarget, type WatchCall } from "./watch.ts";

/** Functions may take longer than actions. */
const functionMsMax = 300_000;

/** Nobody means to leave a stream open for longer. */
const streamMsMax = 86_400_000;

export function functionRoutes(instance: FastifyInstance, services: ClientServices): void {
  const path = "/app/:appId/functions/call";
  const post = userRoute(
    services,
    "access",
    async (call) => ({ kind: "text", text: await run(services, call, readCall(call.body)) }),
    functionMsMax,
  );
  const get = userRoute(
    services,
    "access",
    async (call) => answerStream(services, call),
    streamMsMax,
  );
  instance.post(path, typed(services, "FUNCTION", post));
  instance.get(path, typed(services, "STREAM_FUNCTION", get));
}

interface Wanted {
  readonly name: string;
  readonly args: readonly Value[];
  /** Undefined for a function of the app. */
  readonly service: string | undefined;
}

function readCall(body: Doc): Wanted {
  const name = mustText(body, "name");
  const args = fieldOf(body, "arguments") === undefined ? [] : mustList(body, "arguments");
  const service = fieldOf(body, "service") === undefined ? undefined : mustText(body, "service");
  return { name, args, service };
}

/** @throws {Fault} `BadRequest` */
function decode(encoded: unknown): Buffer {
  if (typeof encoded !== "string" || encoded === "")
    throw new Fault("BadRequest", "must provide a 'baas_request' parameter");
  // A "+" that was not escaped arrives as a space.
  return Buffer.from(encoded.replaceAll(" ", "+"), "base64");
}

/** @returns canonical EJSON */
async function run(
  services: ClientServices,
  call: UserCall,
  wanted: Wanted,
  isStream = false,
): Promise<Buffer> {
  const { limits, signal, entry } = call;
  const { http } = services;
  const { name, args, service } = wanted;
  entry.functionName = name;
  if (service === undefined) entry.functionId = partIdOf("function", name);
  else noteService(call, { service, args }, isStream);
  const scope = await openScope(services, call, wanted);
  const options = {
    bytesMax: limits.responseBytesMax,
    signal,
    printHeavy: (doc: Doc) => http.printHeavy(doc),
  };
  if (service === undefined) {
    const value = await callFunction(services, scope, wanted, call);
    return printResult({ kind: "value", value }, options);
  }
  try {
    const result: ServiceResult = await callMongodbService({ service, name, args }, scope, {
      access: services.access,
      limits,
    });
    return await printResult(result, options);
  } catch (cause) {
    throw wordServiceFailure(cause);
  }
}

/** Bigger requests are logged without their arguments. */
const loggedBytesMax = 65_536;

/** What of an operation's argument is data that is written: a log is no second copy of it. */
const written = ["document", "documents", "update", "replacement"];

/** Atlas: the original logged all of an operation's argument. */
function noteService(
  { entry, app, request }: UserCall,
  { service, args }: WatchCall,
  isStream: boolean,
): void {
  entry.type = isStream ? "SERVICE_STREAM_FUNCTION" : "SERVICE_FUNCTION";
  entry.serviceName = service;
  if (!app.dataSources.has(service)) return;
  entry.serviceId = partIdOf("service", service);
  const [argument] = args;
  const { length } = (request.body ?? "") as Buffer | string;
  if (!(argument instanceof Doc) || length > loggedBytesMax) return;
  const shown = written.reduce((doc, name) => doc.without(name), argument);
  entry.functionArguments = toText([shown], "canonical");
}

/** As the user who calls. */
async function openScope(
  { http, auth }: ClientServices,
  { app, config, signal, request, holder, entry }: UserCall,
  { name, service }: Pick<Wanted, "name" | "service">,
): Promise<Scope> {
  const caller = await auth.login.userOf(holder, { withCustomData: true });
  const place = service === undefined ? { service: "", action: "" } : { service, action: name };
  const info = http.requestInfo(request.raw, place);
  return { app, config, caller, user: caller, request: info, signal, findings: entry };
}

async function callFunction(
  { functions }: ClientServices,
  scope: Scope,
  { name, args }: Wanted,
  { entry, request }: UserCall,
): Promise<Value> {
  const config = scope.config?.functions.get(name);
  const { length } = (request.body ?? "") as Buffer | string;
  if (config?.disableArgLogs === false && length <= loggedBytesMax)
    entry.functionArguments = toText([...args], "canonical");
  const running = functions.run({
    scope,
    target: { kind: "named", name },
    args,
    from: "client",
    timeoutMs: functionMsMax,
  });
  const outcome = await running.catch((cause: unknown) => {
    throw wordRefusal(cause);
  });
  entry.addRun(outcome);
  const { end } = outcome;
  if (end.kind === "failed") throw end.fault;
  return end.value ?? Undefined;
}

/** Atlas: for clients, a function that is not theirs to call has failed (SPEC §5, seen with the original's clients). */
function wordRefusal(cause: unknown): unknown {
  if (!(cause instanceof Fault) || cause.code !== "NoMatchingRuleFound") return cause;
  return new Fault("FunctionExecutionError", cause.message, { cause });
}

async function answerStream(services: ClientServices, call: UserCall): Promise<Answer> {
  const { baas_request: encoded } = call.request.query as { readonly baas_request?: unknown };
  const wanted = readCall(await services.http.parse(decode(encoded)));
  if (wanted.service !== undefined && wanted.name === "watch")
    return watch(services, call, { ...wanted, service: wanted.service });
  const timer = setTimeout(call.abort, functionMsMax, timeIsUp());
  try {
    const event = toEvent(await run(services, call, wanted, true));
    return { kind: "stream", run: async (reply) => writeOnce(reply, event) };
  } finally {
    clearTimeout(timer);
  }
}

async function writeOnce(reply: FastifyReply, event: Buffer): Promise<void> {
  const target = openStream(reply);
  await target.write(event);
  target.end();
}

async function watch(
  services: ClientServices,
  call: UserCall,
  wanted: WatchCall & Wanted,
): Promise<Answer> {
  const { entry, holder, abort } = call;
  const { auth, http, access, isReady } = services;
  entry.functionName = wanted.name;
  noteService(call, wanted, true);
  const scope = await openScope(services, call, wanted);
  const batches = await openWatch(wanted, scope, access).catch((cause: unknown) => {
    throw wordServiceFailure(cause);
  });
  const options = {
    isAllowed: async () => isReady() && auth.sessions.isOpen(holder),
    printHeavy: (doc: Doc) => http.printHeavy(doc),
    stop: abort,
    word: wordServiceFailure,
  };
  return {
    kind: "stream",
    run: async (reply) => streamEvents(batches, { ...options, target: openStream(reply) }),
  };
}

/** Sends the head of a reply that goes on. */
function openStream(reply: FastifyReply): StreamTarget {
  const { raw } = reply;
  const headers = { "Content-Type": "text/event-stream", "Cache-Control": "no-store" };
  raw.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...headers });
  raw.flushHeaders();
  return {
    async write(bytes) {
      if (raw.destroyed || raw.write(bytes)) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          raw.off("drain", done);
          raw.off("close", done);
          resolve();
        };
        raw.on("drain", done);
        raw.on("close", done);
      });
    },
    end() {
      raw.end();
    },
    get isGone() {
      return raw.destroyed;
    },
  };
}
