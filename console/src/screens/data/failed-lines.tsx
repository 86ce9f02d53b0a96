/** What could not be imported, and why; to be mended and imported again. */
import { Button, Group, Stack, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { FailedLine } from "../../transfer/import-file.ts";
import { saveFile } from "../../parts/save-file.ts";

const shownMax = 100;

export function FailedLines({
  lines,
  name,
}: {
  readonly lines: readonly FailedLine[];
  readonly name: string;
}): ReactNode {
  function save(): void {
    const text = lines.map((each) => `${each.text.replaceAll(/[\r\n]+/g, " ")}\n`).join("");
    saveFile(new Blob([text], { type: "application/x-ndjson" }), name);
  }
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          Lines that failed
        </Text>
        <Button size="compact-sm" variant="default" onClick={save}>
          Save them as a file
        </Button>
      </Group>
      <Table.ScrollContainer minWidth={420} mah={320}>
        <Table fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Line</Table.Th>
              <Table.Th>What is wrong</Table.Th>
              <Table.Th>Text</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.slice(0, shownMax).map((each, at) => (
              <Table.Tr key={`${at} ${each.line}`}>
                <Table.Td>{each.line}</Table.Td>
                <Table.Td className="break">{each.message.slice(0, 300)}</Table.Td>
                <Table.Td className="mono break">
                  <bdi>{each.text.slice(0, 120)}</bdi>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {lines.length > shownMax && (
        <Text size="xs" c="dimmed">
          The first {shownMax} of {lines.length.toLocaleString()}; the file has them all.
        </Text>
      )}
    </Stack>
  );
}
