/**
 * The administration API under `/api/admin/v3.0`: who may call, and which resources there are.
 *
 * To add a resource: its file beside this one, and a line in `adminApi`.
 *
 * @module
 */
import type { FastifyInstance } from "fastify";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { mustBeAdministrator } from "./administrator.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { appPartRoutes } from "./app-parts.ts";
import { appRoutes } from "./apps.ts";
import { dataApiRoutes } from "./data-api.ts";
import { dataSourceRoutes } from "./data-sources.ts";
import { deploymentRoutes } from "./deployments.ts";
import { importRoutes } from "./import.ts";
import { secretRoutes } from "./secrets.ts";
import { securityRoutes } from "./security.ts";
import { serverRoutes } from "./server.ts";
import { sessionRoutes } from "./sessions.ts";

export function adminApi(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    takeEmptyBodies(instance);
    instance.setNotFoundHandler(async () => {
      throw new Fault("NotFound", "not found");
    });
    await instance.register(sessionRoutes(services));
    await instance.register(async (closed) => {
      // After the body: a client that is told to log in again repeats its request from what was read of it.
      closed.addHook("preHandler", async (request) => {
        mustBeAdministrator(request, services);
      });
      await closed.register(serverRoutes(services));
      // Apps are made of directories here, not of templates.
      closed.get("/templates", async () => []);
      await closed.register(groupRoutes(services), { prefix: "/groups/:groupId" });
    });
  };
}

function groupRoutes(services: AdminServices): (group: FastifyInstance) => Promise<void> {
  return async (group) => {
    group.addHook("preHandler", async (request) => {
      const { groupId } = request.params as { readonly groupId: string };
      if (groupId !== services.groupId) throw new Fault("NotFound", "group not found");
    });
    for (const routes of [
      appRoutes,
      apiKeyRoutes,
      appPartRoutes,
      dataApiRoutes,
      dataSourceRoutes,
      deploymentRoutes,
      importRoutes,
      secretRoutes,
      securityRoutes,
    ])
      await group.register(routes(services));
  };
}

/** `PUT` and `POST` without a body come with any `Content-Type`, or with none. */
function takeEmptyBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser("*", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") {
      done(null, undefined);
      return;
    }
    try {
      done(null, JSON.parse(String(text)));
    } catch {
      done(new Fault("BadRequest", "the body is no JSON"), undefined);
    }
  });
}
