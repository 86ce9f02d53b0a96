import {
  Alert,
  Badge,
  Button,
  Group,
  Paper,
  Stack,
  Table,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { type LogEntry, type LogFilter, logsQuery } from "../../api/logs.ts";
import { Toggle } from "../../parts/fields.tsx";
import { Empty, Failed, Waiting } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";
import { EntryDetail } from "./detail.tsx";
import { ExportLog } from "./export.tsx";
import { type FilterChange, Filters } from "./filters.tsx";
import { useLive } from "./use-live.ts";
import { statusColour, whatOf } from "./words.ts";

interface LogSearch extends LogFilter {
  readonly entry?: string;
  readonly live?: boolean;
  readonly tab?: string;
}

/** The log as the address asks for it. */
export function Entries(): ReactNode {
  const { path } = useCurrentApp();
  const search = useSearch({ strict: false }) as LogSearch;
  const { entry: openId, live, tab: _, ...filter } = search;
  const navigate = useNavigate();
  const set = (changes: FilterChange): void => {
    const next = Object.fromEntries(
      Object.entries({ ...search, ...changes }).filter(
        ([, value]) => value !== undefined && value !== "" && value !== false,
      ),
    );
    void navigate({ to: ".", search: next, replace: true });
  };
  const [isPaused, setIsPaused] = useState(false);
  const pages = useInfiniteQuery(logsQuery(path, filter));
  const isLive = live === true;
  const fresh = useLive(path, filter, { isLive, isPaused });
  const known = pages.data?.pages.flatMap(({ logs }) => logs) ?? [];
  const ids = new Set(fresh.entries.map(({ _id }) => _id));
  const entries = [...fresh.entries, ...known.filter(({ _id }) => !ids.has(_id))];
  const wanted = openId ?? (filter.co_id === undefined ? undefined : entries[0]?._id);
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Filters filter={filter} onChange={set} />
        <Actions
          filter={filter}
          isLive={isLive}
          isPaused={isPaused}
          isFetching={pages.isFetching}
          onLive={(isOn) => {
            setIsPaused(false);
            set({ live: isOn });
          }}
          onPause={setIsPaused}
          onRefresh={() => void pages.refetch()}
        />
      </Group>
      {fresh.trouble !== undefined && (
        <Alert color="orange" title="Not live at the moment" role="status">
          <Text size="sm">{fresh.trouble}. It is tried again every few seconds.</Text>
        </Alert>
      )}
      {isPaused && <Paused waiting={fresh.waiting} />}
      {pages.isPending && <Waiting />}
      {pages.isError && <Failed cause={pages.error} again={() => void pages.refetch()} />}
      {pages.isSuccess && entries.length === 0 && (
        <Empty title="Nothing here">
          No request matches. Send one (Get started has one ready), or widen the filter.
        </Empty>
      )}
      {entries.length > 0 && (
        <EntryTable
          entries={entries}
          onOpen={(id) => {
            set({ entry: id });
          }}
        />
      )}
      {pages.hasNextPage && (
        <Group>
          <Button
            variant="light"
            onClick={() => void pages.fetchNextPage()}
            loading={pages.isFetchingNextPage}
          >
            Older entries
          </Button>
        </Group>
      )}
      <EntryDetail
        id={wanted}
        known={entries.find(({ _id }) => _id === wanted)}
        onClose={() => {
          set({ entry: undefined, co_id: undefined });
        }}
      />
    </Stack>
  );
}

function Actions({
  filter,
  isLive,
  isPaused,
  isFetching,
  onLive,
  onPause,
  onRefresh,
}: {
  readonly filter: LogFilter;
  readonly isLive: boolean;
  readonly isPaused: boolean;
  readonly isFetching: boolean;
  readonly onLive: (isOn: boolean) => void;
  readonly onPause: (isOn: boolean) => void;
  readonly onRefresh: () => void;
}): ReactNode {
  return (
    <Group gap="sm">
      <Toggle label="Live" checked={isLive} onChange={onLive} />
      {isLive && (
        <Button
          variant="default"
          aria-pressed={isPaused}
          onClick={() => {
            onPause(!isPaused);
          }}
        >
          {isPaused ? "Go on" : "Pause"}
        </Button>
      )}
      <ExportLog filter={filter} />
      <Button variant="default" onClick={onRefresh} loading={isFetching}>
        Refresh
      </Button>
    </Group>
  );
}

function Paused({ waiting }: { readonly waiting: number }): ReactNode {
  return (
    <Text size="sm" role="status">
      Paused: {waiting === 1 ? "1 new entry waits" : `${waiting} new entries wait`}.
    </Text>
  );
}

function EntryTable({
  entries,
  onOpen,
}: {
  readonly entries: readonly LogEntry[];
  readonly onOpen: (id: string) => void;
}): ReactNode {
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={640}>
        <Table highlightOnHover fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th ta="right">Took</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((each) => (
              <EntryRow
                key={each._id}
                entry={each}
                onOpen={() => {
                  onOpen(each._id);
                }}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function EntryRow({
  entry,
  onOpen,
}: {
  readonly entry: LogEntry;
  readonly onOpen: () => void;
}): ReactNode {
  const { status, error, type, notes = [], duration_ms: ms } = entry;
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        <Time iso={entry.started} />
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={statusColour(status)}>
          {status === 0 ? "–" : status}
        </Badge>
      </Table.Td>
      <Table.Td>
        <UnstyledButton onClick={onOpen} w="100%">
          <Stack gap={0}>
            <Text size="sm" className="mono break">
              {whatOf(entry)}
            </Text>
            <Text size="xs" c={error === undefined ? "dimmed" : "red"} lineClamp={1}>
              {error ?? notes[0] ?? type}
            </Text>
          </Stack>
        </UnstyledButton>
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms
      </Table.Td>
    </Table.Tr>
  );
}
