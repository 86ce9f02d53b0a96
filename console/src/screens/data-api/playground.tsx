/** Tries a call: with a key as clients do, as a user under the rules, or as the system past them. */
import { Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { call, serverBase } from "../../api/client.ts";
import { dataSourcesQuery } from "../../api/data-api.ts";
import { Failure } from "../../api/failure.ts";
import { CallCode } from "../../parts/call-code.tsx";
import { CodeEditor } from "../../parts/code-editor.tsx";
import {
  type DataApiAnswer,
  DataApiAnswerView,
  sendWithKey,
} from "../../parts/data-api-request.tsx";
import { TextField } from "../../parts/fields.tsx";
import { Section } from "../../parts/section.tsx";
import { Failed } from "../../parts/states.tsx";
import { UserPicker } from "../../parts/user-picker.tsx";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

/** Each with what it needs besides a place. */
const firstFields = {
  findOne: { filter: {} },
  find: { filter: {}, sort: { _id: -1 }, limit: 10 },
  insertOne: { document: { text: "Hello" } },
  insertMany: { documents: [{ text: "Hello" }] },
  updateOne: { filter: { text: "Hello" }, update: { $set: { seen: true } } },
  updateMany: { filter: { text: "Hello" }, update: { $set: { seen: true } } },
  replaceOne: { filter: { text: "Hello" }, replacement: { text: "Bye" } },
  deleteOne: { filter: { text: "Bye" } },
  deleteMany: { filter: { text: "Bye" } },
  aggregate: { pipeline: [{ $match: {} }, { $limit: 10 }] },
} as const;
type ActionName = keyof typeof firstFields;
const actionNames = Object.keys(firstFields) as ActionName[];

interface Draft {
  readonly who: "key" | "user" | "system";
  readonly userId: string;
  readonly action: ActionName;
  /** EJSON, as typed. */
  readonly body: string;
}

export function Playground(): ReactNode {
  const app = useCurrentApp();
  const { data: sources } = useSuspenseQuery(dataSourcesQuery(app.path));
  const [source = { name: "mongodb-atlas" }] = sources;
  // A key is not kept.
  const [key, setKey] = useState("");
  const bodyOf = (name: ActionName): string =>
    JSON.stringify(
      {
        dataSource: source.name,
        database: "test",
        collection: "greetings",
        ...firstFields[name],
      },
      null,
      2,
    );
  const { value: draft, set } = useKept<Draft>("playground", {
    who: "key",
    userId: "",
    action: "findOne",
    body: bodyOf("findOne"),
  });
  const { who, userId, action, body } = draft;
  const url = `${serverBase}/app/${app.client_app_id}/endpoint/data/v1/action/${action}`;
  const send = useMutation({
    mutationFn: async () =>
      who === "key"
        ? sendWithKey(url, key, body)
        : sendAsAdministrator(app.path, action, body, who === "user" ? userId : undefined),
  });
  const lacks = (who === "key" && key === "") || (who === "user" && userId === "");
  return (
    <Section
      title="Playground"
      purpose="With a key, as a client sends it; as a user of the app, under its rules; or as the system, past them."
    >
      <Stack gap="sm">
        <Group align="flex-end">
          <SegmentedControl
            aria-label="As whom"
            data={[
              { value: "key", label: "With a key" },
              { value: "user", label: "As a user" },
              { value: "system", label: "As the system" },
            ]}
            value={who}
            onChange={(next) => {
              set({ who: next });
            }}
          />
          <Select
            label="Action"
            data={actionNames}
            value={action}
            allowDeselect={false}
            onChange={(name) => {
              if (name === null) return;
              set({ action: name, body: bodyOf(name) });
              send.reset();
            }}
          />
        </Group>
        {who === "key" && <TextField label="Key" value={key} onChange={setKey} className="mono" />}
        {who === "user" && (
          <UserPicker
            value={userId}
            onChange={(id) => {
              set({ userId: id });
            }}
          />
        )}
        <CodeEditor
          label="Body, as EJSON"
          language="json"
          value={body}
          onChange={(text) => {
            set({ body: text });
          }}
        />
        <Group>
          <Button
            disabled={lacks}
            loading={send.isPending}
            onClick={() => {
              send.mutate();
            }}
          >
            Send
          </Button>
          {lacks && (
            <Text size="sm" c="dimmed">
              {who === "key" ? "Paste a key, or create one above." : "Choose a user first."}
            </Text>
          )}
        </Group>
        {send.isError && <Failed cause={send.error} />}
        {send.data !== undefined && <DataApiAnswerView answer={send.data} />}
        {who === "key" && <CallCode made={{ url, key: key === "" ? "YOUR_KEY" : key, body }} />}
      </Stack>
    </Section>
  );
}

/** A refusal is an answer too. @param userId undefined: the system */
async function sendAsAdministrator(
  path: string,
  action: string,
  text: string,
  userId: string | undefined,
): Promise<DataApiAnswer> {
  const { dataSource } = JSON.parse(text) as { readonly dataSource?: string };
  const startedAt = performance.now();
  const answer = (status: number, content: unknown): DataApiAnswer => ({
    status,
    ms: performance.now() - startedAt,
    text: JSON.stringify(content, null, 2),
  });
  try {
    const content = await call({
      method: "POST",
      path: `${path}/data/${encodeURIComponent(String(dataSource))}/actions/${action}`,
      query: { user_id: userId },
      // As it is typed: numbers keep their types.
      body: text,
    });
    return answer(200, content);
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.status === 0) throw cause;
    return answer(cause.status, cause.body);
  }
}
