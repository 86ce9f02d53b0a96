/** A part of the app as JSON: saved as a deployment, or taken away. */
import { Alert, Button, Code, Group, Paper, Stack, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { confirm } from "../../parts/confirm.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function JsonForm({
  name,
  value,
  isNew,
  onSave,
  onRemove,
  tools,
}: {
  readonly name: string;
  readonly value: unknown;
  readonly isNew: boolean;
  readonly onSave: (value: unknown) => Promise<unknown>;
  readonly onRemove: () => Promise<unknown>;
  readonly tools?: (text: string, setText: (text: string) => void) => ReactNode;
}): ReactNode {
  const { path } = useCurrentApp();
  const act = useAct([path]);
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Stack gap="sm">
        <Title order={2} size="h4" className="break">
          {name}
        </Title>
        {tools?.(text, setText)}
        <CodeEditor
          label={`${name} as JSON`}
          language="json"
          value={text}
          onChange={setText}
          minLines={12}
        />
        {act.isError && (
          <Alert color="red" title="Not saved" role="alert">
            <Code block style={{ whiteSpace: "pre-wrap" }}>
              {act.error.message}
            </Code>
          </Alert>
        )}
        <Group justify="space-between">
          <Button
            loading={act.isPending}
            onClick={() => {
              act.mutate({
                run: async () => onSave(JSON.parse(text)),
                done: `${name}: saved and live`,
              });
            }}
          >
            Save
          </Button>
          {!isNew && (
            <Button
              variant="subtle"
              color="red"
              onClick={() => {
                confirm({
                  title: `Delete ${name}?`,
                  text: "What else holds for the collection holds from then on.",
                  verb: "Delete",
                  onConfirm: () => {
                    act.mutate({ run: onRemove, done: `${name}: deleted` });
                  },
                });
              }}
            >
              Delete …
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
