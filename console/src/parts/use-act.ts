/** Changing something on the server: failures are said, and what is shown of it is read again. */
import { useMutation, type UseMutationResult, useQueryClient } from "@tanstack/react-query";
import { sayDone, sayFailed } from "./notice.ts";

export interface Act {
  readonly run: () => Promise<unknown>;
  /** Said when it is done. */
  readonly done?: string;
  readonly after?: () => void;
}

/** @param queryKey what is read again afterwards; also what begins with it */
export function useAct(queryKey: readonly unknown[]): UseMutationResult<void, Error, Act> {
  const client = useQueryClient();
  return useMutation<void, Error, Act>({
    mutationFn: async ({ run }: Act) => {
      await run();
    },
    onSuccess: (_nothing, { done, after }) => {
      if (done !== undefined) sayDone(done);
      after?.();
    },
    onError: sayFailed,
    onSettled: async () => client.invalidateQueries({ queryKey }),
  });
}
