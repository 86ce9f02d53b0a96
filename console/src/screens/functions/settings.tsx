/** How a function runs, and who may call it. */
import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { ConditionField } from "../../parts/condition-field.tsx";
import { Toggle } from "../../parts/fields.tsx";
import { RunsAsFields } from "../../parts/runs-as.tsx";
import type { FunctionDraft } from "./draft.ts";

export function FunctionSettings({
  draft,
  onChange,
}: {
  readonly draft: FunctionDraft;
  readonly onChange: (changes: Partial<FunctionDraft>) => void;
}): ReactNode {
  return (
    <Stack gap="sm">
      <RunsAsFields value={draft} onChange={onChange} />
      <Toggle
        label="Private: clients can not call it, other parts of the app can"
        checked={draft.isPrivate}
        onChange={(isPrivate) => {
          onChange({ isPrivate });
        }}
      />
      <Toggle
        label="Leave its arguments out of the log"
        checked={draft.hidesArguments}
        onChange={(hidesArguments) => {
          onChange({ hidesArguments });
        }}
      />
      <ConditionField
        label="Who may call it: can_evaluate"
        value={draft.condition}
        onChange={(condition) => {
          onChange({ condition });
        }}
      />
    </Stack>
  );
}
