/** Entries of the log as a file, a line of JSON each. */
import { Button, Group, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { messageOf } from "../../api/failure.ts";
import { endOfPage, fetchLogs, type LogFilter, type PageEnd } from "../../api/logs.ts";
import { sayDone, sayFailed } from "../../parts/notice.ts";
import { saveFile } from "../../parts/save-file.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

const pageSize = 100;
/** What a page of the browser holds well; more is had by narrower dates. */
const entriesMax = 20_000;

export function ExportLog({ filter }: { readonly filter: LogFilter }): ReactNode {
  const { path, name } = useCurrentApp();
  const [count, setCount] = useState<number>();
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function run(): Promise<void> {
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    const lines: string[] = [];
    let before: PageEnd | undefined;
    let hasMore = true;
    let cause: unknown;
    setCount(0);
    try {
      while (hasMore && lines.length < entriesMax) {
        // oxlint-disable-next-line no-await-in-loop
        const page = await fetchLogs(path, filter, { limit: pageSize, before, signal });
        lines.push(...page.logs.map((each) => `${JSON.stringify(each)}\n`));
        before = endOfPage(page);
        hasMore = before !== undefined;
        setCount(lines.length);
      }
    } catch (failure) {
      cause = failure;
    }
    setCount(undefined);
    if (signal.aborted) return;
    if (lines.length > 0)
      saveFile(new Blob(lines, { type: "application/x-ndjson" }), `log-${name}.ndjson`);
    const entries = `${lines.length.toLocaleString()} entries`;
    if (cause !== undefined)
      sayFailed(
        new Error(`The log broke off after ${entries}, which are in the file: ${messageOf(cause)}`),
      );
    else if (hasMore) sayDone(`The newest ${entries} are saved; for older ones, say until when`);
    else sayDone(`${entries} are saved`);
  }

  if (count === undefined)
    return (
      <Button variant="default" onClick={() => void run()}>
        Export
      </Button>
    );
  return (
    <Group gap="xs" role="status">
      <Text size="sm">{count.toLocaleString()} entries …</Text>
      <Button
        variant="default"
        onClick={() => {
          running.current?.abort();
          setCount(undefined);
        }}
      >
        Stop
      </Button>
    </Group>
  );
}
