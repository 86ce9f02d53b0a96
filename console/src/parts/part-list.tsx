/** A list of named parts of some JSON: added, changed, moved and removed one by one. */
import { Accordion, ActionIcon, Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useIsLocked } from "./editable.tsx";

interface Named {
  readonly name?: unknown;
}

export function PartList<P extends Named>({
  title,
  empty,
  one,
  parts,
  onChange,
  make,
  summary,
  fields,
}: {
  readonly title: string;
  readonly empty: string;
  readonly one: string;
  readonly parts: readonly P[];
  readonly onChange: (parts: readonly P[]) => void;
  /** A new one, of the name that it begins with. */
  readonly make: (name: string) => P;
  /** Shown beside the name of a part that is closed. */
  readonly summary?: (part: P) => string;
  readonly fields: (part: P, set: (next: P) => void) => ReactNode;
}): ReactNode {
  const isLocked = useIsLocked();
  const [open, setOpen] = useState(parts.length === 1 ? ["0"] : []);
  function add(): void {
    onChange([...parts, make(freeName(one, parts))]);
    setOpen([...open, String(parts.length)]);
  }
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600}>{title}</Text>
        {!isLocked && (
          <Button size="compact-sm" variant="light" onClick={add}>
            Add a {one}
          </Button>
        )}
      </Group>
      {parts.length === 0 && (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      )}
      <Accordion variant="contained" multiple value={open} onChange={setOpen}>
        {parts.map((part, at) => (
          // Names may be the same, or change while one types.
          // oxlint-disable-next-line react/no-array-index-key
          <Accordion.Item key={at} value={String(at)}>
            <Accordion.Control>
              {nameOf(part, one, at)}{" "}
              {summary !== undefined && (
                <Text span size="xs" c="dimmed">
                  {summary(part)}
                </Text>
              )}
            </Accordion.Control>
            {/* There may be many, each with a list of its own. */}
            <Accordion.Panel>{open.includes(String(at)) && panelOf(part, at)}</Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );

  function panelOf(part: P, at: number): ReactNode {
    const others = parts.filter((_, each) => each !== at);
    return (
      <Stack gap="sm">
        {!isLocked && (
          <Moves
            name={nameOf(part, one, at)}
            isFirst={at === 0}
            isLast={at === parts.length - 1}
            onMove={(by) => {
              onChange([...others.slice(0, at + by), part, ...others.slice(at + by)]);
              setOpen(open.map((each) => (each === String(at) ? String(at + by) : each)));
            }}
            onRemove={() => {
              onChange(others);
              setOpen([]);
            }}
          />
        )}
        {fields(part, (next) => {
          onChange(parts.map((each, place) => (place === at ? next : each)));
        })}
      </Stack>
    );
  }
}

function nameOf({ name }: Named, one: string, at: number): string {
  return typeof name === "string" && name !== "" ? name : `${one} ${at + 1}`;
}

function freeName(one: string, parts: readonly Named[]): string {
  const taken = new Set(parts.map(({ name }) => name));
  let count = parts.length + 1;
  while (taken.has(`${one}-${count}`)) count += 1;
  return `${one}-${count}`;
}

function Moves({
  name,
  isFirst,
  isLast,
  onMove,
  onRemove,
}: {
  readonly name: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}): ReactNode {
  return (
    <Group gap={4} justify="flex-end">
      <ActionIcon
        variant="subtle"
        color="gray"
        disabled={isFirst}
        aria-label={`Move ${name} up`}
        onClick={() => {
          onMove(-1);
        }}
      >
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        disabled={isLast}
        aria-label={`Move ${name} down`}
        onClick={() => {
          onMove(1);
        }}
      >
        <IconArrowDown size={16} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="red" aria-label={`Remove ${name}`} onClick={onRemove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}
