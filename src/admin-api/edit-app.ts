/** Changes of an app by an administrator: into the draft that is open, else a deployment of its own. */
import type { FastifyRequest } from "fastify";
import type { AppConfig } from "../config/app-config.ts";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";

/**
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
  const [{ readAppDirectory, writeAppDirectory }, { mustBeWell }] = await Promise.all([
    import("../config/app-directory.ts"),
    import("../config/deployments.ts"),
  ]);
  const former = (await deployments.drafts.files(id, draft)) ?? (await deployments.files(id));
  const files = writeAppDirectory(edit.change(readAppDirectory(former).app));
  const { problems } = await deployments.plan(id, files, options);
  mustBeWell(problems);
  await deployments.drafts.put(id, draft, files);
}
