import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { AppConfig } from "../config/app-config.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editApp, readApp } from "./edit-app.ts";

const enabled = Type.Object({ enabled: Type.Boolean() });
const deployConfig = Type.Object({
  ui_drafts_disabled: Type.Optional(Type.Boolean()),
  automatic_deployment: Type.Optional(
    Type.Object({ enabled: Type.Optional(Type.Boolean()) }, { additionalProperties: true }),
  ),
  last_modified: Type.Optional(Type.Number()),
});

const ruleSettings = Type.Object({
  hidden_fields: Type.Optional(Type.Union([Type.Literal("missing"), Type.Literal("stored")])),
  user_regex: Type.Optional(Type.Union([Type.Literal("allowed"), Type.Literal("refused")])),
});

interface AppParams {
  readonly appId: string;
}

/** `/groups/{g}/apps/{a}/{validation_settings,rules/settings,deploy}`: small settings of an app. */
export function settingRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  const rules = "/apps/:appId/rules/settings";
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
    // Ours: both stand in the root configuration file.
    instance.get<{ Params: AppParams }>(rules, async (request) =>
      describeRules(await readApp(request, services)),
    );
    instance.patch<{ Params: AppParams; Body: Static<typeof ruleSettings> }>(
      rules,
      { schema: { body: ruleSettings } },
      async (request, reply) => {
        const { hidden_fields: hiddenFields, user_regex: userRegex } = request.body;
        await editApp(request, services, {
          appId: request.params.appId,
          message: "settings of rules",
          change: (app) => ({
            ...app,
            ...(hiddenFields !== undefined && { hiddenFields }),
            ...(userRegex !== undefined && { userRegex }),
          }),
        });
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

function describeRules({ hiddenFields, userRegex }: AppConfig): Readonly<Record<string, string>> {
  return { hidden_fields: hiddenFields ?? "missing", user_regex: userRegex ?? "allowed" };
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
