/** A schema made of the documents that are there, and tried on them. */
import { Alert, Button, Code, Group, Stack, Table, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { call, follow } from "../../api/client.ts";
import type { Service } from "../../api/rules.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { sayDone, sayFailed } from "../../parts/notice.ts";
import { Failed } from "../../parts/states.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";
import type { RulePlace } from "./places.tsx";

interface Progress {
  readonly checked: number;
  readonly invalid: number;
  readonly done: boolean;
  readonly error?: string;
  readonly documents?: readonly {
    readonly _id: unknown;
    readonly violations: readonly { readonly field: string; readonly message: string }[];
  }[];
}

export function SchemaTools({
  service,
  place: { db, coll },
  schema,
  onChange,
}: {
  readonly service: Service;
  readonly place: RulePlace;
  readonly schema: unknown;
  readonly onChange: (schema: unknown) => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const [source, database, collection] = [service.name, db, coll].map(encodeURIComponent);
  const base = `${path}/data/${source}/databases/${database}/collections/${collection}`;
  const check = useCheck(`${base}/schema_check`);
  const generate = useMutation({
    mutationFn: async () =>
      call<{ readonly count: { readonly $numberInt: string }; readonly schema: unknown }>({
        path: `${base}/schema_sample`,
      }),
    onSuccess: ({ count, schema: made }) => {
      if (count.$numberInt === "0") {
        sayFailed(new Error("the collection has no documents yet"));
        return;
      }
      onChange(made);
      sayDone(`Made of ${count.$numberInt} documents; look it over before you save it`);
    },
    onError: sayFailed,
  });
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <ChangeButton
          size="xs"
          variant="light"
          loading={generate.isPending}
          onClick={() => {
            generate.mutate();
          }}
        >
          Generate from a sample
        </ChangeButton>
        {check.isRunning ? (
          <Button size="xs" variant="default" onClick={check.stop}>
            Stop
          </Button>
        ) : (
          <Button
            size="xs"
            variant="light"
            onClick={() => {
              check.start(schema);
            }}
          >
            Validate existing documents
          </Button>
        )}
      </Group>
      {check.error !== undefined && <Failed cause={check.error} />}
      {check.progress !== undefined && (
        <Outcome progress={check.progress} isRunning={check.isRunning} />
      )}
    </Stack>
  );
}

/** One check at a time; it ends with the page. */
function useCheck(path: string) {
  const [progress, setProgress] = useState<Progress>();
  const [error, setError] = useState<unknown>();
  const [isRunning, setIsRunning] = useState(false);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  function start(schema: unknown): void {
    const controller = new AbortController();
    running.current = controller;
    setProgress(undefined);
    setError(undefined);
    setIsRunning(true);
    const { signal } = controller;
    follow({ method: "POST", path, body: { schema }, signal }, (data) => {
      setProgress(data as Progress);
    })
      .catch(setError)
      .finally(() => {
        setIsRunning(false);
      });
  }
  return { progress, error, isRunning, start, stop: () => running.current?.abort() };
}

function Outcome({
  progress,
  isRunning,
}: {
  readonly progress: Progress;
  readonly isRunning: boolean;
}): ReactNode {
  const { checked, invalid, documents = [], done, error } = progress;
  const count = checked === 1 ? "1 document" : `${checked.toLocaleString()} documents`;
  const state = isRunning ? "so far" : done ? "in all" : "until it was stopped";
  return (
    <Alert
      role="status"
      color={error !== undefined || invalid > 0 ? "orange" : "green"}
      title={
        invalid === 0
          ? `${count} ${state}: all fit`
          : `${count} ${state}: ${invalid.toLocaleString()} would be refused when they are written again`
      }
    >
      {error !== undefined && <Text size="sm">{error}</Text>}
      {documents.length > 0 && (
        <Table.ScrollContainer minWidth={420} mah={320}>
          <Table fz="sm">
            <Table.Tbody>
              {documents.map(({ _id: id, violations }) => (
                <Table.Tr key={JSON.stringify(id)}>
                  <Table.Td>
                    <Code className="break">{JSON.stringify(id)}</Code>
                  </Table.Td>
                  <Table.Td className="break">
                    {violations.map(({ field, message }) => `${field}: ${message}`).join("; ")}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Alert>
  );
}
