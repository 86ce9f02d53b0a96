/** What the original's tool pushes and pulls with: drafts, import, export, and how far a deployment has come. */
import type { FastifyInstance } from "fastify";
import { diffApps, type FileChange, printDiff } from "../config/app-diff.ts";
import { formatProblem } from "../config/app-problem.ts";
import { readToolImport, toToolFiles, toToolVersion } from "../config/tool-directory.ts";
import { Fault } from "../kit/fault.ts";
import { writeZip } from "../kit/zip.ts";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";

interface AppParams {
  readonly appId: string;
}
interface DraftParams extends AppParams {
  readonly draftId: string;
}

const importBytesMax = 64 * 2 ** 20;

/** `/groups/{g}/apps/{a}/{import,export,drafts,templates,hosting}`. */
export function importRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    await instance.register(exportRoutes(services));
    await instance.register(draftRoutes(services));
  };
}

function exportRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
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
        const app = apps.must(request.params.appId);
        const deployments = await services.deployments();
        const config = await deployments.config(app.id);
        const { before, after } = readToolImport(app, config, request.body);
        const { problems } = await deployments.plan(app.id, after);
        if (problems.length > 0)
          throw new Fault("BadRequest", problems.map(formatProblem).join("\n"));
        const changes = diffApps(before, after, { fieldOrder: "ignored" });
        if (request.query.diff === "true") return printDiff(changes);
        const author = mustBeAdministrator(request, services).name;
        const draft = await deployments.drafts.find(app.id, author);
        if (draft !== undefined) await deployments.drafts.put(app.id, draft, after);
        else if (changes.length > 0) await deployments.push(app.id, after, { author });
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

function draftRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  return async (instance) => {
    instance.get<{ Params: AppParams }>("/apps/:appId/drafts", async (request) => {
      const { id } = apps.must(request.params.appId);
      const { drafts } = await services.deployments();
      const found = await drafts.find(id, mustBeAdministrator(request, services).name);
      return found === undefined ? [] : [{ _id: found }];
    });
    instance.post<{ Params: AppParams }>("/apps/:appId/drafts", async (request, reply) => {
      const { id } = apps.must(request.params.appId);
      const { drafts } = await services.deployments();
      const draft = await drafts.open(id, mustBeAdministrator(request, services).name);
      return reply.code(201).send({ _id: draft });
    });
    instance.get<{ Params: DraftParams }>("/apps/:appId/drafts/:draftId/diff", async (request) => {
      const { appId, draftId } = request.params;
      const { id } = apps.must(appId);
      const deployments = await services.deployments();
      await deployments.drafts.must(id, mustBeAdministrator(request, services).name, draftId);
      const files = await deployments.drafts.files(id, draftId);
      const changes = files === undefined ? [] : (await deployments.plan(id, files)).changes;
      return describeDiff(changes);
    });
    instance.delete<{ Params: DraftParams }>(
      "/apps/:appId/drafts/:draftId",
      async (request, reply) => {
        const { appId, draftId } = request.params;
        const { id } = apps.must(appId);
        const { drafts } = await services.deployments();
        await drafts.must(id, mustBeAdministrator(request, services).name, draftId);
        await drafts.delete(id, draftId);
        return reply.code(204).send();
      },
    );
    instance.post<{ Params: DraftParams }>(
      "/apps/:appId/drafts/:draftId/deployment",
      async (request, reply) => {
        const { appId, draftId } = request.params;
        const { id } = apps.must(appId);
        const deployments = await services.deployments();
        const author = mustBeAdministrator(request, services).name;
        await deployments.drafts.must(id, author, draftId);
        const files = await deployments.drafts.files(id, draftId);
        if (files === undefined) throw new Fault("BadRequest", "the draft is empty");
        try {
          const { id: deployment } = await deployments.push(id, files, { author });
          await deployments.drafts.delete(id, draftId);
          return await reply
            .code(201)
            .send({ _id: deployment, status: "successful", status_error_message: "" });
        } catch (cause) {
          if (!(cause instanceof Fault)) throw cause;
          // The tool deletes the draft then.
          const failed = { status: "failed", status_error_message: cause.message };
          return reply.code(201).send({ _id: draftId, ...failed });
        }
      },
    );
  };
}

function describeDiff(changes: readonly FileChange[]): object {
  const none = { added: [], deleted: [], modified: [] };
  return {
    diffs: printDiff(changes),
    hosting_files_diff: none,
    dependencies_diff: none,
    graphql_config_diff: { field_diffs: [] },
    schema_options_diff: { graphql_validation_diff: [], rest_validation_diff: [] },
  };
}
