import type { FastifyInstance } from "fastify";
import { Doc } from "../bson/doc.ts";
import { appRoute } from "./call.ts";
import type { ClientServices } from "./client-services.ts";

/** Where clients find the app: what most of them ask first. */
export function locationRoutes(instance: FastifyInstance, services: ClientServices): void {
  instance.get(
    "/app/:appId/location",
    appRoute(services, async ({ app, request }) => {
      const hostname = services.http.baseUrl(request.raw);
      const fields = Doc.of({
        deployment_model: app.deploymentModel ?? "GLOBAL",
        location: app.location ?? "US-VA",
        hostname,
        ws_hostname: hostname.replace(/^http/, "ws"),
      });
      return { kind: "fields", status: 200, fields };
    }),
  );
}
