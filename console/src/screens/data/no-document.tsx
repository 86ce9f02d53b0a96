/** An empty page of documents: what to do next. */
import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Empty } from "../../parts/states.tsx";

export function NoDocument({
  isAsked,
  onInsert,
  onReset,
  onImport,
}: {
  /** Whether a query leaves some out. */
  readonly isAsked: boolean;
  readonly onInsert: () => void;
  readonly onReset: () => void;
  readonly onImport: () => void;
}): ReactNode {
  if (isAsked)
    return (
      <Empty
        title="No document"
        action={
          <Button variant="default" onClick={onReset}>
            Show all documents
          </Button>
        }
      >
        None matches the filter.
      </Empty>
    );
  return (
    <Empty
      title="No document yet"
      action={
        <Group>
          <ChangeButton onClick={onInsert}>Insert the first one</ChangeButton>
          <ChangeButton variant="default" onClick={onImport}>
            Import a file
          </ChangeButton>
        </Group>
      }
    >
      What clients insert into this collection is here too.
    </Empty>
  );
}
