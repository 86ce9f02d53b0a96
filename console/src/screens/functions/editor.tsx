import { Group, Paper, Stack, Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import type { AppFunction } from "../../api/parts-of-app.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { TextField } from "../../parts/fields.tsx";
import { NotSaved } from "../../parts/states.tsx";
import { Unsaved } from "../../parts/unsaved.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { contextWords } from "./context-words.ts";
import { isChanged, toChange, toDraft } from "./draft.ts";
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
  const edit = useEdit({ showsFailure: true });
  const { value: draft, set, reset } = useKept(`function ${made?._id ?? ""}`, toDraft(made));
  const { name, source } = draft;
  const isUnsaved = isChanged(draft, made);

  function save(): void {
    const body = toChange(draft);
    edit.mutate({
      run: async () =>
        made === undefined
          ? call({ method: "POST", path: `${path}/functions`, body })
          : call({ method: "PUT", path: `${path}/functions/${made._id}`, body }),
      done: `The function ${name} is saved`,
      after: () => {
        reset();
        onSaved(name);
      },
    });
  }

  function remove(former: AppFunction): void {
    const body = toChange(toDraft(former));
    edit.mutate({
      run: async () => call({ method: "DELETE", path: `${path}/functions/${former._id}` }),
      done: `The function ${former.name} is deleted`,
      undo: async () => call({ method: "POST", path: `${path}/functions`, body }),
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
            <RunFunction name={made?.name ?? ""} source={source} />
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
            {isUnsaved && made !== undefined && <Unsaved onDiscard={reset} />}
          </Group>
          {made !== undefined && (
            <DeleteButton
              size="sm"
              title={`Delete the function ${name}?`}
              text="While endpoints, rules or triggers call it, the server refuses."
              isUndoable
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
