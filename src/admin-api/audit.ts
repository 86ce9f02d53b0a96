/**
 * The audit log: each change through this API, with what the API showed before and after it.
 *
 * Nothing has to be done for it where a resource is written: what a path shows is read before the change and after it,
 * and what a deployment changed is read off both directories.
 */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Doc } from "../bson/doc.ts";
import { isArray } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import type { AuditEntry } from "../logs/audit-log.ts";
import { createRedactor } from "../logs/redact.ts";
import { type Caller, mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";

const prefix = "/api/admin/v3.0";
const page = Type.Object({
  limit: Type.Optional(Type.String()),
  skip: Type.Optional(Type.String()),
});
type Page = Static<typeof page>;

interface AppParams {
  readonly appId: string;
}

const reads: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** Routes that only look, whatever their method. Not read off the address: a query could say what it likes. */
const looks =
  /\/users\/verify_token$|\/rules\/explain$|\/schema_check$|\/dependencies\/diff$|\/collections\/:collection\/export$|\/commands\/:commandName$/;
const dataActions = /\/data\/:source\/actions\/:action$/;
const dataLooks: ReadonlySet<string> = new Set([
  "find",
  "findOne",
  "countDocuments",
  "distinct",
  "explain",
  "analyze",
  "browse",
  "readSeen",
]);
/** Routes that only look when their query says so. */
const plans: readonly (readonly [route: RegExp, parameter: string])[] = [
  [/\/apps\/:appId\/deployments$/, "dry_run"],
  [/\/apps\/:appId\/import$/, "diff"],
];
/** What a path says beyond the resource. */
const deeds = /\/(?:enable|disable|logout|redeploy|resume)$/;

const textCharsMax = 16_384;
const changesMax = 50;

/** What is known of a change before it is made. */
interface Begun {
  readonly caller: Caller;
  readonly before: string | undefined;
  readonly deployment: string | undefined;
}

/** Who may call, and who may only look; what is changed is written down. */
export function guardChanges(closed: FastifyInstance, services: AdminServices): void {
  const begun = new WeakMap<FastifyRequest, Begun>();
  const answers = new WeakMap<FastifyRequest, string>();
  // After the body: a client that is told to log in again repeats its request from what was read of it. Before what is
  // wrong with it: that is not for everybody.
  closed.addHook("preValidation", async (request) => {
    const { role } = mustBeAdministrator(request, services);
    if (role === "readOnly" && isChange(request)) throw new Fault("Forbidden", "you may only look");
  });
  closed.addHook("preHandler", async (request) => {
    if (!isChange(request)) return;
    const caller = mustBeAdministrator(request, services);
    const before = await look(closed, request);
    begun.set(request, { caller, before, deployment: deploymentOf(request, services) });
  });
  closed.addHook("onSend", async (request, reply, payload) => {
    if (typeof payload === "string" && begun.has(request) && reply.statusCode < 300)
      answers.set(request, payload);
    return payload;
  });
  closed.addHook("onResponse", async (request, reply) => {
    const known = begun.get(request);
    if (known === undefined || reply.statusCode >= 300) return;
    const answer = answers.get(request);
    const after = request.method === "POST" ? answer : await look(closed, request);
    const entry: AuditEntry = {
      at: Date.now(),
      administrator: known.caller.name,
      address: services.clientAddress(request.raw),
      method: request.method,
      path: pathOf(request),
      appId: appIdOf(request),
      status: reply.statusCode,
      coId: String(reply.getHeader("X-Request-Id") ?? ""),
      before: shown(known.before),
      after: shown(after),
      changes: await listChanges(request, services, known.deployment),
    };
    await services.audit.add(entry).catch((cause: unknown) => {
      services.log.write("error", "audit entry not kept", { message: String(cause) });
    });
  });
}

/** `/audit` of the server, and of an app. */
export function auditRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    instance.get<{ Querystring: Page }>(
      "/audit",
      { schema: { querystring: page } },
      async ({ query }) => (await services.audit.list(readPage(query))).map(describe),
    );
    instance.get<{ Params: AppParams; Querystring: Page }>(
      "/apps/:appId/audit",
      { schema: { querystring: page } },
      async ({ params, query }) => {
        const { id: appId } = services.apps.must(params.appId);
        return (await services.audit.list({ ...readPage(query), appId })).map(describe);
      },
    );
  };
}

