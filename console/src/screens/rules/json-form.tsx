/** A part of the app as a form and as JSON: saved, deleted, and kept while it is neither. */
import { Group, Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { FormAndJson, printJson, readJson } from "../../parts/form-and-json.tsx";
import { NotSaved } from "../../parts/states.tsx";
import { Unsaved } from "../../parts/unsaved.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useKept } from "../../parts/use-kept.ts";

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
  /** @param isNew whether there is none: the first time, or again after it was deleted */
  readonly onSave: (value: unknown, isNew: boolean) => Promise<unknown>;
  readonly onRemove: () => Promise<unknown>;
  readonly tools?: (value: unknown, onChange: (value: unknown) => void) => ReactNode;
  readonly form: (value: unknown, onChange: (value: unknown) => void) => ReactNode;
  /** Offered while one types. */
  readonly words?: readonly string[];
}): ReactNode {
  const edit = useEdit({ showsFailure: true });
  const kept = useKept(name, { text: printJson(value) });
  const { text } = kept.value;
  const setText = (next: string): void => {
    kept.set({ text: next });
  };
  const read = readJson(text);
  const isUnsaved = isNew || text !== printJson(value);
  const change = (next: unknown): void => {
    setText(printJson(next));
  };
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Stack gap="sm">
        <Title order={2} size="h4" className="break">
          {name}
        </Title>
        <Editable>
          <Stack gap="sm">
            {read.isWell && tools?.(read.value, change)}
            <FormAndJson
              label={`${name} as JSON`}
              text={text}
              onChange={setText}
              form={form}
              {...(words && { words })}
            />
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
                  run: async () => onSave(JSON.parse(text), isNew),
                  done: `${name}: saved`,
                  after: kept.forget,
                });
              }}
            >
              Save
            </ChangeButton>
            {text !== printJson(value) && <Unsaved onDiscard={kept.reset} />}
          </Group>
          {!isNew && (
            <DeleteButton
              size="sm"
              title={`Delete ${name}?`}
              text="What else holds for the collection holds from then on."
              isUndoable
              onConfirm={() => {
                edit.mutate({
                  run: onRemove,
                  done: `${name}: deleted`,
                  undo: async () => onSave(value, true),
                });
              }}
            />
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
