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
import { accessListRoutes } from "./access-list.ts";
import { serviceCommandRoutes } from "./service-commands.ts";
import { dataServiceRoutes } from "./services.ts";
import { environmentRoutes } from "./environment.ts";
import { logForwarderRoutes } from "./log-forwarders.ts";
import { addDescription, createApiDescription } from "./openapi.ts";
import { ruleRoutes } from "./rules.ts";
import { schemaRoutes } from "./schemas.ts";
import { listRegions, settingRoutes } from "./app-settings.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { appPartRoutes } from "./app-parts.ts";
import { appRoutes } from "./apps.ts";
import { auditRoutes, guardChanges } from "./audit.ts";
import { authProviderRoutes } from "./auth-providers.ts";
import { customUserDataRoutes } from "./custom-user-data.ts";
import { dataApiRoutes } from "./data-api.ts";
import { dataRoutes } from "./data.ts";
import { dataSourceRoutes } from "./data-sources.ts";
import { debugRoutes } from "./debug.ts";
import { dependencyRoutes } from "./dependencies.ts";
import { deploymentRoutes } from "./deployments.ts";
import { draftRoutes } from "./drafts.ts";
import { endpointRoutes } from "./endpoints.ts";
import { explainRoutes } from "./explain-rules.ts";
import { functionRoutes } from "./functions.ts";
import { importRoutes } from "./import.ts";
import { logRoutes } from "./logs.ts";
import { limitRoutes } from "./limits.ts";
import { measurementRoutes } from "./measurements.ts";
import { secretRoutes } from "./secrets.ts";
import { securityRoutes } from "./security.ts";
import { serverRoutes } from "./server.ts";
import { sessionRoutes } from "./sessions.ts";
import { triggerRoutes } from "./triggers.ts";
import { valueRoutes } from "./values.ts";
import { userRegistrationRoutes } from "./user-registrations.ts";
import { userRoutes } from "./users.ts";
import { userSessionRoutes } from "./user-sessions.ts";

export function adminApi(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    const description = createApiDescription();
    instance.addHook("onRoute", (route) => {
      description.note(route);
    });
    takeEmptyBodies(instance);
    instance.setNotFoundHandler(async () => {
      throw new Fault("NotFound", "not found");
    });
    await instance.register(sessionRoutes(services));
    await instance.register(async (closed) => {
      guardChanges(closed, services);
      addDescription(closed, description, services.baseUrl);
      await closed.register(serverRoutes(services));
      // Apps are made of directories here, not of templates.
      closed.get("/templates", async () => []);
      closed.get("/provider_regions", async () => listRegions());
      await closed.register(groupRoutes(services), { prefix: "/groups/:groupId" });
    });
  };
}

function groupRoutes(services: AdminServices): (group: FastifyInstance) => Promise<void> {
  return async (group) => {
    group.addHook("preValidation", async (request) => {
      const { groupId } = request.params as { readonly groupId: string };
      if (groupId !== services.groupId) throw new Fault("NotFound", "group not found");
    });
    for (const routes of [
      appRoutes,
      apiKeyRoutes,
      appPartRoutes,
      dataApiRoutes,
      dataRoutes,
      dataSourceRoutes,
      deploymentRoutes,
      draftRoutes,
      importRoutes,
      functionRoutes,
      endpointRoutes,
      valueRoutes,
      triggerRoutes,
      dependencyRoutes,
      debugRoutes,
      explainRoutes,
      limitRoutes,
      accessListRoutes,
      auditRoutes,
      dataServiceRoutes,
      serviceCommandRoutes,
      environmentRoutes,
      logForwarderRoutes,
      ruleRoutes,
      schemaRoutes,
      settingRoutes,
      logRoutes,
      measurementRoutes,
      secretRoutes,
      securityRoutes,
      authProviderRoutes,
      customUserDataRoutes,
      userRegistrationRoutes,
      userRoutes,
      userSessionRoutes,
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
