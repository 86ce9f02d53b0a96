import { Button, Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { Failed } from "./states.tsx";

/** A form over the screen; it stays open, with the reason, when it could not be done. */
export function FormModal({
  title,
  verb,
  state,
  isBlocked = false,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string;
  /** Of the button: "Create". */
  readonly verb: string;
  readonly state: { readonly isPending: boolean; readonly error: Error | null };
  /** While something is missing that the fields themselves do not know of. */
  readonly isBlocked?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <Stack>
          {children}
          {state.error !== null && <Failed cause={state.error} />}
          <Button type="submit" loading={state.isPending} disabled={isBlocked}>
            {verb}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