function isChange(request: FastifyRequest): boolean {
  if (reads.has(request.method)) return false;
  const route = request.routeOptions.url ?? "";
  if (looks.test(route)) return false;
  if (dataActions.test(route)) return changesData(request);
  const query = request.query as Readonly<Record<string, unknown>>;
  return !plans.some(([path, parameter]) => path.test(route) && query[parameter] === "true");
}

function changesData({ params, body }: FastifyRequest): boolean {
  const { action } = params as { readonly action: string };
  if (action !== "aggregate") return !dataLooks.has(action);
  const pipeline = body instanceof Doc ? body.get("pipeline") : undefined;
  return (
    isArray(pipeline) &&
    pipeline.some((stage) => stage instanceof Doc && (stage.has("$out") || stage.has("$merge")))
  );
}

/** What the path shows; undefined where it shows nothing. */
async function look(closed: FastifyInstance, request: FastifyRequest): Promise<string | undefined> {
  if (request.method === "POST") return undefined;
  const { authorization } = request.headers;
  const url = (request.url.split("?", 1)[0] ?? "").replace(deeds, "");
  const answer = await closed.inject({ method: "GET", url, headers: { authorization } });
  const isJson = String(answer.headers["content-type"]).startsWith("application/json");
  return answer.statusCode === 200 && isJson ? answer.body : undefined;
}

const redactor = createRedactor([]);

function shown(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  return redactor.body(Buffer.from(text)).slice(0, textCharsMax);
}

function pathOf(request: FastifyRequest): string {
  return redactor.url(request.url.replace(prefix, ""));
}

function appIdOf({ params }: FastifyRequest): string | undefined {
  return (params as Partial<AppParams> | undefined)?.appId;
}

function deploymentOf(request: FastifyRequest, { apps }: AdminServices): string | undefined {
  const appId = appIdOf(request);
  return appId === undefined ? undefined : apps.list().find(({ id }) => id === appId)?.deployment;
}

async function listChanges(
  request: FastifyRequest,
  services: AdminServices,
  former: string | undefined,
): Promise<readonly string[]> {
  const appId = appIdOf(request);
  const deployment = deploymentOf(request, services);
  if (appId === undefined || deployment === undefined || deployment === former) return [];
  const deployments = await services.deployments();
  const { diffApps, printDiff } = await import("../config/app-diff.ts");
  const before = former === undefined ? new Map() : await deployments.files(appId, former);
  const changes = diffApps(before, await deployments.files(appId, deployment));
  return printDiff(changes)
    .slice(0, changesMax)
    .map((each) => redactor.text(each));
}

function readPage({ limit, skip }: Page): { readonly limit: number; readonly skip: number } {
  return { limit: readCount("limit", limit, 100, 1000), skip: readCount("skip", skip, 0, 100_000) };
}

function readCount(name: string, text: string | undefined, fallback: number, max: number): number {
  if (text === undefined) return fallback;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count <= max) return count;
  throw new Fault("InvalidParameter", `${name} must be a whole number up to ${max}`);
}

function describe(entry: AuditEntry): object {
  const { at, administrator, address, method, path, appId, status, coId, before, after, changes } =
    entry;
  return {
    at: new Date(at).toISOString(),
    administrator,
    remote_ip_address: address,
    method,
    path,
    ...(appId !== undefined && { app_id: appId }),
    status,
    co_id: coId,
    before: parsed(before),
    after: parsed(after),
    changes,
  };
}

/** What was cut is a text. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
