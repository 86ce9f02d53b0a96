import { Alert, Paper, Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { call } from "../../api/client.ts";
import { scheduleOf, type Trigger, type TriggerChange, triggerTypes } from "../../api/triggers.ts";
import { DeleteButton } from "../../parts/change-button.tsx";
import { EditorFooter } from "../../parts/editor-footer.tsx";
import { Editable } from "../../parts/editable.tsx";
import { TextField, Toggle } from "../../parts/fields.tsx";
import { FunctionSelect } from "../../parts/function-select.tsx";
import { JsonField } from "../../parts/json-field.tsx";
import { NotSaved } from "../../parts/states.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { ScheduleField } from "./schedule-field.tsx";

const typeLabels: Readonly<Record<Trigger["type"], string>> = {
  SCHEDULED: "By the clock",
  DATABASE: "When documents change (kept, not run)",
  AUTHENTICATION: "When users come or go (kept, not run)",
};

const fresh: TriggerChange = {
  name: "",
  type: "SCHEDULED",
  disabled: false,
  config: { schedule: "0 0 * * *" },
  function_name: "",
};

export function TriggerEditor({
  made,
  onClose,
}: {
  /** Undefined for a new one. */
  readonly made: Trigger | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const edit = useEdit({ showsFailure: true });
  const first = made === undefined ? fresh : toChange(made);
  const { value: draft, set, reset } = useKept(`trigger ${made?._id ?? ""}`, first);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(first);
  const base = `${path}/triggers`;

  function save(event: FormEvent): void {
    event.preventDefault();
    edit.mutate({
      run: async () =>
        made === undefined
          ? call({ method: "POST", path: base, body: draft })
          : call({ method: "PUT", path: `${base}/${made._id}`, body: draft }),
      done: `The trigger ${draft.name} is saved`,
      after: () => {
        reset();
        onClose();
      },
    });
  }

  function remove(former: Trigger): void {
    edit.mutate({
      run: async () => call({ method: "DELETE", path: `${base}/${former._id}` }),
      done: `The trigger ${former.name} is deleted`,
      undo: async () => call({ method: "POST", path: base, body: toChange(former) }),
      after: onClose,
    });
  }

  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-label={made === undefined ? "New trigger" : made.name}
    >
      <form onSubmit={save}>
        <Stack gap="sm">
          <Title order={2} size="h4" className="break">
            {made === undefined ? "New trigger" : made.name}
          </Title>
          {made !== undefined && !made.runs && !made.disabled && (
            <Alert color="orange" title="Not running">
              <Text size="sm">
                This server runs triggers by the clock. This one is kept as it is, goes with the app
                wherever it goes, and never fires here.
              </Text>
            </Alert>
          )}
          <Editable>
            <Stack gap="sm">
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <TextField
                  label="Name"
                  value={draft.name}
                  onChange={(name) => {
                    set({ name });
                  }}
                  required
                />
                <FunctionSelect
                  value={draft.function_name}
                  onChange={(name) => {
                    set({ function_name: name });
                  }}
                />
                <Select
                  label="Fires"
                  data={triggerTypes.map((value) => ({ value, label: typeLabels[value] }))}
                  value={draft.type}
                  allowDeselect={false}
                  onChange={(type) => {
                    if (type !== null) set({ type, config: firstConfigs[type] });
                  }}
                />
              </SimpleGrid>
              {draft.type === "SCHEDULED" ? (
                <ScheduleField
                  value={scheduleOf(draft)}
                  onChange={(schedule) => {
                    set({ config: { ...draft.config, schedule } });
                  }}
                />
              ) : (
                <JsonField
                  label="What it watches: config"
                  isLabelShown
                  value={draft.config}
                  onChange={(config) => {
                    set({ config: config as TriggerChange["config"] });
                  }}
                />
              )}
              <Toggle
                label="Enabled"
                checked={!draft.disabled}
                onChange={(isOn) => {
                  set({ disabled: !isOn });
                }}
              />
            </Stack>
          </Editable>
          {edit.isError && <NotSaved cause={edit.error} />}
          <EditorFooter
            isBusy={edit.isPending}
            isChanged={isChanged}
            onClose={onClose}
            onDiscard={reset}
          >
            {made !== undefined && (
              <DeleteButton
                size="sm"
                title={`Delete the trigger ${made.name}?`}
                text="Its function stays, and is not run by it any more."
                isUndoable
                onConfirm={() => {
                  remove(made);
                }}
              />
            )}
          </EditorFooter>
        </Stack>
      </form>
    </Paper>
  );
}

const firstConfigs: Readonly<Record<Trigger["type"], TriggerChange["config"]>> = {
  SCHEDULED: fresh.config,
  DATABASE: {
    service_name: "mongodb-atlas",
    database: "",
    collection: "",
    operation_types: ["INSERT", "UPDATE", "REPLACE", "DELETE"],
    full_document: true,
    match: {},
    project: {},
  },
  AUTHENTICATION: { operation_type: "LOGIN", providers: ["local-userpass"] },
};

function toChange({ name, type, disabled, config, function_name }: Trigger): TriggerChange {
  return { name, type, disabled, config, function_name };
}
