/** What holds for all rules and schemas of the app. */
import { Code, Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import {
  nullTypesPath,
  nullTypesQuery,
  type RuleSettings,
  ruleSettingsQuery,
} from "../../api/app-settings.ts";
import { call } from "../../api/client.ts";
import { Choice } from "../../parts/choice.tsx";
import { Editable } from "../../parts/editable.tsx";
import { Toggle } from "../../parts/fields.tsx";
import { Section } from "../../parts/section.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useEdit } from "../../parts/use-edit.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function RuleSettingsForm(): ReactNode {
  const { path } = useCurrentApp();
  const { data: settings } = useSuspenseQuery(ruleSettingsQuery(path));
  const { data: nullTypes } = useSuspenseQuery(nullTypesQuery(path));
  const edit = useEdit();
  const act = useAct([path, "null-types"]);
  const change = (changes: Partial<RuleSettings>): void => {
    edit.mutate({
      run: async () => call({ method: "PATCH", path: `${path}/rules/settings`, body: changes }),
      done: "The settings of rules are saved",
    });
  };
  return (
    <Section title="Rules and schemas" purpose="For all collections, and all users under rules.">
      <Editable>
        <Stack>
          <Choice
            label="A field that a user may not see, in that user's filters and sorts"
            description="The original looked at the stored documents, so that a filter could tell what a hidden field holds."
            isWide
            choices={[
              { value: "missing", label: "Is as if it were not there" },
              { value: "stored", label: "Is looked at, as in the original" },
            ]}
            value={settings.hidden_fields}
            onChange={(value) => {
              change({ hidden_fields: value });
            }}
          />
          <Toggle
            label={
              <>
                Users whose rules have conditions may use <Code>$regex</Code>
              </>
            }
            description="The original refused it."
            checked={settings.user_regex === "allowed"}
            onChange={(isOn) => {
              change({ user_regex: isOn ? "allowed" : "refused" });
            }}
          />
          <Toggle
            label="A field that a schema does not require may be null"
            description="Holds at once, and belongs to no deployment."
            checked={nullTypes.enabled}
            onChange={(isOn) => {
              act.mutate({
                run: async () =>
                  call({
                    method: "PUT",
                    path: `${path}${nullTypesPath}`,
                    body: { enabled: isOn },
                  }),
                done: isOn ? "Null passes from now on" : "Null is refused from now on",
              });
            }}
          />
        </Stack>
      </Editable>
    </Section>
  );
}
