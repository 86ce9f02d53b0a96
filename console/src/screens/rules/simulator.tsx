/** Which role a user has for a document, and what it lets the user do. */
import {
  Alert,
  Button,
  Code,
  Group,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import type { Explanation, Service } from "../../api/rules.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { Failed } from "../../parts/states.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";
import type { RulePlace } from "./places.tsx";

const operations = ["find", "insert", "update", "delete"] as const;

const titles: ReadonlyMap<boolean | null, string> = new Map([
  [true, "Allowed"],
  [false, "Refused"],
  [null, "It depends"],
]);

export function Simulator({
  service,
  place: { db, coll },
}: {
  readonly service: Service;
  readonly place: RulePlace;
}): ReactNode {
  const { path } = useCurrentApp();
  const [userId, setUserId] = useState("");
  const [operation, setOperation] = useState<(typeof operations)[number]>("find");
  const [document, setDocument] = useState("{}");
  const [update, setUpdate] = useState('{ "$set": {} }');
  const ask = useMutation({
    mutationFn: async () =>
      call<Explanation>({
        method: "POST",
        path: `${path}/rules/explain`,
        body: {
          ...(userId === "" ? { run_as_system: true } : { user_id: userId }),
          data_source: service.name,
          database: db,
          collection: coll,
          operation,
          document: JSON.parse(document) as unknown,
          ...(operation === "update" && { update: JSON.parse(update) as unknown }),
        },
      }),
  });
  return (
    <Paper withBorder p="md" component="section" aria-label="Simulator">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Nothing is read from the collection and nothing is changed.
        </Text>
        <Group align="flex-end">
          <TextInput
            label="User id"
            description="Empty: the system"
            value={userId}
            onChange={(event) => {
              setUserId(event.currentTarget.value);
            }}
          />
          <SegmentedControl
            aria-label="Operation"
            data={[...operations]}
            value={operation}
            onChange={setOperation}
          />
        </Group>
        <CodeEditor
          label="The document, as EJSON"
          language="json"
          value={document}
          onChange={setDocument}
        />
        {operation === "update" && (
          <CodeEditor
            label="The update"
            language="json"
            value={update}
            onChange={setUpdate}
            minLines={2}
          />
        )}
        <Group>
          <Button
            loading={ask.isPending}
            onClick={() => {
              ask.mutate();
            }}
          >
            Explain
          </Button>
        </Group>
        {ask.isError && <Failed cause={ask.error} />}
        {ask.data !== undefined && <Verdict explanation={ask.data} />}
      </Stack>
    </Paper>
  );
}

function Verdict({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { allowed, reason, role } = explanation;
  return (
    <Alert
      role="status"
      color={allowed === true ? "green" : "red"}
      title={titles.get(allowed) ?? ""}
    >
      <Stack gap="xs">
        <Text size="sm">
          {reason}
          {role !== null && ` (role ${role})`}
        </Text>
        <Code block>{JSON.stringify(explanation, null, 2)}</Code>
      </Stack>
    </Alert>
  );
}
