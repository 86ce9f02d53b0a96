import { FileInput, Group, Paper, Progress, Select, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import type { Place } from "../../api/data.ts";
import { messageOf } from "../../api/failure.ts";
import type { OnPresent } from "../../api/transfer.ts";
import { Failed } from "../../parts/states.tsx";
import { importFile, type ImportState } from "../../transfer/import-file.ts";
import type { FileFormat } from "../../transfer/records.ts";
import { FailedLines } from "./failed-lines.tsx";
import { RunButtons } from "./run-buttons.tsx";
import { sizeText } from "./value-view.tsx";

const formats = [
  { value: "auto", label: "as the file looks" },
  { value: "ndjson", label: "NDJSON: one document a line" },
  { value: "ejson", label: "EJSON: an array of documents" },
  { value: "csv", label: "CSV: the first line names the fields" },
];

const choices = [
  { value: "fail", label: "is reported as failed" },
  { value: "skip", label: "is left out" },
  { value: "replace", label: "replaces the one that is there" },
];

export function ImportForm({ place }: { readonly place: Place }): ReactNode {
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [format, setFormat] = useState<FileFormat | "auto">("auto");
  const [onPresent, setOnPresent] = useState<OnPresent>("fail");
  const [state, setState] = useState<ImportState>();
  const [isRunning, setIsRunning] = useState(false);
  const [failure, setFailure] = useState<string>();
  const stop = useRef<AbortController>(undefined);
  async function start(chosen: File): Promise<void> {
    const controller = new AbortController();
    stop.current = controller;
    setFailure(undefined);
    setState(undefined);
    setIsRunning(true);
    try {
      const { signal } = controller;
      await importFile(place, { file: chosen, format, onPresent, signal, onState: setState });
    } catch (cause) {
      setFailure(
        controller.signal.aborted
          ? "Stopped: what is counted below is stored."
          : `It went no further: ${messageOf(cause)}`,
      );
    } finally {
      setIsRunning(false);
      void client.invalidateQueries({ queryKey: [place.source] });
    }
  }
  return (
    <Paper withBorder p="md" component="section" aria-label="Import">
      <Stack gap="sm">
        <Title order={3} size="h5">
          Import
        </Title>
        <FileInput
          label="File"
          placeholder="Choose a file"
          accept=".json,.ndjson,.jsonl,.csv,.tsv,application/json,text/csv"
          value={file}
          onChange={setFile}
          clearable
          clearButtonProps={{ "aria-label": "Choose no file" }}
        />
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <Select
            label="Format"
            data={formats}
            value={format}
            allowDeselect={false}
            miw={200}
            onChange={(value) => {
              if (value !== null) setFormat(value as FileFormat | "auto");
            }}
          />
          <Select
            label="A document whose _id is there"
            data={choices}
            value={onPresent}
            allowDeselect={false}
            miw={200}
            onChange={(value) => {
              if (value !== null) setOnPresent(value as OnPresent);
            }}
          />
        </Group>
        <RunButtons
          label="Import"
          isRunning={isRunning}
          isDisabled={file === null}
          onStart={() => {
            if (file !== null) void start(file);
          }}
          onStop={() => {
            stop.current?.abort();
          }}
        />
        {failure !== undefined && <Failed cause={new Error(failure)} />}
        {state !== undefined && <ImportProgress state={state} isRunning={isRunning} />}
        {state !== undefined && state.failed.length > 0 && (
          <FailedLines lines={state.failed} name={`${place.collection}.failed.ndjson`} />
        )}
      </Stack>
    </Paper>
  );
}

function ImportProgress({
  state,
  isRunning,
}: {
  readonly state: ImportState;
  readonly isRunning: boolean;
}): ReactNode {
  const { bytes, bytesRead, inserted, replaced, skipped, failed } = state;
  const counts = [
    `${inserted.toLocaleString()} inserted`,
    replaced > 0 ? `${replaced.toLocaleString()} replaced` : "",
    skipped > 0 ? `${skipped.toLocaleString()} left out` : "",
    failed.length > 0 ? `${failed.length.toLocaleString()} failed` : "",
  ].filter((each) => each !== "");
  return (
    <Stack gap={4}>
      <Progress
        value={bytes === 0 ? 100 : (bytesRead / bytes) * 100}
        animated={isRunning}
        aria-label="How much of the file is read"
      />
      <Text size="sm" role="status">
        {counts.join(", ")}
        {isRunning ? ` (${sizeText(bytesRead)} of ${sizeText(bytes)})` : ""}
      </Text>
    </Stack>
  );
}
