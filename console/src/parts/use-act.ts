/** Changing something on the server: failures are said, and what is shown of it is read again. */
import { useMutation, type UseMutationResult, useQueryClient } from "@tanstack/react-query";
import { sayFailed } from "./notice.ts";
import { sayUndoable } from "./undo.tsx";

export interface Act {
  readonly run: () => Promise<unknown>;
  /** Said when it is done. */
  readonly done?: string;
  /** The way back, which is offered for a few seconds. */
  readonly undo?: () => Promise<unknown>;
  readonly after?: () => void;
}

export interface ActOptions {
  /** The failure stands beside what was done, and is not said in the corner as well. */
  readonly showsFailure?: boolean;
}

/** @param queryKey what is read again afterwards; also what begins with it */
export function useAct(
  queryKey: readonly unknown[],
  { showsFailure = false }: ActOptions = {},
): UseMutationResult<void, Error, Act> {
  const client = useQueryClient();
  async function takeBack(undo: () => Promise<unknown>): Promise<void> {
    await undo();
    await client.invalidateQueries({ queryKey });
  }
  return useMutation<void, Error, Act>({
    mutationFn: async ({ run }: Act) => {
      await run();
    },
    onSuccess: (_nothing, { done, undo, after }) => {
      if (done !== undefined) sayUndoable(done, undo && (async () => takeBack(undo)));
      after?.();
    },
    onError: (cause) => {
      if (!showsFailure) sayFailed(cause);
    },
    onSettled: async () => client.invalidateQueries({ queryKey }),
  });
}
