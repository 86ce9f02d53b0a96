import { Badge, Code, Group, Paper, Stack, Table, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, Suspense } from "react";
import { dropIndex, indexesQuery, type Place } from "../../api/data.ts";
import { printEjson } from "../../ejson/print.ts";
import { toShown } from "../../ejson/shown.ts";
import { countOf, EjsonObject, type Ejson, textOf } from "../../ejson/value.ts";
import { DeleteButton } from "../../parts/change-button.tsx";
import { Waiting } from "../../parts/states.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useMayChange } from "../../shell/may-change.ts";
import { NewIndex } from "./new-index.tsx";

export function Indexes({ place }: { readonly place: Place }): ReactNode {
  const mayChange = useMayChange();
  return (
    <Suspense fallback={<Waiting />}>
      <Stack>
        <IndexList place={place} />
        {mayChange && <NewIndex place={place} />}
      </Stack>
    </Suspense>
  );
}

function IndexList({ place }: { readonly place: Place }): ReactNode {
  const { data: indexes } = useSuspenseQuery(indexesQuery(place));
  const act = useAct([place.source]);
  function drop(name: string): void {
    act.mutate({
      run: async () => dropIndex(place, name),
      done: `The index ${name} is dropped`,
    });
  }
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={480}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Keys</Table.Th>
              <Table.Th>Options</Table.Th>
              <Table.Th>Used</Table.Th>
              <Table.Th aria-label="Actions" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {indexes.map((index) => (
              <IndexRow key={nameOf(index)} index={index} onDrop={drop} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function nameOf(index: EjsonObject): string {
  return textOf(index.get("name"));
}

function IndexRow({
  index,
  onDrop,
}: {
  readonly index: EjsonObject;
  readonly onDrop: (name: string) => void;
}): ReactNode {
  const name = nameOf(index);
  const accesses = index.get("accesses");
  return (
    <Table.Tr>
      <Table.Td className="mono break">{name}</Table.Td>
      <Table.Td>
        <Keys keys={index.get("key") ?? null} />
      </Table.Td>
      <Table.Td>
        <Options index={index} />
      </Table.Td>
      <Table.Td>
        {accesses instanceof EjsonObject ? (
          <Text size="sm" title={`since ${toShown(accesses.get("since") ?? null)?.text ?? ""}`}>
            {countOf(accesses.get("ops")).toLocaleString()}×
          </Text>
        ) : (
          <Text size="sm" c="dimmed">
            –
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {name !== "_id_" && (
          <DeleteButton
            verb="Drop"
            title={`Drop the index ${name}?`}
            text="Queries that it serves read the whole collection from then on."
            onConfirm={() => {
              onDrop(name);
            }}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

const directions: ReadonlyMap<string, string> = new Map([
  ["1", "↑"],
  ["-1", "↓"],
]);

/** `customer ↑ createdAt ↓`; other kinds by their names. */
function Keys({ keys }: { readonly keys: Ejson }): ReactNode {
  if (!(keys instanceof EjsonObject)) return null;
  return (
    <Group gap={6}>
      {keys.names.map((name, at) => {
        const kind = toShown(keys.values[at] ?? null)?.text ?? "";
        return (
          <Code key={name} className="break">
            <bdi>{name}</bdi> {directions.get(kind) ?? kind}
          </Code>
        );
      })}
    </Group>
  );
}

const ownColumns: ReadonlySet<string> = new Set(["v", "key", "name", "accesses", "ns"]);

function Options({ index }: { readonly index: EjsonObject }): ReactNode {
  return (
    <Group gap={4}>
      {index.names.map((name, at) => {
        if (ownColumns.has(name)) return null;
        const value = index.values[at] ?? null;
        return (
          <Badge key={name} variant="light" tt="none" h="auto" className="break">
            {value === true ? name : `${name}: ${plainText(value)}`}
          </Badge>
        );
      })}
    </Group>
  );
}

/** Numbers without their wrappers: what they count is plain here. */
function plainText(value: Ejson): string {
  return printEjson(value).replaceAll(/\{"\$number\w+":"([^"]*)"\}/g, "$1");
}
