import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { EjsonDocument } from "../../api/data.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { EjsonValue, toLine, toShown } from "../../parts/ejson-view.tsx";

/** Fields of one level that are shown before one asks for more. */
const fieldsMax = 50;

interface CardActions {
  readonly onEdit: (document: EjsonDocument) => void;
  readonly onClone: (document: EjsonDocument) => void;
  readonly onDelete: (document: EjsonDocument) => void;
}

export function DocumentCards({
  rows,
  ...actions
}: { readonly rows: readonly EjsonDocument[] } & CardActions): ReactNode {
  return (
    <Stack gap="xs">
      {rows.map((row, at) => (
        <DocumentCard key={`${at} ${JSON.stringify(row["_id"])}`} document={row} {...actions} />
      ))}
    </Stack>
  );
}

function DocumentCard({
  document,
  onEdit,
  onClone,
  onDelete,
}: { readonly document: EjsonDocument } & CardActions): ReactNode {
  return (
    <Paper withBorder p="sm" component="article" aria-label={`Document ${toLine(document["_id"])}`}>
      <Fields entries={Object.entries(document)} depth={0} />
      <Group gap={4} justify="flex-end">
        <CopyButton text={JSON.stringify(document, null, 2)} label="Copy as EJSON" />
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => {
            onEdit(document);
          }}
        >
          Edit
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => {
            onClone(document);
          }}
        >
          Clone
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          color="red"
          onClick={() => {
            onDelete(document);
          }}
        >
          Delete …
        </Button>
      </Group>
    </Paper>
  );
}

function Fields({
  entries,
  depth,
}: {
  readonly entries: readonly (readonly [string, unknown])[];
  readonly depth: number;
}): ReactNode {
  const [most, setMost] = useState(fieldsMax);
  return (
    <Stack gap={2}>
      {entries.slice(0, most).map(([name, value]) => (
        <Field key={name} name={name} value={value} depth={depth} />
      ))}
      {entries.length > most && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => {
            setMost(most * 4);
          }}
        >
          {entries.length - most} more
        </Button>
      )}
    </Stack>
  );
}

function Field({
  name,
  value,
  depth,
}: {
  readonly name: string;
  readonly value: unknown;
  readonly depth: number;
}): ReactNode {
  const plain = toShown(value);
  const [isOpen, setIsOpen] = useState(depth === 0 && sizeOf(value) <= 6);
  if (plain !== undefined)
    return (
      <Group gap={6} wrap="nowrap" align="baseline" pl={depth * 14 + 18}>
        <Text size="sm" fw={600} className="mono break">
          {name}
        </Text>
        <EjsonValue value={value} />
        <Text size="xs" c="dimmed" ml="auto">
          {plain.type}
        </Text>
      </Group>
    );
  const inner = Object.entries(value as object);
  return (
    <Stack gap={2}>
      <Group gap={2} wrap="nowrap" pl={depth * 14}>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          px={0}
          aria-expanded={isOpen}
          aria-label={`${isOpen ? "Close" : "Open"} ${name}`}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        </Button>
        <Text size="sm" fw={600} className="mono break">
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {toLine(value)}
        </Text>
        <Text size="xs" c="dimmed" ml="auto">
          {Array.isArray(value) ? "Array" : "Object"}
        </Text>
      </Group>
      {isOpen && <Fields entries={inner} depth={depth + 1} />}
    </Stack>
  );
}

function sizeOf(value: unknown): number {
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}
