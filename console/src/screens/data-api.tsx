/** How the Data API is served: on or off, versions, answers, what each data source allows, and the keys. */
import {
  Checkbox,
  Code,
  Group,
  Paper,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  Title,
} from "@mantine/core";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { serverBase } from "../api/client.ts";
import {
  changeDataApi,
  type DataApiConfig,
  dataApiQuery,
  dataSourcesQuery,
  type Permission,
  permissionChoices,
  setPermission,
} from "../api/data-api.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { sayFailed } from "../parts/notice.ts";
import { ScreenFrame } from "../parts/screen.tsx";
import { useCurrentApp } from "../shell/current-app.ts";
import { Keys } from "./data-api/keys.tsx";

export function Screen(): ReactNode {
  return (
    <ScreenFrame
      title="Data API"
      purpose="Reads and writes over HTTPS, without any code: what is open, to whom, and how it answers."
    >
      <Stack maw={980} gap="md">
        <Settings />
        <Sources />
        <Keys />
      </Stack>
    </ScreenFrame>
  );
}

function Settings(): ReactNode {
  const app = useCurrentApp();
  const client = useQueryClient();
  const { data: config } = useSuspenseQuery(dataApiQuery(app.path));
  const change = useMutation({
    mutationFn: async (changes: Partial<DataApiConfig>) => changeDataApi(app.path, changes),
    onSettled: async () => client.invalidateQueries({ queryKey: [app.path, "data-api"] }),
    onError: sayFailed,
  });
  const url = `${serverBase}/app/${app.client_app_id}/endpoint/data/v1`;
  return (
    <Paper withBorder p="lg" component="section" aria-label="Settings">
      <Stack>
        <Switch
          label="The Data API answers"
          checked={!config.disabled}
          onChange={(event) => {
            change.mutate({ disabled: !event.currentTarget.checked });
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
            if (versions.length > 0) change.mutate({ versions });
          }}
        >
          <Group mt={4}>
            <Checkbox value="v1" label="v1" />
            <Checkbox value="beta" label="beta" />
          </Group>
        </Checkbox.Group>
        <div>
          <Text size="sm" fw={500} id="return-type">
            Answers when the request does not say
          </Text>
          <SegmentedControl
            aria-labelledby="return-type"
            data={["JSON", "EJSON"]}
            value={config.return_type}
            onChange={(value) => {
              change.mutate({ return_type: value });
            }}
          />
        </div>
      </Stack>
    </Paper>
  );
}

function Sources(): ReactNode {
  const { path } = useCurrentApp();
  const client = useQueryClient();
  const { data: sources } = useSuspenseQuery(dataSourcesQuery(path));
  const change = useMutation({
    mutationFn: async (wanted: { readonly name: string; readonly permission: Permission }) =>
      setPermission(path, wanted.name, wanted.permission),
    onSettled: async () => client.invalidateQueries({ queryKey: [path, "data-sources"] }),
    onError: sayFailed,
  });
  return (
    <Paper withBorder p="lg" component="section" aria-label="Data sources">
      <Title order={2} size="h4" mb="sm">
        Data sources
      </Title>
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
                if (value !== null) change.mutate({ name, permission: value as Permission });
              }}
            />
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
