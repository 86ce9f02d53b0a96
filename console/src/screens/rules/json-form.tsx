/** A part of the app as JSON, with a form beside it where there is one: both show the same, and each changes it. */
import { Alert, Grid, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { messageOf } from "../../api/failure.ts";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { Editable } from "../../parts/editable.tsx";
import { NotSaved } from "../../parts/states.tsx";
import { useEdit } from "../../parts/use-edit.ts";

export function JsonForm({
  name,
  value,
  isNew,
  onSave,
  onRemove,
  tools,
  form,
  words,
}: {
  readonly name: string;
  readonly value: unknown;
  readonly isNew: boolean;
  readonly onSave: (value: unknown) => Promise<unknown>;
  readonly onRemove: () => Promise<unknown>;
  readonly tools?: (value: unknown, onChange: (value: unknown) => void) => ReactNode;
  readonly form?: (value: unknown, onChange: (value: unknown) => void) => ReactNode;
  /** Offered while one types. */
  readonly words?: readonly string[];
}): ReactNode {
  const edit = useEdit();
  const [text, setText] = useState(() => print(value));
  const read = readJson(text);
  const isUnsaved = isNew || text !== print(value);
  const change = (next: unknown): void => {
    setText(print(next));
  };
  const editor = (
    <CodeEditor
      label={`${name} as JSON`}
      language="json"
      value={text}
      onChange={setText}
      minLines={12}
      maxLines={form === undefined ? 30 : 40}
      {...(words && { words })}
    />
  );
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Stack gap="sm">
        <Title order={2} size="h4" className="break">
          {name}
        </Title>
        <Editable>
          <Stack gap="sm">
            {read.isWell && tools?.(read.value, change)}
            {form === undefined ? (
              editor
            ) : (
              <Grid>
                <Grid.Col span={{ base: 12, lg: 6 }}>
                  {read.isWell ? (
                    form(read.value, change)
                  ) : (
                    <Alert color="yellow" title="The JSON is not whole yet">
                      <Text size="sm">{read.reason}</Text>
                    </Alert>
                  )}
                </Grid.Col>
                <Grid.Col span={{ base: 12, lg: 6 }}>{editor}</Grid.Col>
              </Grid>
            )}
          </Stack>
        </Editable>
        {edit.isError && <NotSaved cause={edit.error} />}
        <Group justify="space-between">
          <Group gap="xs">
            <ChangeButton
              loading={edit.isPending}
              disabled={!read.isWell || !isUnsaved}
              onClick={() => {
                edit.mutate({
                  run: async () => onSave(JSON.parse(text)),
                  done: `${name}: saved`,
                });
              }}
            >
              Save
            </ChangeButton>
            {isUnsaved && !isNew && (
              <Text size="sm" c="dimmed">
                Changed, not saved
              </Text>
            )}
          </Group>
          {!isNew && (
            <DeleteButton
              size="sm"
              title={`Delete ${name}?`}
              text="What else holds for the collection holds from then on."
              onConfirm={() => {
                edit.mutate({ run: onRemove, done: `${name}: deleted` });
              }}
            />
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

function print(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function readJson(
  text: string,
):
  | { readonly isWell: true; readonly value: unknown }
  | { readonly isWell: false; readonly reason: string } {
  try {
    return { isWell: true, value: JSON.parse(text) as unknown };
  } catch (cause) {
    return { isWell: false, reason: messageOf(cause) };
  }
}
