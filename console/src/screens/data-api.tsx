/** How the Data API is served: on or off, versions, answers, what each data source allows, and the keys. */
import { Checkbox, Code, Group, Select, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { serverBase } from "../api/client.ts";
import {
  changeDataApi,
  type DataApiConfig,
  dataApiQuery,
  dataSourcesQuery,
  type Permission,
  permissionChoices,
  permissionLabels,
  setPermission,
} from "../api/data-api.ts";
import { Choice } from "../parts/choice.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { Editable } from "../parts/editable.tsx";
import { Toggle } from "../parts/fields.tsx";
import { ScreenFrame } from "../parts/screen.tsx";
import { Section } from "../parts/section.tsx";
import { useAct } from "../parts/use-act.ts";
import { useEdit } from "../parts/use-edit.ts";
import { useCurrentApp } from "../shell/current-app.ts";
import { Access } from "./data-api/access.tsx";
import { Keys } from "./data-api/keys.tsx";
import { Playground } from "./data-api/playground.tsx";

export function Screen(): ReactNode {
  return (
    <ScreenFrame
      title="Data API"
      purpose="Reads and writes over HTTPS, without any code: what is open, to whom, and how it answers."
    >
      <Stack maw={980} gap="md">
        <Settings />
        <Access />
        <Sources />
        <Keys />
        <Playground />
      </Stack>
    </ScreenFrame>
  );
}

const formats = [
  { value: "JSON", label: "JSON" },
  { value: "EJSON", label: "EJSON" },
] as const;

function Settings(): ReactNode {
  const app = useCurrentApp();
  const { data: config } = useSuspenseQuery(dataApiQuery(app.path));
  const edit = useEdit();
  const change = (changes: Partial<DataApiConfig>): void => {
    edit.mutate({
      run: async () => changeDataApi(app.path, changes),
      done: "The Data API's settings are saved",
    });
  };
  const url = `${serverBase}/app/${app.client_app_id}/endpoint/data/v1`;
  return (
    <Section title="Settings">
      <Editable>
        <Stack>
          <Toggle
            label="The Data API answers"
            checked={!config.disabled}
            onChange={(isOn) => {
              change({ disabled: !isOn });
            }}
          />
          <div>
            <Text size="sm" fw={500}>
              Base URL
            </Text>
            <Group gap={4} wrap="nowrap">
              <Code className="break">{url}</Code>
              <CopyButton text={url} label="Copy the base URL" />
            </Group>
          </div>
          <Checkbox.Group
            label="Versions"
            value={[...config.versions]}
            onChange={(versions) => {
              if (versions.length > 0) change({ versions });
            }}
          >
            <Group mt={4}>
              <Checkbox value="v1" label="v1" />
              <Checkbox value="beta" label="beta" />
            </Group>
          </Checkbox.Group>
          <Choice
            label="Answers when the request does not say"
            choices={formats}
            value={config.return_type}
            onChange={(value) => {
              change({ return_type: value });
            }}
          />
        </Stack>
      </Editable>
    </Section>
  );
}

function Sources(): ReactNode {
  const { path } = useCurrentApp();
  const { data: sources } = useSuspenseQuery(dataSourcesQuery(path));
  const act = useAct([path, "data-sources"]);
  return (
    <Section
      title="Data sources"
      purpose="What the Data API may do in each, on top of rules. It holds at once, and belongs to no deployment."
    >
      <Editable>
        <Stack>
          {sources.map(({ _id, name, type, permission }) => (
            <Group key={_id} justify="space-between">
              <div>
                <Text fw={500}>{name}</Text>
                <Text size="sm" c="dimmed">
                  {type === "embedded" ? "the embedded store" : `the store ${type}`}
                </Text>
              </div>
              <Select
                aria-label={`Permission of ${name}`}
                data={permissionChoices}
                value={permission}
                allowDeselect={false}
                onChange={(value) => {
                  if (value === null) return;
                  act.mutate({
                    run: async () => setPermission(path, name, value as Permission),
                    done: `${name}: ${permissionLabels[value as Permission]} from now on`,
                  });
                }}
              />
            </Group>
          ))}
        </Stack>
      </Editable>
    </Section>
  );
}
