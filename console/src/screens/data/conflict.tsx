import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { printForPeople } from "../../ejson/print.ts";
import type { EjsonObject } from "../../ejson/value.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";

/** Somebody else saved first: both texts are in sight, and nothing is lost until one is chosen. */
export function ConflictNotice({
  theirs,
  isBusy,
  onKeepMine,
  onTakeTheirs,
}: {
  /** Undefined where it was deleted. */
  readonly theirs: EjsonObject | undefined;
  readonly isBusy: boolean;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
}): ReactNode {
  return (
    <Alert
      color="yellow"
      title={
        theirs === undefined
          ? "Somebody deleted this document since it was read"
          : "Somebody changed this document since it was read"
      }
      role="alert"
    >
      <Stack gap="xs">
        <Text size="sm">
          {theirs === undefined
            ? "Nothing was saved. Copy your text if it is to be inserted again."
            : "Nothing was saved. Their version is below, yours is above."}
        </Text>
        {theirs !== undefined && (
          <>
            <CodeEditor
              label="Their version"
              language="ejson"
              value={printForPeople(theirs)}
              minLines={4}
              maxLines={14}
            />
            <Group gap="xs">
              <Button size="xs" loading={isBusy} onClick={onKeepMine}>
                Save mine over it
              </Button>
              <Button size="xs" variant="default" onClick={onTakeTheirs}>
                Take theirs into the editor
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Alert>
  );
}
