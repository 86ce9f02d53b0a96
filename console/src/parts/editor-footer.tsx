import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { ChangeButton } from "./change-button.tsx";
import { Unsaved } from "./unsaved.tsx";

/** What stands below the editor of a part: save, close, take back, and what deletes the part. */
export function EditorFooter({
  isBusy,
  isChanged,
  onClose,
  onDiscard,
  children,
}: {
  readonly isBusy: boolean;
  readonly isChanged: boolean;
  readonly onClose: () => void;
  readonly onDiscard: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <Group justify="space-between">
      <Group gap="xs">
        <ChangeButton type="submit" loading={isBusy}>
          Save
        </ChangeButton>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {isChanged && <Unsaved onDiscard={onDiscard} />}
      </Group>
      {children}
    </Group>
  );
}
