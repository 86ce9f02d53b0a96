/** `/groups/{g}/apps/{a}/drafts`: changes that wait until they are deployed in one step. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type FileChange, printDiff } from "../config/app-diff.ts";
import { formatProblem } from "../config/app-problem.ts";
import type { Take } from "../config/deployments.ts";
import type { Draft } from "../config/draft-records.ts";
import { Fault } from "../kit/fault.ts";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";

/** Ours: the original's tool sends no body. */
const deployment = Type.Optional(
  Type.Union([
    Type.Null(),
    Type.Object({
      message: Type.Optional(Type.String({ maxLength: 1000 })),
      /** Whose content a file gets that somebody else changed too. */
      take: Type.Optional(Type.Union([Type.Literal("mine"), Type.Literal("theirs")])),
    }),
  ]),
);

interface AppParams {
  readonly appId: string;
}
interface DraftParams extends AppParams {
  readonly draftId: string;
}
interface FileQuery {
  readonly file?: string;
}

export function draftRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;

  async function mustFind(request: FastifyRequest<{ Params: DraftParams }>) {
    const { appId, draftId } = request.params;
    const { id } = apps.must(appId);
    const author = mustBeAdministrator(request, services).name;
    const deployments = await services.deployments();
    const draft = await deployments.drafts.must(id, author, draftId);
    return { id, author, deployments, draft };
  }

  return async (instance) => {
    instance.get<{ Params: AppParams; Querystring: { readonly all?: string } }>(
      "/apps/:appId/drafts",
      async (request) => {
        const { id } = apps.must(request.params.appId);
        const { name } = mustBeAdministrator(request, services);
        const { drafts } = await services.deployments();
        const found = await drafts.list(id);
        // The original's tool takes a list of one for its own, and anything else for a failure.
        return found
          .filter(({ author }) => request.query.all === "true" || author === name)
          .map((draft) => describe(draft, draft.author === name));
      },
    );
    instance.post<{ Params: AppParams }>("/apps/:appId/drafts", async (request, reply) => {
      const { id } = apps.must(request.params.appId);
      const { drafts } = await services.deployments();
      const draft = await drafts.open(id, mustBeAdministrator(request, services).name);
      return reply.code(201).send({ _id: draft });
    });
    instance.get<{ Params: DraftParams; Querystring: { readonly take?: string } }>(
      "/apps/:appId/drafts/:draftId/diff",
      async (request) => {
        const { id, deployments, draft } = await mustFind(request);
        const merged = await deployments.drafts.merge(id, draft, readTake(request.query.take));
        const plan = merged && (await deployments.plan(id, merged.files));
        return {
          ...describeDiff(plan?.changes ?? []),
          changes: plan?.changes ?? [],
          problems: (plan?.problems ?? []).map(formatProblem),
          warnings: (plan?.warnings ?? []).map(formatProblem),
          conflicts: merged?.conflicts ?? [],
          is_outdated: merged?.live !== undefined && draft.base !== merged.live,
          revision: draft.revision,
        };
      },
    );
    // Ours: one file as it is live, which takes a part of the draft back.
    instance.delete<{ Params: DraftParams; Querystring: FileQuery }>(
      "/apps/:appId/drafts/:draftId/files",
      async (request, reply) => {
        const { file = "" } = request.query;
        const { id, deployments, draft } = await mustFind(request);
        const held = await deployments.drafts.files(id, draft.id);
        if (held === undefined) throw new Fault("BadRequest", "the draft is empty");
        const former = (await deployments.drafts.baseFiles(id, draft)).get(file);
        if (former === undefined && !held.has(file))
          throw new Fault("NotFound", `file not found: '${file.slice(0, 200)}'`);
        if (former === undefined) held.delete(file);
        else held.set(file, former);
        const { mustBeWell } = await import("../config/deployments.ts");
        mustBeWell((await deployments.plan(id, held, { missingSecret: "warns" })).problems);
        await deployments.drafts.put(id, draft, held, draft.base);
        return reply.code(204).send();
      },
    );
    instance.delete<{ Params: DraftParams }>(
      "/apps/:appId/drafts/:draftId",
      async (request, reply) => {
        const { id, deployments, draft } = await mustFind(request);
        await deployments.drafts.delete(id, draft.id);
        return reply.code(204).send();
      },
    );
    instance.post<{ Params: DraftParams; Body: Static<typeof deployment> }>(
      "/apps/:appId/drafts/:draftId/deployment",
      { schema: { body: deployment } },
      async (request, reply) => {
        const { id, author, deployments, draft } = await mustFind(request);
        if (draft.revision === 0) throw new Fault("BadRequest", "the draft is empty");
        const { message = "", take } = request.body ?? {};
        try {
          const options = { author, message, take };
          const { id: made } = await deployments.drafts.deploy(id, draft, options);
          return await reply.code(201).send({ _id: made, ...outcome("successful", "") });
        } catch (cause) {
          if (!(cause instanceof Fault)) throw cause;
          // The tool deletes the draft then.
          return reply.code(201).send({ _id: draft.id, ...outcome("failed", cause.message) });
        }
      },
    );
  };
}

function outcome(status: "successful" | "failed", message: string): object {
  return { status, status_error_message: message };
}

function readTake(text: string | undefined): Take | undefined {
  return text === "mine" || text === "theirs" ? text : undefined;
}

function describe(draft: Draft, isOwn: boolean): object {
  return {
    _id: draft.id,
    author: draft.author,
    own: isOwn,
    created_at: new Date(draft.createdAt).toISOString(),
    updated_at: new Date(draft.updatedAt).toISOString(),
    revision: draft.revision,
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
