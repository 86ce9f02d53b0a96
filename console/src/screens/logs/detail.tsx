/** All that an entry of the log holds. */
import { Alert, Anchor, Badge, Drawer, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type LogEntry, logEntryQuery, type NamedLists } from "../../api/logs.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Failed, Waiting } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";
import { Findings } from "./findings.tsx";
import { CodeBlock, FactTable, Part, print } from "../../parts/facts.tsx";
import { statusColour, whatOf } from "./words.ts";

export function EntryDetail({
  id,
  known,
  onClose,
}: {
  /** Of the entry that is to be seen; undefined: none. */
  readonly id: string | undefined;
  /** The entry, where it is in sight anyway. */
  readonly known: LogEntry | undefined;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title="Log entry"
    >
      {known !== undefined ? <Detail entry={known} /> : id !== undefined && <Found id={id} />}
    </Drawer>
  );
}

function Found({ id }: { readonly id: string }): ReactNode {
  const { path } = useCurrentApp();
  const found = useQuery(logEntryQuery(path, id));
  if (found.isPending) return <Waiting />;
  if (found.isError) return <Failed cause={found.error} again={() => void found.refetch()} />;
  if (found.data !== null) return <Detail entry={found.data} />;
  return (
    <Alert color="yellow" title="No such entry">
      <Text size="sm">
        The log of this app has no entry <span className="mono">{id}</span>. Entries go when they
        are older than the log is kept, and the oldest go first when it grows too big.
      </Text>
    </Alert>
  );
}

function Detail({ entry }: { readonly entry: LogEntry }): ReactNode {
  const { co_id: id, status, type, endpoint_args: request, function_call: called } = entry;
  return (
    <Stack>
      <div>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Badge variant="light" color={statusColour(status)} style={{ flexShrink: 0 }}>
            {status === 0 ? "–" : status}
          </Badge>
          <Text size="sm" fw={600} className="mono break">
            {whatOf(entry)}
          </Text>
        </Group>
        <Text size="sm">
          <Time iso={entry.started} isLong />
        </Text>
        <Group gap={4}>
          <Text size="xs" className="mono">
            {id}
          </Text>
          <CopyButton text={id} label="Copy the id" />
          <CopyButton text={globalThis.location.href} label="Copy a link to this entry" />
          <CopyButton text={print(entry)} label="Copy the entry as JSON" />
        </Group>
        <Elsewhere entry={entry} />
      </div>
      <Findings entry={entry} />
      <FactTable
        title="Function call"
        facts={[
          ["function", called?.name],
          ["of the data source", called?.service],
          ["arguments", called?.arguments ?? undefined],
        ]}
      />
      <FactTable
        title="Request"
        facts={[
          ["url", entry.request_url],
          ["query", linesOf(request?.query, "=")],
          ["headers", linesOf(request?.headers, ": ")],
          ["body", textOf(request?.body?.$binary.base64)],
        ]}
      />
      <FactTable
        title="What it took"
        facts={[
          ["duration", withUnit(entry.duration_ms, "ms")],
          ["answer", withUnit(entry.response_bytes, "bytes")],
          ["compute", withUnit(entry.mem_time_usage, "byte-ms")],
        ]}
      />
      <FactTable title="Also" facts={[["type", type], ...othersOf(entry)]} />
      <Part title="As JSON">
        <details>
          <summary>All of it, as the API has it</summary>
          <CodeBlock text={print(entry)} />
        </details>
      </Part>
    </Stack>
  );
}

/** Screens that show what the entry names. */
function Elsewhere({ entry }: { readonly entry: LogEntry }): ReactNode {
  const app = useCurrentApp();
  const { user_id: userId, function_id: functionId, function_name: name, endpoint_id } = entry;
  const isOwnFunction = functionId !== undefined && name !== undefined;
  const links = [
    endpoint_id !== undefined && (["endpoints", { id: endpoint_id }, "Its endpoint"] as const),
    isOwnFunction && (["functions", { name }, `The function ${name}`] as const),
    userId !== undefined && (["users", { q: userId }, "Its user"] as const),
    userId !== undefined && (["logs", { user_id: userId }, "All entries of the user"] as const),
  ].filter((each) => each !== false);
  return (
    <Group gap="md">
      {links.map(([screen, search, label]) => (
        <Anchor
          key={label}
          size="sm"
          renderRoot={(props: object) => (
            <Link to={`/apps/${app._id}/${screen}`} search={search} {...props} />
          )}
        >
          {label}
        </Anchor>
      ))}
    </Group>
  );
}

/** Shown in places of their own, or of no use to people. */
const shownElsewhere: ReadonlySet<string> = new Set([
  "_id",
  "co_id",
  "type",
  "status",
  "started",
  "messages",
  "error",
  "error_code",
  "auth_failure",
  "notes",
  "schema_violations",
  "rule_metrics",
  "function_call",
  "endpoint_args",
  "request_url",
  "request_method",
  "response_bytes",
  "duration_ms",
  "mem_time_usage",
  "app_id",
  "domain_id",
  "group_id",
]);

function othersOf(entry: LogEntry): readonly (readonly [string, unknown])[] {
  return Object.entries(entry).filter(([name]) => !shownElsewhere.has(name));
}

function linesOf(lists: NamedLists | undefined, between: string): ReactNode {
  const lines = Object.entries(lists ?? {}).flatMap(([name, values]) =>
    values.map((value) => `${name}${between}${value}`),
  );
  return lines.length === 0 ? undefined : <CodeBlock text={lines.join("\n")} />;
}

function withUnit(count: number, unit: string): string {
  return `${count.toLocaleString()} ${unit}`;
}

/** A body, of which the log keeps its beginning, which may end within a character. */
function textOf(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  const bytes = Uint8Array.from(atob(base64), (each) => each.codePointAt(0) ?? 0);
  return new TextDecoder().decode(bytes);
}
