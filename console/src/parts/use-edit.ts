/** Changes of what an app is made of: into the draft, or live at once, as is chosen. */
import type { UseMutationResult } from "@tanstack/react-query";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { draftsQuery, ensureDraft } from "../api/drafts.ts";
import { useCurrentApp } from "../shell/current-app.ts";
import { useDeployMode } from "../shell/deploy-mode.ts";
import { type Act, type ActOptions, useAct } from "./use-act.ts";

export interface Edit extends Act {
  /** What is done, to which is added where to: "The function greet is saved". */
  readonly done: string;
  /** Takes it back; offered while it is in a draft only, since what was live for a moment was live. */
  readonly undo?: () => Promise<unknown>;
}

/** Whether a change waits in a draft: because that is chosen, or because one is open. */
export function useGoesToDraft(): boolean {
  const { path } = useCurrentApp();
  const mode = useDeployMode();
  const { data: drafts = [] } = useQuery(draftsQuery(path));
  return mode === "draft" || drafts.some(({ own }) => own);
}

export function useEdit(options: ActOptions = {}): Omit<
  UseMutationResult<void, Error, Act>,
  "mutate"
> & {
  readonly mutate: (edit: Edit) => void;
} {
  const { path } = useCurrentApp();
  const client = useQueryClient();
  const goesToDraft = useGoesToDraft();
  const act = useAct([path], options);
  return {
    ...act,
    mutate({ run, done, undo, ...others }) {
      act.mutate({
        ...others,
        done: goesToDraft ? `${done} in your draft` : `${done} and live`,
        ...(goesToDraft && undo && { undo }),
        run: async () => {
          const drafts = goesToDraft ? await client.fetchQuery(draftsQuery(path)) : [];
          if (goesToDraft && !drafts.some(({ own }) => own)) await ensureDraft(path);
          await run();
        },
      });
    },
  };
}
