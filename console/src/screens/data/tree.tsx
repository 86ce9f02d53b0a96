import { Button, Group, Modal, NavLink, Paper, Stack, Text, TextInput } from "@mantine/core";
import { IconDatabase, IconTable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { collectionsQuery, createCollection, databasesQuery } from "../../api/data.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Failed, Waiting } from "../../parts/states.tsx";
import { useAct } from "../../parts/use-act.ts";

interface Chosen {
  readonly database: string;
  readonly collection: string | undefined;
}

export function Tree({
  source,
  chosen,
  onChoice,
}: {
  readonly source: string;
  readonly chosen: Chosen | undefined;
  readonly onChoice: (database: string, collection?: string) => void;
}): ReactNode {
  const databases = useQuery(databasesQuery(source));
  const [isMaking, setIsMaking] = useState(false);
  return (
    <Paper withBorder p="xs" component="nav" aria-label="Collections">
      <Group justify="space-between" mb="xs">
        <Text size="sm" fw={600}>
          Collections
        </Text>
        <ChangeButton
          size="compact-xs"
          variant="light"
          onClick={() => {
            setIsMaking(true);
          }}
        >
          New
        </ChangeButton>
      </Group>
      {databases.isPending && <Waiting />}
      {databases.isError && <Failed cause={databases.error} />}
      {databases.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing is stored yet. The first insert makes a database and a collection.
        </Text>
      )}
      <Stack gap={0} mah={560} style={{ overflow: "auto" }}>
        {databases.data?.map((database) => (
          <DatabaseBranch
            key={database}
            source={source}
            database={database}
            chosen={chosen}
            startsOpen={databases.data.length === 1 || chosen?.database === database}
            onChoice={onChoice}
          />
        ))}
      </Stack>
      {isMaking && (
        <NewCollection
          source={source}
          database={chosen?.database ?? databases.data?.[0] ?? ""}
          onClose={() => {
            setIsMaking(false);
          }}
          onMade={onChoice}
        />
      )}
    </Paper>
  );
}

function DatabaseBranch({
  source,
  database,
  chosen,
  startsOpen,
  onChoice,
}: {
  readonly source: string;
  readonly database: string;
  readonly chosen: Chosen | undefined;
  readonly startsOpen: boolean;
  readonly onChoice: (database: string, collection?: string) => void;
}): ReactNode {
  const [isOpen, setIsOpen] = useState(startsOpen);
  const collections = useQuery({ ...collectionsQuery(source, database), enabled: isOpen });
  return (
    <NavLink
      component="button"
      type="button"
      label={database}
      leftSection={<IconDatabase size={16} stroke={1.6} />}
      opened={isOpen}
      onChange={setIsOpen}
      childrenOffset={16}
    >
      {collections.isError && <Failed cause={collections.error} />}
      {(collections.data ?? []).map(({ name }) => {
        const isChosen = chosen?.database === database && chosen.collection === name;
        return (
          <NavLink
            key={name}
            component="button"
            type="button"
            label={name}
            leftSection={<IconTable size={14} stroke={1.6} />}
            active={isChosen}
            aria-current={isChosen}
            onClick={() => {
              onChoice(database, name);
            }}
          />
        );
      })}
    </NavLink>
  );
}

function NewCollection({
  source,
  database: first,
  onClose,
  onMade,
}: {
  readonly source: string;
  readonly database: string;
  readonly onClose: () => void;
  readonly onMade: (database: string, collection: string) => void;
}): ReactNode {
  const act = useAct([source]);
  const [database, setDatabase] = useState(first);
  const [name, setName] = useState("");
  function submit(event: FormEvent): void {
    event.preventDefault();
    act.mutate({
      run: async () => createCollection(source, database, name),
      done: `${database}.${name} is there`,
      after: () => {
        onClose();
        onMade(database, name);
      },
    });
  }
  return (
    <Modal opened onClose={onClose} title="New collection">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Database"
            value={database}
            onChange={(event) => {
              setDatabase(event.currentTarget.value);
            }}
            required
          />
          <TextInput
            label="Collection"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
            required
            data-autofocus
          />
          <Button type="submit" loading={act.isPending}>
            Create
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
