import {
  Badge,
  Button,
  Code,
  Group,
  Paper,
  Stack,
  Switch,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, Suspense, useState } from "react";
import {
  createIndex,
  dropIndex,
  type EjsonDocument,
  indexesQuery,
  type Place,
} from "../../api/data.ts";
import { confirm } from "../../parts/confirm.tsx";
import { Waiting } from "../../parts/states.tsx";
import { useAct } from "../../parts/use-act.ts";

export function Indexes({ place }: { readonly place: Place }): ReactNode {
  return (
    <Suspense fallback={<Waiting />}>
      <Stack>
        <IndexList place={place} />
        <NewIndex place={place} />
      </Stack>
    </Suspense>
  );
}

function IndexList({ place }: { readonly place: Place }): ReactNode {
  const { data: indexes } = useSuspenseQuery(indexesQuery(place));
  const act = useAct([place.source]);
  function drop(name: string): void {
    confirm({
      title: `Drop the index ${name}?`,
      text: "Queries that it serves read the whole collection from then on.",
      verb: "Drop",
      onConfirm: () => {
        act.mutate({
          run: async () => dropIndex(place, name),
          done: `The index ${name} is dropped`,
        });
      },
    });
  }
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Keys</Table.Th>
              <Table.Th>Options</Table.Th>
              <Table.Th>
                <Text span size="xs" c="dimmed">
                  Actions
                </Text>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {indexes.map((index) => {
              const name = String(index["name"]);
              return (
                <Table.Tr key={name}>
                  <Table.Td className="mono break">{name}</Table.Td>
                  <Table.Td>
                    <Code className="break">{plainText(index["key"])}</Code>
                  </Table.Td>
                  <Table.Td>
                    <Options index={index} />
                  </Table.Td>
                  <Table.Td>
                    {name !== "_id_" && (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        color="red"
                        onClick={() => {
                          drop(name);
                        }}
                      >
                        Drop …
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function Options({ index }: { readonly index: EjsonDocument }): ReactNode {
  const { v: _v, key: _key, name: _name, ...others } = index;
  return (
    <Group gap={4}>
      {Object.entries(others).map(([name, value]) => (
        <Badge key={name} variant="light" tt="none">
          {value === true ? name : `${name}: ${plainText(value)}`}
        </Badge>
      ))}
    </Group>
  );
}

/** Numbers without their wrappers: what they count is plain here. */
function plainText(value: unknown): string {
  return JSON.stringify(value).replaceAll(/\{"\$number\w+":"([^"]*)"\}/g, "$1");
}

function NewIndex({ place }: { readonly place: Place }): ReactNode {
  const act = useAct([place.source]);
  const [keys, setKeys] = useState('{ "field": 1 }');
  const [isUnique, setIsUnique] = useState(false);
  const [options, setOptions] = useState("{}");
  function submit(event: FormEvent): void {
    event.preventDefault();
    act.mutate({
      run: async () => {
        const given = JSON.parse(options) as object;
        await createIndex(place, JSON.parse(keys), { ...given, ...(isUnique && { unique: true }) });
      },
      done: "The index is made",
    });
  }
  return (
    <Paper withBorder p="md" component="section" aria-label="New index">
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput
            label="Keys"
            description='1, -1, "text", "2dsphere", "hashed"'
            value={keys}
            onChange={(event) => {
              setKeys(event.currentTarget.value);
            }}
            className="mono"
            flex={1}
            miw={200}
          />
          <TextInput
            label="More options"
            description="As createIndex takes them"
            value={options}
            onChange={(event) => {
              setOptions(event.currentTarget.value);
            }}
            flex={1}
            miw={200}
          />
          <Switch
            label="Unique"
            mb={8}
            checked={isUnique}
            onChange={(event) => {
              setIsUnique(event.currentTarget.checked);
            }}
          />
          <Button type="submit" loading={act.isPending}>
            Create
          </Button>
        </Group>
      </form>
    </Paper>
  );
}
