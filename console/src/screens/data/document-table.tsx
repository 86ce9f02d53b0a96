import { Paper, Table, Text, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { EjsonDocument } from "../../api/data.ts";
import { EjsonValue } from "../../parts/ejson-view.tsx";

const columnsMax = 40;

export function DocumentTable({
  rows,
  onEdit,
}: {
  readonly rows: readonly EjsonDocument[];
  readonly onEdit: (document: EjsonDocument) => void;
}): ReactNode {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, columnsMax);
  if (rows.length === 0) return null;
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={Math.max(480, columns.length * 140)} mah={640}>
        <Table stickyHeader highlightOnHover fz="sm">
          <Table.Thead>
            <Table.Tr>
              {columns.map((name) => (
                <Table.Th key={name} className="mono">
                  {name.slice(0, 80)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, at) => (
              <Table.Tr key={`${at} ${JSON.stringify(row["_id"])}`}>
                {columns.map((name, column) => (
                  <Table.Td key={name} maw={280}>
                    {column === 0 ? (
                      <UnstyledButton
                        title="Edit the document"
                        onClick={() => {
                          onEdit(row);
                        }}
                      >
                        <EjsonValue value={row[name]} />
                      </UnstyledButton>
                    ) : (
                      <Text component="div" size="sm" lineClamp={2}>
                        {Object.hasOwn(row, name) ? <EjsonValue value={row[name]} /> : null}
                      </Text>
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
