import { Code, Drawer, Group, Stack, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { LogEntry, RuleMetricsOfEntry } from "../../api/logs.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Time } from "../../parts/time.tsx";

/** Shown in places of their own, or of no use to people. */
const shownElsewhere: ReadonlySet<string> = new Set([
  "_id",
  "co_id",
  "messages",
  "error",
  "rule_metrics",
  "app_id",
  "domain_id",
  "group_id",
  "started",
  "completed",
]);

export function EntryDetail({
  entry,
  onClose,
}: {
  readonly entry: LogEntry | undefined;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title="Log entry"
    >
      {entry !== undefined && <Detail entry={entry} />}
    </Drawer>
  );
}

function Detail({ entry }: { readonly entry: LogEntry }): ReactNode {
  const { messages = [], error, rule_metrics: ruleMetrics } = entry;
  const others = Object.entries(entry).filter(([name]) => !shownElsewhere.has(name));
  return (
    <Stack>
      <Group gap={4}>
        <Text size="sm" className="mono">
          {entry.co_id}
        </Text>
        <CopyButton text={entry.co_id} label="Copy the id" />
        <CopyButton text={JSON.stringify(entry, null, 2)} label="Copy the entry as JSON" />
      </Group>
      <Text size="sm">
        <Time iso={entry.started} isLong />
      </Text>
      {error !== undefined && <Part title="Error" text={error} />}
      {messages.length > 0 && <Part title="Console" text={messages.join("\n")} />}
      {ruleMetrics !== undefined && <RuleMetrics metrics={ruleMetrics} />}
      <Table fz="sm" layout="fixed">
        <Table.Tbody>
          {others.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={170} className="break">
                {name}
              </Table.Th>
              <Table.Td className="break">
                {typeof value === "object" ? (
                  <Code block>{JSON.stringify(value, null, 2)}</Code>
                ) : (
                  String(value)
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

/** Per collection, what rules did there. */
function RuleMetrics({ metrics }: { readonly metrics: RuleMetricsOfEntry }): ReactNode {
  const rows = Object.entries(metrics.namespaces_metrics ?? {});
  return (
    <div>
      <Text size="sm" fw={600}>
        Rules
      </Text>
      <Table fz="sm" layout="fixed">
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={170} className="break">
                {name}
              </Table.Th>
              <Table.Td className="break">
                {Object.entries(value).map(([what, count]) => (
                  <div key={what}>
                    {what.replaceAll("_", " ")}: {JSON.stringify(count)}
                  </div>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Part({ title, text }: { readonly title: string; readonly text: string }): ReactNode {
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Code block style={{ whiteSpace: "pre-wrap" }}>
        {text}
      </Code>
    </div>
  );
}
