/** Says what was done, with a way back while there is one. */
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { sayDone, sayFailed } from "./notice.ts";

const offeredMs = 12_000;

/** @param undo undefined where it can not be undone */
export function sayUndoable(message: string, undo: (() => Promise<void>) | undefined): void {
  if (undo === undefined) {
    sayDone(message);
    return;
  }
  const id = notifications.show({
    color: "green",
    autoClose: offeredMs,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            undo().then(() => {
              sayDone("Undone");
            }, sayFailed);
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
