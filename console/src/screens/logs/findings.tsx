/** What went wrong with a request, what was noted of it, and what rules and schemas did. */
import { Alert, List, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { LogEntry, NamespaceMetrics } from "../../api/logs.ts";
import { CodeBlock, Part } from "../../parts/facts.tsx";

export function Findings({ entry }: { readonly entry: LogEntry }): ReactNode {
  const { error, error_code: code, auth_failure: failure } = entry;
  const { messages = [], notes = [], schema_violations: violations = [] } = entry;
  const namespaces = Object.entries(entry.rule_metrics?.namespaces_metrics ?? {});
  return (
    <>
      {error !== undefined && (
        <Alert color="red" title={`Error${code === undefined ? "" : `: ${code}`}`}>
          <CodeBlock text={error} />
        </Alert>
      )}
      {failure !== undefined && (
        <Alert color="orange" title="Why the caller was not believed">
          <Text size="sm" className="break">
            {failure}
          </Text>
        </Alert>
      )}
      {notes.length > 0 && (
        <Part title="Worth knowing">
          <List size="sm">
            {notes.map((each) => (
              <List.Item key={each} className="break">
                {each}
              </List.Item>
            ))}
          </List>
        </Part>
      )}
      {violations.length > 0 && (
        <Part title="What the schema did not let through">
          <Table fz="sm">
            <Table.Tbody>
              {violations.map(({ kind, field, message }) => (
                <Table.Tr key={`${kind} ${field} ${message}`}>
                  <Table.Td className="mono break">{field}</Table.Td>
                  <Table.Td>{kind}</Table.Td>
                  <Table.Td className="break">{message}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Part>
      )}
      {messages.length > 0 && (
        <Part title="Console">
          <CodeBlock text={messages.join("\n")} />
        </Part>
      )}
      {namespaces.length > 0 && (
        <Part title="Rules">
          {namespaces.map(([name, metrics]) => (
            <Namespace key={name} name={name} metrics={metrics} />
          ))}
        </Part>
      )}
    </>
  );
}

function Namespace({
  name,
  metrics: { roles, no_matching_role: unmatched },
}: {
  readonly name: string;
  readonly metrics: NamespaceMetrics;
}): ReactNode {
  return (
    <Table fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th className="mono break">{name}</Table.Th>
          <Table.Th ta="right">Documents</Table.Th>
          <Table.Th ta="right">Fields looked at</Table.Th>
          <Table.Th ta="right">Fields hidden</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {Object.entries(roles).map(([role, tally]) => (
          <Table.Tr key={role}>
            <Table.Td className="break">role {role}</Table.Td>
            <Table.Td ta="right">{tally.matching_documents.toLocaleString()}</Table.Td>
            <Table.Td ta="right">{tally.evaluated_fields.toLocaleString()}</Table.Td>
            <Table.Td ta="right">{tally.discarded_fields.toLocaleString()}</Table.Td>
          </Table.Tr>
        ))}
        {unmatched > 0 && (
          <Table.Tr>
            <Table.Td>no role applied</Table.Td>
            <Table.Td ta="right">{unmatched.toLocaleString()}</Table.Td>
            <Table.Td />
            <Table.Td />
          </Table.Tr>
        )}
      </Table.Tbody>
    </Table>
  );
}
