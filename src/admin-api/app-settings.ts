import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";

const enabled = Type.Object({ enabled: Type.Boolean() });
const deployConfig = Type.Object({
  ui_drafts_disabled: Type.Optional(Type.Boolean()),
  automatic_deployment: Type.Optional(
    Type.Object({ enabled: Type.Optional(Type.Boolean()) }, { additionalProperties: true }),
  ),
  last_modified: Type.Optional(Type.Number()),
});

interface AppParams {
  readonly appId: string;
}

/** `/groups/{g}/apps/{a}/{validation_settings,deploy}`: small settings of an app. */
export function settingRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  const nullTypes = "/apps/:appId/validation_settings/null_type_schema_validation";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(nullTypes, async ({ params }) => ({
      enabled: apps.must(params.appId).allowsNullTypes === true,
    }));
    instance.put<{ Params: AppParams; Body: Static<typeof enabled> }>(
      nullTypes,
      { schema: { body: enabled } },
      async ({ params, body }, reply) => {
        await apps.setAllowsNullTypes(apps.must(params.appId).id, body.enabled);
        return reply.code(204).send();
      },
    );
    // Atlas: drafts were a switch of its console and GitHub a way to deploy; here a draft is there while somebody has
    // one open, and nothing is deployed from elsewhere.
    instance.get<{ Params: AppParams }>("/apps/:appId/deploy/config", async ({ params }) => {
      const { createdAt } = apps.must(params.appId);
      return {
        ui_drafts_disabled: true,
        automatic_deployment: { enabled: false },
        last_modified: Math.floor(createdAt / 1000),
      };
    });
    instance.patch<{ Params: AppParams; Body: Static<typeof deployConfig> }>(
      "/apps/:appId/deploy/config",
      { schema: { body: deployConfig } },
      async ({ params, body }, reply) => {
        apps.must(params.appId);
        if (body.automatic_deployment?.enabled === true)
          throw new Fault("BadRequest", "automatic deployment is not supported: use petiole push");
        return reply.code(204).send();
      },
    );
  };
}

/** Names that scripts may ask for. Where this server runs, whoever runs it knows. */
const regions: readonly string[] = [
  "aws-us-east-1",
  "aws-us-east-2",
  "aws-us-west-2",
  "aws-eu-central-1",
  "aws-eu-west-1",
  "aws-eu-west-2",
  "aws-ap-south-1",
  "aws-ap-southeast-1",
  "aws-ap-southeast-2",
  "aws-sa-east-1",
  "azure-eastus2",
  "azure-westus",
  "azure-westeurope",
  "azure-eastasia",
  "azure-southeastasia",
  "gcp-us-central1",
  "gcp-us-east4",
  "gcp-us-west1",
  "gcp-europe-west1",
  "gcp-asia-south1",
];

export function listRegions(): readonly object[] {
  return regions.map((id) => ({
    id,
    name: id,
    cloud_provider: id.slice(0, id.indexOf("-")),
    deployment_models: ["GLOBAL", "LOCAL"],
  }));
}
