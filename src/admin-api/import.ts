/** What the original's tool pushes and pulls with: import and export. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { diffApps, type FileChange, printDiff } from "../config/app-diff.ts";
import { formatProblem } from "../config/app-problem.ts";
import { toExportPayload } from "../config/export-payload.ts";
import { readToolImport, toToolFiles, toToolVersion } from "../config/tool-directory.ts";
import { Fault } from "../kit/fault.ts";
import { writeZip } from "../kit/zip.ts";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";

interface AppParams {
  readonly appId: string;
}

const importBytesMax = 64 * 2 ** 20;

/** `/groups/{g}/apps/{a}/{import,export,templates,hosting}`. */
export function importRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  return async (instance) => {
    instance.get<{
      Params: AppParams;
      Querystring: { readonly version?: string; readonly template?: string };
    }>("/apps/:appId/export", async (request, reply) => {
      const app = apps.must(request.params.appId);
      const config = await (await services.deployments()).config(app.id);
      const { version, template } = request.query;
      const options = { version: toToolVersion(version), isTemplate: template === "true" };
      const archive = writeZip(toToolFiles(app, config, options));
      // The tool takes what stands before the last `_` as the name of the folder.
      const name = app.name.replace(/[^A-Za-z0-9_.-]/g, "-");
      return reply
        .header("Content-Type", "application/zip")
        .header("Content-Disposition", `attachment; filename="${name}_${Date.now()}.zip"`)
        .send(archive);
    });
    instance.post<{ Params: AppParams; Querystring: { readonly diff?: string } }>(
      "/apps/:appId/import",
      { bodyLimit: importBytesMax },
      async (request, reply) => {
        const isDiff = request.query.diff === "true";
        const changes = await takeImport(request, services, { isDiff });
        return isDiff ? printDiff(changes) : reply.code(204).send();
      },
    );
    // The same once more, as the original's API has it beside its tool.
    instance.get<{ Params: AppParams }>("/apps/:appId/pull", async (request, reply) => {
      const app = apps.must(request.params.appId);
      const config = await (await services.deployments()).config(app.id);
      const files = toToolFiles(app, config, { version: 20210101 });
      if (request.headers.accept?.includes("application/zip") !== true)
        return toExportPayload(files);
      return reply.header("Content-Type", "application/zip").send(writeZip(files));
    });
    instance.patch<{ Params: AppParams }>(
      "/apps/:appId/push",
      { bodyLimit: importBytesMax },
      async (request, reply) => {
        await takeImport(request, services);
        return reply.code(204).send();
      },
    );
    for (const path of ["/apps/:appId/templates", "/apps/:appId/hosting/assets"])
      instance.get<{ Params: AppParams }>(path, async (request) => {
        apps.must(request.params.appId);
        return [];
      });
  };
}

/** Puts what was sent into the caller's draft, or makes it live where there is none. @returns what it changes */
async function takeImport(
  request: FastifyRequest<{ Params: AppParams }>,
  services: AdminServices,
  { isDiff = false }: { readonly isDiff?: boolean } = {},
): Promise<readonly FileChange[]> {
  const app = services.apps.must(request.params.appId);
  const deployments = await services.deployments();
  const config = await deployments.config(app.id);
  const { before, after } = readToolImport(app, config, request.body);
  const { problems } = await deployments.plan(app.id, after);
  if (problems.length > 0) throw new Fault("BadRequest", problems.map(formatProblem).join("\n"));
  const changes = diffApps(before, after, { fieldOrder: "ignored" });
  if (isDiff) return changes;
  const author = mustBeAdministrator(request, services).name;
  const draft = await deployments.drafts.find(app.id, author);
  if (draft !== undefined) await deployments.drafts.put(app.id, draft, after, app.deployment);
  else if (changes.length > 0) await deployments.push(app.id, after, { author });
  return changes;
}
