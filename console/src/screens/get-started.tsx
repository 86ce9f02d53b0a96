/** The first minute: the Data API on, a key, a document in and out. */
import {
  Badge,
  Button,
  Group,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Title,
} from "@mantine/core";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import {
  apiKeysQuery,
  changeDataApi,
  createKey,
  dataApiQuery,
  dataSourcesQuery,
  permissionLabels,
  setPermission,
} from "../api/data-api.ts";
import { serverBase } from "../api/client.ts";
import { CallCode } from "../parts/call-code.tsx";
import { ChangeButton } from "../parts/change-button.tsx";
import { DataApiAnswerView, sendWithKey } from "../parts/data-api-request.tsx";
import { Editable } from "../parts/editable.tsx";
import { TextField } from "../parts/fields.tsx";
import { KeyShownOnce } from "../parts/key-shown-once.tsx";
import { sayFailed } from "../parts/notice.ts";
import { ScreenFrame } from "../parts/screen.tsx";
import { Failed } from "../parts/states.tsx";
import { useCurrentApp } from "../shell/current-app.ts";

export function Screen(): ReactNode {
  const [key, setKey] = useState("");
  return (
    <ScreenFrame
      title="Get started"
      purpose="Three steps to a database over HTTPS: open the Data API, make a key, send a request."
    >
      <Stack maw={820} gap="md">
        <OpenStep />
        <KeyStep onKey={setKey} />
        <SendStep key={key} ownKey={key} />
        <WhatNext />
      </Stack>
    </ScreenFrame>
  );
}

const nextScreens = [
  [
    "data",
    "See what is stored",
    "Documents with their types; queries, indexes, import and export.",
  ],
  ["functions", "Write a function", "JavaScript on the server; an endpoint gives it an address."],
  ["rules", "Say who may do what", "Roles for users of the app, by document and by field."],
] as const;

function WhatNext(): ReactNode {
  const app = useCurrentApp();
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} component="nav" aria-label="What next">
      {nextScreens.map(([screen, title, text]) => (
        <Paper
          key={screen}
          withBorder
          p="md"
          c="inherit"
          td="none"
          className="choice"
          renderRoot={(props: object) => <Link to={`/apps/${app._id}/${screen}`} {...props} />}
        >
          <Text fw={600} size="sm">
            {title}
          </Text>
          <Text size="sm" c="dimmed">
            {text}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}

function Step({
  number,
  title,
  isDone,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly isDone: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Paper withBorder p="lg" component="section" aria-label={`Step ${number}: ${title}`}>
      <Stack gap="sm">
        <Group gap="sm">
          <Badge circle size="lg" variant={isDone ? "filled" : "light"}>
            {isDone ? "✓" : number}
          </Badge>
          <Title order={2} size="h4">
            {title}
          </Title>
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}

function OpenStep(): ReactNode {
  const { path } = useCurrentApp();
  const client = useQueryClient();
  const { data: config } = useSuspenseQuery(dataApiQuery(path));
  const { data: sources } = useSuspenseQuery(dataSourcesQuery(path));
  const change = useMutation({
    mutationFn: async (isOn: boolean) => {
      await changeDataApi(path, { disabled: !isOn, ...(isOn && { versions: ["beta", "v1"] }) });
      // A data source that nobody may read would make the next step fail without a reason to be seen.
      const closed = isOn ? sources.filter(({ permission }) => permission === "noAccess") : [];
      for (const { name } of closed) await setPermission(path, name, "readWrite");
    },
    onSettled: async () => client.invalidateQueries({ queryKey: [path] }),
    onError: sayFailed,
  });
  return (
    <Step number={1} title="Open the Data API" isDone={!config.disabled}>
      <Editable>
        <Switch
          label={config.disabled ? "The Data API is off" : "The Data API is on"}
          checked={!config.disabled}
          disabled={change.isPending}
          onChange={(event) => {
            change.mutate(event.currentTarget.checked);
          }}
        />
      </Editable>
      <Group gap="xs">
        {sources.map(({ name, permission }) => (
          <Badge key={name} variant="light" tt="none">
            {name}: {permissionLabels[permission]}
          </Badge>
        ))}
      </Group>
    </Step>
  );
}

function KeyStep({ onKey }: { readonly onKey: (key: string) => void }): ReactNode {
  const { path } = useCurrentApp();
  const client = useQueryClient();
  const { data: keys } = useSuspenseQuery(apiKeysQuery(path));
  const names = new Set(keys.map(({ name }) => name));
  const make = useMutation({
    mutationFn: async () => {
      let number = 1;
      while (names.has(`console-${number}`)) number += 1;
      return createKey(path, { name: `console-${number}` });
    },
    onSuccess: async ({ key }) => {
      onKey(key);
      await client.invalidateQueries({ queryKey: [path, "api-keys"] });
    },
    onError: sayFailed,
  });
  return (
    <Step number={2} title="Make a key" isDone={make.isSuccess}>
      <Text size="sm">
        Clients show a key with each request.{" "}
        {keys.length > 0 && `This app has ${keys.length} already.`}
      </Text>
      {make.isSuccess ? (
        <KeyShownOnce text={make.data.key} />
      ) : (
        <Group>
          <ChangeButton
            onClick={() => {
              make.mutate();
            }}
            loading={make.isPending}
          >
            Create a key
          </ChangeButton>
        </Group>
      )}
    </Step>
  );
}

const actions = ["insertOne", "findOne", "deleteOne"] as const;
type Action = (typeof actions)[number];

function bodyOf(action: Action, dataSource: string): string {
  const place = { dataSource, database: "test", collection: "greetings" };
  const own =
    action === "insertOne" ? { document: { text: "Hello" } } : { filter: { text: "Hello" } };
  return JSON.stringify({ ...place, ...own }, null, 2);
}

function SendStep({ ownKey }: { readonly ownKey: string }): ReactNode {
  const app = useCurrentApp();
  const { data: sources } = useSuspenseQuery(dataSourcesQuery(app.path));
  const [action, setAction] = useState<Action>("insertOne");
  const [key, setKey] = useState(ownKey);
  const url = `${serverBase}/app/${app.client_app_id}/endpoint/data/v1/action/${action}`;
  const body = bodyOf(action, sources[0]?.name ?? "mongodb-atlas");
  const send = useMutation({
    mutationFn: async () => sendWithKey(url, key, body),
  });
  return (
    <Step
      number={3}
      title="Send a request"
      isDone={send.data !== undefined && send.data.status < 300}
    >
      <SegmentedControl
        aria-label="Action"
        data={[...actions]}
        value={action}
        onChange={(value) => {
          setAction(value);
          send.reset();
        }}
      />
      <TextField
        label="Key"
        description={
          ownKey === "" ? "Make one in step 2, or paste one that you have." : "The one from step 2."
        }
        value={key}
        onChange={setKey}
        classNames={{ input: "mono" }}
      />
      <CallCode made={{ url, key: key === "" ? "YOUR_KEY" : key, body }} />
      <Group>
        <Button
          onClick={() => {
            send.mutate();
          }}
          loading={send.isPending}
          disabled={key === ""}
        >
          Send
        </Button>
        {key === "" && (
          <Text size="sm" c="dimmed">
            First make a key, or paste one.
          </Text>
        )}
      </Group>
      {send.isError && <Failed cause={send.error} />}
      {send.data !== undefined && <DataApiAnswerView answer={send.data} />}
    </Step>
  );
}
