/** What is done with drafts: read as an app, edited, brought together with what went live meanwhile, deployed. */
import { Fault } from "../../kit/fault.ts";
import { createQueue } from "../../kit/queue.ts";
import type { AppConfig } from "../app-config.ts";
import { readAppDirectory, writeAppDirectory } from "../app-directory.ts";
import type { AppFiles } from "../app-package.ts";
import type { Deployment, PushOptions } from "../deployments.ts";
import type { Draft, Drafts } from "../draft-records.ts";
import { mergeFiles, type MergedFiles } from "../merge-files.ts";

export interface MergedDraft extends MergedFiles {
  /** The deployment that is live; the draft's changes have been made in its files. */
  readonly live: string | undefined;
}

export interface DraftWork extends Drafts {
  /** The app as it will be, but for what others deployed meanwhile. */
  config(appId: string, draft: Draft): Promise<AppConfig>;
  /** What its files were made from. */
  baseFiles(appId: string, draft: Draft): Promise<AppFiles>;
  /** Changes what the author's draft holds. @throws {Fault} `NotFound`, and what `check` throws */
  edit(
    appId: string,
    author: string,
    options: {
      readonly change: (app: AppConfig) => AppConfig;
      /** Throws where the files are no app that could be deployed. */
      readonly check: (files: AppFiles) => Promise<void>;
    },
  ): Promise<void>;
  /** The live app with the changes of the draft; undefined where it has none. @param take decides conflicts */
  merge(appId: string, draft: Draft, take?: Take): Promise<MergedDraft | undefined>;
  /** @throws {Fault} `BadRequest` where it is empty or has problems, `DraftConflict`; the draft stays then */
  deploy(
    appId: string,
    draft: Draft,
    options: PushOptions & { readonly take?: Take | undefined },
  ): Promise<Deployment>;
}

/** Whose content a file gets that both the draft and a later deployment changed. */
export type Take = "mine" | "theirs";

const attemptsMax = 5;

export function createDraftWork(environment: {
  readonly drafts: Drafts;
  readonly liveOf: (appId: string) => string | undefined;
  /** Of a deployment; of an app before its first one. */
  readonly filesAt: (appId: string, deployment: string | undefined) => Promise<AppFiles>;
  /** @throws {Fault} `DraftConflict` when another deployment is live than `after` names */
  readonly push: (
    appId: string,
    files: AppFiles,
    options: PushOptions & { readonly after: string | undefined },
  ) => Promise<Deployment>;
  /** Keeps the files of an app that has no deployment yet. @returns its id */
  readonly snapshot: (appId: string, files: AppFiles) => Promise<string>;
  readonly remembered: (key: string, make: () => Promise<AppConfig>) => Promise<AppConfig>;
}): DraftWork {
  const { drafts, liveOf, filesAt, push, snapshot, remembered } = environment;
  const inTurn = createQueue();

  async function heldBy(appId: string, draft: Draft): Promise<AppFiles> {
    const held = draft.revision === 0 ? undefined : await drafts.files(appId, draft.id);
    return held ?? filesAt(appId, liveOf(appId));
  }

  /** Settings of an app without a deployment change in their place: what a draft began with has to be kept. */
  async function baseOf(appId: string, draft: Draft): Promise<string> {
    if (draft.revision > 0 && draft.base !== undefined) return draft.base;
    return liveOf(appId) ?? snapshot(appId, await filesAt(appId, undefined));
  }

  async function merge(appId: string, draft: Draft, take?: Take): Promise<MergedDraft | undefined> {
    const mine = await drafts.files(appId, draft.id);
    if (mine === undefined) return undefined;
    const live = liveOf(appId);
    if (draft.base === live) return { files: mine, conflicts: [], live };
    const [base, theirs] = await Promise.all([filesAt(appId, draft.base), filesAt(appId, live)]);
    return { ...mergeFiles(base, mine, theirs, take), live };
  }

  return {
    ...drafts,
    merge,
    async config(appId, draft) {
      const read = async (): Promise<AppConfig> => readAppDirectory(await heldBy(appId, draft)).app;
      // What an empty draft shows changes with what is live.
      if (draft.revision === 0) return read();
      return remembered(`${draft.id} ${draft.revision}`, read);
    },
    baseFiles: async (appId, draft) => filesAt(appId, draft.base),
    async edit(appId, author, { change, check }) {
      await inTurn(async () =>
        again(async () => {
          const draft = await drafts.find(appId, author);
          if (draft === undefined) throw new Fault("NotFound", "draft not found");
          const { app } = readAppDirectory(await heldBy(appId, draft));
          const files = writeAppDirectory(change(app));
          await check(files);
          await drafts.put(appId, draft, files, await baseOf(appId, draft));
        }),
      );
    },
    async deploy(appId, draft, { take, ...options }) {
      const deployment = await again(async () => {
        const merged = await merge(appId, draft, take);
        if (merged === undefined) throw new Fault("BadRequest", "the draft is empty");
        const { files, conflicts, live: after } = merged;
        if (conflicts.length === 0) return push(appId, files, { ...options, after });
        throw new Fault(
          "BadRequest",
          `changed here, and meanwhile by somebody else: ${conflicts.join(", ")}`,
        );
      });
      await drafts.delete(appId, draft.id);
      return deployment;
    },
  };
}

/** Once more when somebody was quicker. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await work();
    } catch (cause) {
      const isLate = cause instanceof Fault && cause.code === "DraftConflict";
      if (!isLate || attempt === attemptsMax) throw cause;
    }
}
