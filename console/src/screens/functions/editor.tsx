import { Group, Paper, Stack, Tabs, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import type { AppFunction } from "../../api/parts-of-app.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { TextField } from "../../parts/fields.tsx";
import { NotSaved } from "../../parts/states.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { contextWords } from "./context-words.ts";
import { type FunctionDraft, isChanged, toChange, toDraft } from "./draft.ts";
import { RunFunction } from "./run.tsx";
import { FunctionSettings } from "./settings.tsx";

export function FunctionEditor({
  made,
  tab,
  onTab,
  onSaved,
  onDeleted,
}: {
  /** Undefined for a new one. */
  readonly made: AppFunction | undefined;
  /** Which of its sides is to be seen. */
  readonly tab: string;
  readonly onTab: (tab: string) => void;
  readonly onSaved: (name: string) => void;
  readonly onDeleted: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const edit = useEdit();
  const [draft, setDraft] = useState(() => toDraft(made));
  const { name, source } = draft;
  const isUnsaved = isChanged(draft, made);
  const set = (changes: Partial<FunctionDraft>): void => {
    setDraft((former) => ({ ...former, ...changes }));
  };

  function save(): void {
    const body = toChange(draft);
    edit.mutate({
      run: async () =>
        made === undefined
          ? call({ method: "POST", path: `${path}/functions`, body })
          : call({ method: "PUT", path: `${path}/functions/${made._id}`, body }),
      done: `The function ${name} is saved`,
      after: () => {
        onSaved(name);
      },
    });
  }

  function remove({ _id: id }: AppFunction): void {
    edit.mutate({
      run: async () => call({ method: "DELETE", path: `${path}/functions/${id}` }),
      done: `The function ${name} is deleted`,
      after: onDeleted,
    });
  }

  return (
    <Paper withBorder p="md" component="section" aria-label={made?.name ?? "New function"}>
      <Stack gap="sm">
        <Editable>
          <TextField
            label="Name"
            description="May be nested: folder/name"
            value={name}
            onChange={(text) => {
              set({ name: text });
            }}
            required
          />
        </Editable>
        <Tabs
          value={tab}
          onChange={(next) => {
            onTab(next ?? "source");
          }}
        >
          <Tabs.List>
            <Tabs.Tab value="source">Source</Tabs.Tab>
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
            <Tabs.Tab value="run">Run</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="source" pt="sm">
            <Editable>
              <CodeEditor
                label="Source"
                language="javascript"
                value={source}
                onChange={(text) => {
                  set({ source: text });
                }}
                minLines={12}
                words={contextWords}
              />
            </Editable>
          </Tabs.Panel>
          <Tabs.Panel value="settings" pt="sm">
            <Editable>
              <FunctionSettings draft={draft} onChange={set} />
            </Editable>
          </Tabs.Panel>
          <Tabs.Panel value="run" pt="sm">
            <RunFunction source={source} />
          </Tabs.Panel>
        </Tabs>
        <Group justify="space-between">
          <Group gap="xs">
            <ChangeButton
              onClick={save}
              disabled={name === "" || !isUnsaved}
              loading={edit.isPending}
            >
              Save
            </ChangeButton>
            {isUnsaved && made !== undefined && (
              <Text size="sm" c="dimmed">
                Changed, not saved
              </Text>
            )}
          </Group>
          {made !== undefined && (
            <DeleteButton
              size="sm"
              title={`Delete the function ${name}?`}
              text="While endpoints, rules or triggers call it, the server refuses."
              onConfirm={() => {
                remove(made);
              }}
            />
          )}
        </Group>
        {edit.isError && <NotSaved cause={edit.error} />}
      </Stack>
    </Paper>
  );
}
