import { Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { type AppLimits, appLimitNames, limitsOf } from "../config/app-limits.ts";
import type { App } from "../config/app.ts";
import type { Limits } from "../kit/limits.ts";
import type { AdminServices } from "./admin-services.ts";

/** Checked one by one where they are changed, with the reason in the answer. */
const changes = Type.Record(Type.String(), Type.Unknown(), { maxProperties: 100 });

interface AppParams {
  readonly appId: string;
}

/**
 * `/groups/{g}/apps/{a}/limits`: the bounds of an app, in place of the server's.
 *
 * Atlas: they were fixed, and the same for all apps.
 */
export function limitRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { apps, limits } = services;
  const path = "/apps/:appId/limits";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(path, async (request) =>
      describeLimits(apps.must(request.params.appId), limits),
    );
    instance.patch<{ Params: AppParams; Body: Readonly<Record<string, unknown>> }>(
      path,
      { schema: { body: changes } },
      async (request) => {
        const { id } = apps.must(request.params.appId);
        return describeLimits(await apps.setLimits(id, request.body), limits);
      },
    );
  };
}

/** What holds for the app, and what of it is its own. */
export function describeLimits(
  app: App,
  server: Limits,
): { readonly effective: Readonly<Record<string, number>>; readonly own: AppLimits } {
  const limits = limitsOf(app, server);
  return {
    effective: Object.fromEntries(appLimitNames.map((name) => [name, limits[name]])),
    own: app.limits ?? {},
  };
}
