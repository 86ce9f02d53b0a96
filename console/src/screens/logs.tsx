/** What was asked of the app and what came of it; as it comes, where one wants to watch. */
import {
  Badge,
  Button,
  Group,
  Paper,
  Select,
  Stack,
  Table,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { follow } from "../api/client.ts";
import { type LogEntry, type LogFilter, logsQuery, logTypes, toQuery } from "../api/logs.ts";
import { TextField, Toggle } from "../parts/fields.tsx";
import { sayFailed } from "../parts/notice.ts";
import { ScreenFrame } from "../parts/screen.tsx";
import { Empty, Failed, Waiting } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { useCurrentApp } from "../shell/current-app.ts";
import { EntryDetail } from "./logs/detail.tsx";

/** Rows that a live view keeps. */
const liveMax = 500;

export function Screen(): ReactNode {
  const { path } = useCurrentApp();
  const search = useSearch({ strict: false }) as LogFilter & {
    readonly entry?: string;
    readonly live?: boolean;
  };
  const { entry: openId, live, ...filter } = search;
  const navigate = useNavigate();
  const set = (changes: Readonly<Record<string, string | boolean | undefined>>): void => {
    const next = Object.fromEntries(
      Object.entries({ ...search, ...changes }).filter(
        ([, value]) => value !== undefined && value !== "" && value !== false,
      ),
    );
    void navigate({ to: ".", search: next, replace: true });
  };
  const pages = useInfiniteQuery(logsQuery(path, filter));
  const isLive = live === true;
  const fresh = useLive(path, filter, isLive);
  const known = pages.data?.pages.flatMap(({ logs }) => logs) ?? [];
  const ids = new Set(fresh.map(({ _id }) => _id));
  const entries = [...fresh, ...known.filter(({ _id }) => !ids.has(_id))];
  const wanted = openId ?? (filter.co_id === undefined ? undefined : entries[0]?._id);
  const open = entries.find(({ _id }) => _id === wanted);
  return (
    <ScreenFrame
      title="Logs"
      purpose="Every request with what came of it. An error's link leads to its entry."
      actions={
        <>
          <Toggle
            label="Live"
            checked={isLive}
            onChange={(isOn) => {
              set({ live: isOn });
            }}
          />
          <Button variant="default" onClick={() => void pages.refetch()} loading={pages.isFetching}>
            Refresh
          </Button>
        </>
      }
    >
      <Filters filter={filter} onChange={set} />
      {pages.isPending && <Waiting />}
      {pages.isError && <Failed cause={pages.error} again={() => void pages.refetch()} />}
      {pages.isSuccess && entries.length === 0 && (
        <Empty title="Nothing here">
          No request matches. Send one (Get started has one ready), or widen the filter.
        </Empty>
      )}
      {entries.length > 0 && (
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
                      set({ entry: each._id });
                    }}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
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
        entry={open}
        onClose={() => {
          set({ entry: undefined, co_id: undefined });
        }}
      />
    </ScreenFrame>
  );
}

/** Entries as they come, the newest first, while it is wanted. */
function useLive(path: string, filter: LogFilter, isLive: boolean): readonly LogEntry[] {
  const [entries, setEntries] = useState<readonly LogEntry[]>([]);
  const asked = JSON.stringify(toQuery(filter));
  useEffect(() => {
    setEntries([]);
    if (!isLive) return undefined;
    const controller = new AbortController();
    const query = JSON.parse(asked) as Readonly<Record<string, string>>;
    follow({ path: `${path}/logs/follow`, query, signal: controller.signal }, (data) => {
      setEntries((former) => [data as LogEntry, ...former].slice(0, liveMax));
    }).catch((cause: unknown) => {
      if (!controller.signal.aborted) sayFailed(cause);
    });
    return () => {
      controller.abort();
    };
  }, [path, asked, isLive]);
  return entries;
}

function Filters({
  filter,
  onChange,
}: {
  readonly filter: LogFilter;
  readonly onChange: (changes: Readonly<Record<string, string | boolean | undefined>>) => void;
}): ReactNode {
  return (
    <Group align="flex-end" gap="sm" role="search" aria-label="Filter the log">
      <Select
        label="Kind"
        placeholder="All"
        clearable
        data={[...logTypes]}
        value={filter.type ?? null}
        onChange={(value) => {
          onChange({ type: value ?? undefined });
        }}
        w={190}
      />
      <TextField
        label="User id"
        value={filter.user_id ?? ""}
        onChange={(id) => {
          onChange({ user_id: id });
        }}
        w={230}
      />
      <TextField
        label="Request id"
        value={filter.co_id ?? ""}
        onChange={(id) => {
          onChange({ co_id: id });
        }}
        w={230}
      />
      <TextField
        label="From"
        type="datetime-local"
        value={toLocal(filter.start_date)}
        onChange={(local) => {
          onChange({ start_date: toIso(local) });
        }}
      />
      <TextField
        label="Until"
        type="datetime-local"
        value={toLocal(filter.end_date)}
        onChange={(local) => {
          onChange({ end_date: toIso(local) });
        }}
      />
      <Toggle
        label="Errors only"
        mb={8}
        checked={filter.errors_only === true}
        onChange={(isOn) => {
          onChange({ errors_only: isOn });
        }}
      />
    </Group>
  );
}

function toIso(local: string): string | undefined {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function toLocal(iso: string | undefined): string {
  if (iso === undefined) return "";
  const date = new Date(iso);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

function EntryRow({
  entry,
  onOpen,
}: {
  readonly entry: LogEntry;
  readonly onOpen: () => void;
}): ReactNode {
  const { status, error, type } = entry;
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
              {error ?? type}
            </Text>
          </Stack>
        </UnstyledButton>
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {entry.duration_ms < 10 ? entry.duration_ms.toFixed(1) : Math.round(entry.duration_ms)} ms
      </Table.Td>
    </Table.Tr>
  );
}

function whatOf({
  request_method: method,
  request_url: url,
  function_name: name,
  type,
}: LogEntry): string {
  // All of an app's addresses begin alike.
  if (url !== undefined)
    return `${method ?? ""} ${(url.split("?", 1)[0] ?? "").replace(/^\/app\/[^/]+\/endpoint/, "")}`;
  return name ?? type;
}

function statusColour(status: number): string {
  if (status >= 500) return "red";
  return status >= 400 ? "orange" : "green";
}
