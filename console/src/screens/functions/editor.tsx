import { Alert, Button, Code, Group, Paper, Stack, Tabs, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import type { AppFunction } from "../../api/parts-of-app.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { confirm } from "../../parts/confirm.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { contextWords } from "./context-words.ts";
import { type FunctionDraft, isChanged, toChange, toDraft } from "./draft.ts";
import { RunFunction } from "./run.tsx";
import { FunctionSettings } from "./settings.tsx";

export function FunctionEditor({
  made,
  onSaved,
  onDeleted,
}: {
  /** Undefined for a new one. */
  readonly made: AppFunction | undefined;
  readonly onSaved: (name: string) => void;
  readonly onDeleted: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const act = useAct([path]);
  const [draft, setDraft] = useState(() => toDraft(made));
  const { name, source } = draft;
  const isUnsaved = isChanged(draft, made);
  const set = (changes: Partial<FunctionDraft>): void => {
    setDraft((former) => ({ ...former, ...changes }));
  };

  function save(): void {
    const body = toChange(draft);
    act.mutate({
      run: async () =>
        made === undefined
          ? call({ method: "POST", path: `${path}/functions`, body })
          : call({ method: "PUT", path: `${path}/functions/${made._id}`, body }),
      done: `The function ${name} is saved and live`,
      after: () => {
        onSaved(name);
      },
    });
  }

  function remove({ _id: id }: AppFunction): void {
    confirm({
      title: `Delete the function ${name}?`,
      text: "While endpoints, rules or triggers call it, the server refuses.",
      verb: "Delete",
      onConfirm: () => {
        act.mutate({
          run: async () => call({ method: "DELETE", path: `${path}/functions/${id}` }),
          done: `The function ${name} is deleted`,
          after: onDeleted,
        });
      },
    });
  }

  return (
    <Paper withBorder p="md" component="section" aria-label={made?.name ?? "New function"}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="May be nested: folder/name"
          value={name}
          onChange={(event) => {
            set({ name: event.currentTarget.value });
          }}
          required
        />
        <Tabs defaultValue="source">
          <Tabs.List>
            <Tabs.Tab value="source">Source</Tabs.Tab>
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
            <Tabs.Tab value="run">Run</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="source" pt="sm">
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
          </Tabs.Panel>
          <Tabs.Panel value="settings" pt="sm">
            <FunctionSettings draft={draft} onChange={set} />
          </Tabs.Panel>
          <Tabs.Panel value="run" pt="sm">
            <RunFunction source={source} />
          </Tabs.Panel>
        </Tabs>
        <Group justify="space-between">
          <Group gap="xs">
            <Button onClick={save} disabled={name === "" || !isUnsaved} loading={act.isPending}>
              Save
            </Button>
            {isUnsaved && made !== undefined && (
              <Text size="sm" c="dimmed">
                Changed, not saved
              </Text>
            )}
          </Group>
          {made !== undefined && (
            <Button
              variant="subtle"
              color="red"
              onClick={() => {
                remove(made);
              }}
            >
              Delete …
            </Button>
          )}
        </Group>
        {act.isError && (
          <Alert color="red" title="Not saved" role="alert">
            <Code block>{act.error.message}</Code>
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}
