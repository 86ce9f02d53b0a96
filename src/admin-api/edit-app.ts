/** An app as one administrator sees and changes it: with their draft where they have one open, else as it is live. */
import type { FastifyRequest } from "fastify";
import type { AppConfig } from "../config/app-config.ts";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";

/** The app that the path names, with the changes that wait in the administrator's draft. */
export async function readApp(
  request: FastifyRequest,
  services: AdminServices,
): Promise<AppConfig> {
  const { id } = services.apps.must((request.params as { readonly appId: string }).appId);
  const { name } = mustBeAdministrator(request, services);
  const deployments = await services.deployments();
  const draft = await deployments.drafts.find(id, name);
  return draft === undefined ? deployments.config(id) : deployments.drafts.config(id, draft);
}

/** Whether the app has neither a deployment nor a draft of this administrator: its few settings change in place. */
export async function isPlain(request: FastifyRequest, services: AdminServices): Promise<boolean> {
  const { id, deployment } = services.apps.must(
    (request.params as { readonly appId: string }).appId,
  );
  if (deployment !== undefined) return false;
  const { drafts } = await services.deployments();
  return (await drafts.find(id, mustBeAdministrator(request, services).name)) === undefined;
}

/**
 * Changes the app: in the draft that is open, else as a deployment of its own.
 *
 * @param message for the history
 * @param change is given the app as the draft has it, where there is one
 * @throws {Fault} `BadRequest` with all problems that the changed app would have
 */
export async function editApp(
  request: FastifyRequest,
  services: AdminServices,
  edit: {
    /** 24 hex digits. */
    readonly appId: string;
    readonly message: string;
    readonly change: (app: AppConfig) => AppConfig;
  },
): Promise<void> {
  const { id } = services.apps.must(edit.appId);
  const author = mustBeAdministrator(request, services).name;
  const deployments = await services.deployments();
  const draft = await deployments.drafts.find(id, author);
  // A secret that is missing may come later; what needs it is closed until then.
  const options = { author, message: edit.message, missingSecret: "warns" } as const;
  if (draft === undefined) {
    await deployments.edit(id, options, edit.change);
    return;
  }
  const { mustBeWell } = await import("../config/deployments.ts");
  await deployments.drafts.edit(id, author, {
    change: edit.change,
    async check(files) {
      mustBeWell((await deployments.plan(id, files, options)).problems);
    },
  });
}
