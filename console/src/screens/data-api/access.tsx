/** Who may call the Data API, as whom it runs, and what is checked of a request before. */
import { Group, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { changeDataApi, type DataApiConfig, dataApiQuery } from "../../api/data-api.ts";
import { type RunsAs, toRunAsWire, toRunsAs } from "../../api/run-as.ts";
import { CallerToggles } from "../../parts/caller-toggles.tsx";
import { ChangeButton } from "../../parts/change-button.tsx";
import { ConditionField, toCondition } from "../../parts/condition-field.tsx";
import { Editable } from "../../parts/editable.tsx";
import { Toggle } from "../../parts/fields.tsx";
import { RunsAsFields } from "../../parts/runs-as.tsx";
import { Section } from "../../parts/section.tsx";
import { NotSaved } from "../../parts/states.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { ValidationFields } from "../../parts/validation-fields.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";

export function Access(): ReactNode {
  const { path } = useCurrentApp();
  const { data: config } = useSuspenseQuery(dataApiQuery(path));
  return <AccessForm key={JSON.stringify(config)} config={config} />;
}

function AccessForm({ config }: { readonly config: DataApiConfig }): ReactNode {
  const { path } = useCurrentApp();
  const edit = useEdit({ showsFailure: true });
  const [draft, setDraft] = useState(config);
  const [runsAs, setRunsAs] = useState<RunsAs>(() => toRunsAs(config));
  const set = (changes: Partial<DataApiConfig>): void => {
    setDraft((former) => ({ ...former, ...changes }));
  };
  function save(event: FormEvent): void {
    event.preventDefault();
    const { disabled: _off, versions: _versions, return_type: _type, ...access } = draft;
    edit.mutate({
      run: async () => changeDataApi(path, { ...access, ...toRunAsWire(runsAs) }),
      done: "Who may call the Data API is saved",
    });
  }
  return (
    <Section title="Authentication" purpose="Who may call, as whom, and what is checked before.">
      <form onSubmit={save}>
        <Editable>
          <Stack>
            <RunsAsFields
              value={runsAs}
              onChange={(changes) => {
                setRunsAs((former) => ({ ...former, ...changes }));
              }}
            />
            {runsAs.runAs === "system" && (
              <Text size="sm" c="orange">
                As the system nobody is asked for credentials, and no rule holds.
              </Text>
            )}
            <ValidationFields value={draft} onChange={set} />
            <CallerToggles value={draft} onChange={set} />
            <Toggle
              label="Keep what requests ask for in the log"
              checked={draft.log_function_arguments}
              onChange={(isOn) => {
                set({ log_function_arguments: isOn });
              }}
            />
            <ConditionField
              label="Who may call it: can_evaluate"
              value={toCondition(draft.can_evaluate)}
              onChange={(condition) => {
                set({ can_evaluate: condition ?? {} });
              }}
            />
            {edit.isError && <NotSaved cause={edit.error} />}
            <Group>
              <ChangeButton type="submit" loading={edit.isPending}>
                Save who may call
              </ChangeButton>
            </Group>
          </Stack>
        </Editable>
      </form>
    </Section>
  );
}
