/** How a function runs, and who may call it. */
import { SegmentedControl, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { ConditionField } from "../../parts/condition-field.tsx";
import { Toggle } from "../../parts/fields.tsx";
import { UserPicker } from "../../parts/user-picker.tsx";
import type { FunctionDraft, RunAs } from "./draft.ts";

const runAsLabels: { readonly value: RunAs; readonly label: string }[] = [
  { value: "caller", label: "Its caller" },
  { value: "system", label: "System" },
  { value: "user", label: "A user" },
  { value: "script", label: "A script decides" },
];

export function FunctionSettings({
  draft,
  onChange,
}: {
  readonly draft: FunctionDraft;
  readonly onChange: (changes: Partial<FunctionDraft>) => void;
}): ReactNode {
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" fw={500} id="run-as">
          Runs as
        </Text>
        <SegmentedControl
          aria-labelledby="run-as"
          orientation="vertical"
          data={runAsLabels}
          value={draft.runAs}
          onChange={(runAs) => {
            onChange({ runAs });
          }}
        />
      </div>
      {draft.runAs === "user" && (
        <UserPicker
          value={draft.userId}
          onChange={(userId) => {
            onChange({ userId });
          }}
        />
      )}
      {draft.runAs === "script" && (
        <CodeEditor
          label="Script that gives a user's id"
          language="javascript"
          value={draft.script}
          onChange={(script) => {
            onChange({ script });
          }}
        />
      )}
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
