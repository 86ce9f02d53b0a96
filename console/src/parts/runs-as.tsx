/** As whom something runs that others call. */
import type { ReactNode } from "react";
import type { RunsAs } from "../api/run-as.ts";
import { Choice } from "./choice.tsx";
import { CodeEditor } from "./code-editor.tsx";
import { UserPicker } from "./user-picker.tsx";

const choices = [
  { value: "caller", label: "Its caller" },
  { value: "system", label: "System" },
  { value: "user", label: "A user" },
  { value: "script", label: "A script decides" },
] as const;

export function RunsAsFields({
  value,
  onChange,
}: {
  readonly value: RunsAs;
  readonly onChange: (changes: Partial<RunsAs>) => void;
}): ReactNode {
  return (
    <>
      <Choice
        label="Runs as"
        isWide
        choices={choices}
        value={value.runAs}
        onChange={(runAs) => {
          onChange({ runAs });
        }}
      />
      {value.runAs === "user" && (
        <UserPicker
          value={value.userId}
          onChange={(userId) => {
            onChange({ userId });
          }}
        />
      )}
      {value.runAs === "script" && (
        <CodeEditor
          label="Script that gives a user's id"
          language="javascript"
          value={value.script}
          onChange={(script) => {
            onChange({ script });
          }}
        />
      )}
    </>
  );
}
