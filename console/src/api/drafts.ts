/** Changes that wait for their deployment, and the deployments that were. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "./client.ts";
import { Failure } from "./failure.ts";

export interface Draft {
  readonly _id: string;
  readonly author: string;
  /** Of whoever is signed in. */
  readonly own: boolean;
  readonly updated_at: string;
  /** 0 while nothing is in it. */
  readonly revision: number;
}

export interface FileChange {
  readonly file: string;
  readonly kind: "added" | "deleted" | "modified";
  /** Unified. */
  readonly patch: string;
}

export interface DraftDiff {
  readonly changes: readonly FileChange[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** Files that somebody else changed too. */
  readonly conflicts: readonly string[];
  /** Whether something else went live since. */
  readonly is_outdated: boolean;
}

export interface Deployment {
  readonly _id: string;
  readonly author: string;
  readonly message: string;
  readonly created_at: string;
  readonly files_count: number;
  readonly live: boolean;
}

export interface AppDirectory {
  readonly served: boolean;
  readonly directory?: string;
  readonly written?: boolean;
  readonly watched?: boolean;
  readonly left?: readonly string[];
}

/** Whose content a file gets that somebody else changed too. */
export type Take = "mine" | "theirs";

const othersEveryMs = 20_000;

/** Of all administrators: what others are at is to be known while one works. */
export function draftsQuery(path: string) {
  return queryOptions({
    queryKey: [path, "drafts"],
    queryFn: async () => call<readonly Draft[]>({ path: `${path}/drafts`, query: { all: true } }),
    refetchInterval: othersEveryMs,
  });
}

export function draftDiffQuery(path: string, draft: Draft, take: Take | undefined) {
  return queryOptions({
    // Beside all that is asked anew once something of the app has changed: a draft that was deployed has no diff any more.
    queryKey: ["draft diff", path, draft._id, draft.revision, take],
    queryFn: async () =>
      call<DraftDiff>({ path: `${path}/drafts/${draft._id}/diff`, query: { take } }),
    // Against what is live, which others change.
    refetchInterval: othersEveryMs,
  });
}

/** Opens a draft where there is none, so that changes go into it. */
export async function ensureDraft(path: string): Promise<void> {
  try {
    await call({ method: "POST", path: `${path}/drafts` });
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== "DraftAlreadyExists") throw cause;
  }
}

/** @throws {Error} with the reason where it is not deployed */
export async function deployDraft(
  path: string,
  id: string,
  body: { readonly message: string; readonly take?: Take },
): Promise<void> {
  const { status, status_error_message: reason } = await call<{
    readonly status: string;
    readonly status_error_message: string;
  }>({ method: "POST", path: `${path}/drafts/${id}/deployment`, body });
  if (status === "failed") throw new Error(reason);
}

export function deploymentsQuery(path: string) {
  return queryOptions({
    queryKey: [path, "deployments"],
    queryFn: async () => call<readonly Deployment[]>({ path: `${path}/deployments` }),
  });
}

export function deploymentDiffQuery(path: string, id: string, against: string | undefined) {
  return queryOptions({
    queryKey: [path, "deployments", id, "diff", against],
    queryFn: async () =>
      call<{ readonly against: string | null; readonly changes: readonly FileChange[] }>({
        path: `${path}/deployments/${id}/diff`,
        query: { against },
      }),
  });
}

export function appDirectoryQuery(path: string) {
  return queryOptions({
    queryKey: [path, "app-directory"],
    queryFn: async () => call<AppDirectory>({ path: `${path}/app_directory` }),
  });
}
