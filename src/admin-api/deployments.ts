import type { FastifyInstance } from "fastify";
import { packFiles, unpackFiles } from "../config/app-package.ts";
import { formatProblem } from "../config/app-problem.ts";
import type { Deployment, Plan } from "../config/deployments.ts";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";

interface AppParams {
  readonly appId: string;
}
interface DeploymentParams extends AppParams {
  readonly deploymentId: string;
}

/** The content type of a packed app directory. */
const packedType = "application/gzip";

/** `/groups/{g}/apps/{a}/deployments`: the history of an app, and whole directories in and out. */
export function deploymentRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  return async (instance) => {
    instance.addContentTypeParser(packedType, { parseAs: "buffer" }, (_request, bytes, done) => {
      done(null, bytes);
    });
    instance.get<{ Params: AppParams }>("/apps/:appId/deployments", async (request) => {
      const { id, deployment: live } = apps.must(request.params.appId);
      const deployments = await services.deployments();
      return (await deployments.list(id)).map((each) => describe(each, live));
    });
    instance.get<{ Params: DeploymentParams }>(
      "/apps/:appId/deployments/:deploymentId",
      async (request) => {
        const { id, deployment: live } = apps.must(request.params.appId);
        const deployments = await services.deployments();
        return describe(await deployments.must(id, request.params.deploymentId), live);
      },
    );
    // Ours: the directory as it was pushed, byte for byte; `live` stands for the newest that is.
    instance.get<{ Params: DeploymentParams }>(
      "/apps/:appId/deployments/:deploymentId/files",
      async (request, reply) => {
        const { appId, deploymentId } = request.params;
        const { id } = apps.must(appId);
        const deployments = await services.deployments();
        const wanted = deploymentId === "live" ? undefined : deploymentId;
        const packed = await packFiles(await deployments.files(id, wanted));
        return reply.header("Content-Type", packedType).send(packed);
      },
    );
    // Ours too: a whole directory, which the import of the original can not carry.
    instance.post<{
      Params: AppParams;
      Body: Uint8Array | undefined;
      Querystring: { readonly dry_run?: string; readonly message?: string };
    }>("/apps/:appId/deployments", async (request, reply) => {
      const { id } = apps.must(request.params.appId);
      const { body } = request;
      const files = await unpackFiles(body instanceof Uint8Array ? body : new Uint8Array());
      const deployments = await services.deployments();
      const { dry_run: dryRun, message = "" } = request.query;
      if (dryRun === "true") return describePlan(await deployments.plan(id, files));
      const author = mustBeAdministrator(request, services).name;
      const deployment = await deployments.push(id, files, { author, message });
      return reply.code(201).send(describe(deployment, deployment.id));
    });
    instance.post<{ Params: DeploymentParams }>(
      "/apps/:appId/deployments/:deploymentId/redeploy",
      async (request, reply) => {
        const { id } = apps.must(request.params.appId);
        await (await services.deployments()).rollback(id, request.params.deploymentId);
        return reply.code(204).send();
      },
    );
  };
}

function describe(
  deployment: Deployment,
  live: string | undefined,
): Readonly<Record<string, string | number | boolean>> {
  const { id, author, message, createdAt, filesCount } = deployment;
  return {
    _id: id,
    status: "successful",
    status_error_message: "",
    author,
    message,
    created_at: new Date(createdAt).toISOString(),
    files_count: filesCount,
    live: id === live,
  };
}

function describePlan({ problems, warnings, unserved, changes }: Plan): object {
  return {
    problems: problems.map(formatProblem),
    warnings: warnings.map(formatProblem),
    unserved,
    changes,
  };
}
