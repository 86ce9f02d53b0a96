import { Button, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** Beside the button that saves: something is changed, and kept in this browser until it is saved. */
export function Unsaved({ onDiscard }: { readonly onDiscard: () => void }): ReactNode {
  return (
    <>
      <Text size="sm" c="dimmed">
        Changed, not saved
      </Text>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={onDiscard}>
        Discard
      </Button>
    </>
  );
}
