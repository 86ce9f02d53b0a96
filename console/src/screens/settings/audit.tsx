/** Who changed what of this app, the newest first, with what the API showed before and after. */
import { Button, Code, Group, Paper, Stack, Table, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type AuditEntry, auditQuery } from "../../api/settings.ts";
import { Empty } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";

const pageSize = 50;

export function Audit(): ReactNode {
  const { path } = useCurrentApp();
  const [skip, setSkip] = useState(0);
  const { data: entries } = useSuspenseQuery(auditQuery(path, skip, pageSize));
  if (entries.length === 0 && skip === 0)
    return <Empty title="No change yet">Each change by an administrator is listed here.</Empty>;
  return (
    <Stack>
      <Paper withBorder>
        <Table.ScrollContainer minWidth={600}>
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>Who</Table.Th>
                <Table.Th>What</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map((each) => (
                <AuditRow key={`${each.co_id} ${each.at}`} entry={each} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Paper>
      <Group>
        <Button
          size="xs"
          variant="default"
          disabled={skip === 0}
          onClick={() => {
            setSkip(Math.max(0, skip - pageSize));
          }}
        >
          Newer
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={entries.length < pageSize}
          onClick={() => {
            setSkip(skip + pageSize);
          }}
        >
          Older
        </Button>
      </Group>
    </Stack>
  );
}

function AuditRow({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const { administrator, remote_ip_address: address, method, path, changes } = entry;
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: "nowrap", verticalAlign: "top" }}>
        <Time iso={entry.at} />
      </Table.Td>
      <Table.Td className="break" style={{ verticalAlign: "top" }}>
        {administrator}
        <Text size="xs" c="dimmed">
          {address}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" justify="space-between">
          <Text size="sm" className="mono break">
            {method} {path.replace(/^\/groups\/[^/]+\/apps\/[^/]+/, "")}
          </Text>
          <Button
            size="compact-xs"
            variant="subtle"
            aria-expanded={isOpen}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            {isOpen ? "Less" : "More"}
          </Button>
        </Group>
        {isOpen && (
          <Stack gap={4}>
            {changes.length > 0 && <Code block>{changes.join("\n")}</Code>}
            <Code block>
              {JSON.stringify({ before: entry.before, after: entry.after }, null, 2)}
            </Code>
          </Stack>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
