import { once } from "node:events";
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyReply } from "fastify";
import { Fault } from "../kit/fault.ts";
import { describeEntry } from "../logs/describe-entry.ts";
import { readDate } from "../logs/iso-time.ts";
import type { LogType } from "../logs/log-entry.ts";
import { followLogs, type LogFilter, queryLogs } from "../logs/query-logs.ts";
import type { AdminServices } from "./admin-services.ts";

const one = Type.Optional(Type.String());
const query = Type.Object({
  co_id: one,
  /** Only its presence counts. */
  errors_only: one,
  user_id: one,
  start_date: one,
  end_date: one,
  skip: one,
  limit: one,
  type: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
});
type Query = Static<typeof query>;

interface AppParams {
  readonly appId: string;
}

const limitMax = 100;
const skipMax = 10_000;

/** `/groups/{g}/apps/{a}/logs`: what was asked of an app, and what came of it. */
export function logRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { apps, logs, groupId } = services;
  return async (instance) => {
    instance.get<{ Params: AppParams; Querystring: Query }>(
      "/apps/:appId/logs",
      { schema: { querystring: query } },
      async (request) => {
        const app = apps.must(request.params.appId);
        const filter = readFilter(app.id, request.query);
        const skip = readCount("skip", request.query.skip, 0, [0, skipMax]);
        const limit = readCount("limit", request.query.limit, limitMax, [1, limitMax]);
        // Whoever has an answer finds its entry.
        await logs.recorder.flush();
        const { entries, next } = await queryLogs(logs.store, filter, { limit, skip });
        return {
          logs: entries.map((each) => describeEntry(each, app, groupId)),
          ...(next !== undefined && {
            nextEndDate: new Date(next.endDate).toISOString(),
            nextSkip: next.skip,
          }),
        };
      },
    );
    // Ours: entries as they come, as server-sent events.
    instance.get<{ Params: AppParams; Querystring: Query }>(
      "/apps/:appId/logs/follow",
      { schema: { querystring: query } },
      async (request, reply) => {
        const app = apps.must(request.params.appId);
        const filter = readFilter(app.id, request.query);
        const { signal, end } = endOfStream(reply, services);
        beginStream(reply);
        const flush = async (): Promise<void> => {
          await logs.recorder.flush();
          if (!services.isReady()) end();
        };
        const batches = followLogs(logs.store, filter, { flush, now: Date.now, signal });
        for await (const batch of batches)
          for (const entry of batch)
            await send(reply, JSON.stringify(describeEntry(entry, app, groupId)), signal);
        reply.raw.end();
      },
    );
  };
}

function endOfStream(
  reply: FastifyReply,
  { isReady }: AdminServices,
): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    controller.abort();
  });
  if (!isReady()) controller.abort();
  return {
    signal: controller.signal,
    end: () => {
      controller.abort();
    },
  };
}

function beginStream(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  // Something at once, so that a proxy lets the headers through.
  reply.raw.write(": follow\n\n");
}

/** Waits for a reader that is slow, so that memory does not fill up with what it has not read. */
async function send(reply: FastifyReply, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || reply.raw.write(`data: ${text}\n\n`)) return;
  await once(reply.raw, "drain", { signal }).catch(() => null);
}

function readFilter(appId: string, given: Query): LogFilter {
  const { co_id: coId, user_id: userId, errors_only: errorsOnly, type } = given;
  const startDate = dateOf("start_date", given.start_date);
  const endDate = dateOf("end_date", given.end_date);
  if (coId !== undefined && !/^[0-9a-f]{24}$/.test(coId))
    throw new Fault("InvalidParameter", "co_id must be 24 hex digits");
  const types = [type ?? []].flat().flatMap((each) => each.split(","));
  return {
    appId,
    ...(coId !== undefined && { coId }),
    ...(userId !== undefined && { userId }),
    ...(errorsOnly !== undefined && { errorsOnly: true }),
    // An unknown type has no entries, which is all that can be said of it.
    ...(types.length > 0 && { types: types as LogType[] }),
    ...(startDate !== undefined && { startDate }),
    ...(endDate !== undefined && { endDate }),
  };
}

function dateOf(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : readDate(name, text);
}

function readCount(
  name: string,
  text: string | undefined,
  fallback: number,
  [min, max]: readonly [number, number],
): number {
  if (text === undefined) return fallback;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= min && count <= max) return count;
  throw new Fault("InvalidParameter", `${name} must be a whole number from ${min} to ${max}`);
}
