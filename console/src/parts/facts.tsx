/** What something holds, row by row: for looking at, not for changing. */
import { Code, Table, Text } from "@mantine/core";
import { isValidElement, type ReactNode } from "react";

/** A value is shown as JSON, but for texts and what is an element of the page already. */
export type Fact = readonly [label: string, value: unknown];

/** A part of the detail; nothing where it would be empty. */
export function FactTable({
  title,
  facts,
}: {
  readonly title: string;
  readonly facts: readonly Fact[];
}): ReactNode {
  const there = facts.filter(([, value]) => value !== undefined && value !== "");
  if (there.length === 0) return null;
  return (
    <Part title={title}>
      <Table fz="sm" layout="fixed">
        <Table.Tbody>
          {there.map(([label, value], at) => (
            // Labels of lists may be the same.
            // oxlint-disable-next-line react/no-array-index-key
            <Table.Tr key={`${at} ${label}`}>
              <Table.Th w="32%" className="break" style={{ verticalAlign: "top" }}>
                {label}
              </Table.Th>
              <Table.Td className="break">
                {typeof value === "string" || isValidElement(value) ? (
                  value
                ) : (
                  <CodeBlock text={print(value)} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Part>
  );
}

export function Part({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section aria-label={title}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {children}
    </section>
  );
}

export function CodeBlock({ text }: { readonly text: string }): ReactNode {
  return (
    <Code block tabIndex={0} style={{ whiteSpace: "pre-wrap" }} className="break">
      {text}
    </Code>
  );
}

export function print(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
