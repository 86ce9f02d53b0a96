import { Paper, Progress, Select, Stack, Text, Title } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { type ReactNode, useRef, useState } from "react";
import { messageOf } from "../../api/failure.ts";
import type { Place } from "../../api/data.ts";
import { takeExport } from "../../api/transfer.ts";
import { Failed } from "../../parts/states.tsx";
import type { FileFormat } from "../../transfer/records.ts";
import { queryParts, queryTextOf, readQuery } from "./query-text.ts";
import { RunButtons } from "./run-buttons.tsx";
import { saveFile } from "../../parts/save-file.ts";
import { sizeText } from "./value-view.tsx";

const formats = [
  { value: "ndjson", label: "NDJSON: one document a line, all types kept" },
  { value: "ejson", label: "EJSON: one array, all types kept" },
  { value: "csv", label: "CSV: a column for each field" },
];

interface Running {
  readonly bytes: number;
  readonly lines: number;
}

export function ExportForm({ place }: { readonly place: Place }): ReactNode {
  const text = queryTextOf(useSearch({ strict: false }));
  const { query, problems } = readQuery(text);
  const [format, setFormat] = useState<FileFormat>("ndjson");
  const [running, setRunning] = useState<Running>();
  const [done, setDone] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const stop = useRef<AbortController>(undefined);
  const asked = queryParts.filter((part) => text[part] !== undefined);
  async function start(): Promise<void> {
    const controller = new AbortController();
    stop.current = controller;
    setDone(undefined);
    setFailure(undefined);
    setRunning({ bytes: 0, lines: 0 });
    try {
      const blob = await takeExport(
        place,
        { format, query },
        {
          signal: controller.signal,
          onProgress: (bytes, lines) => {
            setRunning({ bytes, lines });
          },
        },
      );
      saveFile(
        blob,
        `${place.database}.${place.collection}.${format === "ejson" ? "json" : format}`,
      );
      setDone(`Exported ${sizeText(blob.size)}.`);
    } catch (cause) {
      setFailure(
        controller.signal.aborted
          ? "Stopped: nothing was saved."
          : `It broke off, and nothing was saved: ${messageOf(cause)}`,
      );
    } finally {
      setRunning(undefined);
    }
  }
  return (
    <Paper withBorder p="md" component="section" aria-label="Export">
      <Stack gap="sm">
        <Title order={3} size="h5">
          Export
        </Title>
        <Select
          label="Format of the file"
          data={formats}
          value={format}
          allowDeselect={false}
          onChange={(value) => {
            if (value !== null) setFormat(value as FileFormat);
          }}
        />
        <Text size="sm" c="dimmed" className="break">
          {asked.length === 0
            ? "The whole collection. What the Documents tab is asked for is exported when it has a filter."
            : `What the Documents tab asks for: ${asked.map((part) => `${part} ${text[part] ?? ""}`).join(", ")}`}
        </Text>
        {running !== undefined && (
          <Stack gap={4}>
            <Progress value={100} animated aria-label="Exporting" />
            <Text size="sm" role="status">
              {sizeText(running.bytes)}
              {format === "csv" ? "" : `, ${running.lines.toLocaleString()} documents`}
            </Text>
          </Stack>
        )}
        {done !== undefined && (
          <Text size="sm" role="status">
            {done}
          </Text>
        )}
        {failure !== undefined && <Failed cause={new Error(failure)} />}
        <RunButtons
          label="Export"
          isRunning={running !== undefined}
          isDisabled={problems.size > 0}
          onStart={() => void start()}
          onStop={() => {
            stop.current?.abort();
          }}
        />
      </Stack>
    </Paper>
  );
}
