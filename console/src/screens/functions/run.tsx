/** Runs the source in the editor, saved or not, and shows what came of it. */
import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { call } from "../../api/client.ts";
import { Failure } from "../../api/failure.ts";
import type { FunctionRun } from "../../api/parts-of-app.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { RunAs } from "../../parts/run-as.tsx";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function RunFunction({
  name,
  source,
}: {
  /** Empty for a new one. */
  readonly name: string;
  readonly source: string;
}): ReactNode {
  const { path } = useCurrentApp();
  const { value: draft, set } = useKept(`run ${name}`, first);
  const { args, as, userId } = draft;
  const running = useRef<AbortController>(null);
  const run = useMutation({
    mutationFn: async (): Promise<FunctionRun> => {
      const given: unknown = JSON.parse(args);
      if (!Array.isArray(given)) throw new Error("arguments must be a JSON array");
      const query = as === "system" ? { run_as_system: true } : { user_id: userId };
      try {
        running.current = new AbortController();
        return await call<FunctionRun>({
          signal: running.current.signal,
          method: "POST",
          path: `${path}/debug/execute_function_source`,
          query,
          body: { source, arguments: given },
        });
      } catch (cause) {
        // A function that threw is an answer too: it wrote to the console, and took its time.
        if (cause instanceof Failure && isRun(cause.body)) return cause.body;
        throw cause;
      }
    },
  });
  return (
    <Stack gap="sm">
      <CodeEditor
        label="Arguments, a JSON array"
        language="json"
        value={args}
        onChange={(text) => {
          set({ args: text });
        }}
        minLines={2}
      />
      <Group align="flex-end">
        <RunAs
          kind={as}
          userId={userId}
          onChange={(kind, id) => {
            set({ as: kind, userId: id });
          }}
        />
        <Button
          variant="light"
          onClick={() => {
            run.mutate();
          }}
          loading={run.isPending}
          disabled={as === "user" && userId === ""}
        >
          Run
        </Button>
        {run.isPending && (
          <Button variant="default" onClick={() => running.current?.abort()}>
            Stop
          </Button>
        )}
      </Group>
      {run.isError && (
        <Alert color="red" title="It could not be run" role="alert">
          {run.error.name === "AbortError" ? "It was stopped." : run.error.message}
        </Alert>
      )}
      {run.data !== undefined && <Outcome run={run.data} />}
    </Stack>
  );
}

const first: {
  readonly args: string;
  readonly as: "system" | "user";
  readonly userId: string;
} = { args: "[]", as: "system", userId: "" };

function isRun(body: unknown): body is FunctionRun {
  return typeof body === "object" && body !== null && "stats" in body;
}

function Outcome({ run }: { readonly run: FunctionRun }): ReactNode {
  const { result, error, logs = [], stats } = run;
  const hasFailed = error !== undefined;
  return (
    <Stack gap="xs" role="status">
      <Alert
        color={hasFailed ? "red" : "green"}
        title={`${hasFailed ? "It threw" : "Result"}, after ${stats.execution_time}`}
      >
        <Code block>{hasFailed ? error : JSON.stringify(result, null, 2)}</Code>
      </Alert>
      {logs.length > 0 && (
        <div>
          <Text size="sm" fw={500}>
            Console
          </Text>
          <Code block>{logs.join("\n")}</Code>
        </div>
      )}
    </Stack>
  );
}
