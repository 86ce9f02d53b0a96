import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { diffApps } from "../config/app-diff.ts";
import { packFiles, unpackFiles } from "../config/app-package.ts";
import { formatProblem } from "../config/app-problem.ts";
import type { Deployment, Plan } from "../config/deployments.ts";
import { Fault } from "../kit/fault.ts";
import { streamZip } from "../kit/zip.ts";
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

  /** The one that was made before it; undefined for the first. */
  async function idBefore(appId: string, id: string | undefined): Promise<string | undefined> {
    const all = await (await services.deployments()).list(appId);
    const at = all.findIndex((each) => each.id === id);
    if (id !== undefined && at < 0) throw new Fault("NotFound", "deployment not found");
    return all[at + 1]?.id;
  }

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
    // Ours too: what it changed, against the one before it or any other; `live` stands for what is.
    instance.get<{ Params: DeploymentParams; Querystring: { readonly against?: string } }>(
      "/apps/:appId/deployments/:deploymentId/diff",
      async (request) => {
        const { appId, deploymentId } = request.params;
        const { id, deployment: live } = apps.must(appId);
        const deployments = await services.deployments();
        const wanted = deploymentId === "live" ? live : deploymentId;
        const { against = await idBefore(id, wanted) } = request.query;
        const after = await deployments.files(id, wanted);
        const before =
          against === undefined
            ? new Map<string, Uint8Array>()
            : await deployments.files(id, against === "live" ? undefined : against);
        return { against: against ?? null, changes: diffApps(before, after) };
      },
    );
    // What the directory that the server was started on has of it.
    instance.get<{ Params: AppParams }>("/apps/:appId/app_directory", async (request) => {
      const { id } = apps.must(request.params.appId);
      const linked = services.linkedDirectory();
      if (linked?.appId !== id) return { served: false };
      const { directory, isWritten, isWatched, left } = linked;
      return { served: true, directory, written: isWritten, watched: isWatched, left };
    });
    // And as an archive that every system opens.
    instance.get<{ Params: DeploymentParams }>(
      "/apps/:appId/deployments/:deploymentId/zip",
      async (request, reply) => {
        const { appId, deploymentId } = request.params;
        const { id, clientAppId } = apps.must(appId);
        const deployments = await services.deployments();
        const wanted = deploymentId === "live" ? undefined : deploymentId;
        const files = await deployments.files(id, wanted);
        const name = `${clientAppId}-${deploymentId}.zip`.replace(/[^A-Za-z0-9_.-]/g, "-");
        return reply
          .header("Content-Type", "application/zip")
          .header("Content-Disposition", `attachment; filename="${name}"`)
          .send(Readable.from(streamZip(files)));
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
