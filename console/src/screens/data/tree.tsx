import { Group, NavLink, Paper, Stack, Text } from "@mantine/core";
import { IconDatabase, IconTable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { collectionsQuery, databasesQuery } from "../../api/data.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Failed, Waiting } from "../../parts/states.tsx";

interface Chosen {
  readonly database: string;
  readonly collection: string | undefined;
}

export function Tree({
  source,
  chosen,
  onChoice,
  onNew,
}: {
  readonly source: string;
  readonly chosen: Chosen | undefined;
  readonly onChoice: (database: string, collection: string) => void;
  readonly onNew: () => void;
}): ReactNode {
  const databases = useQuery(databasesQuery(source));
  return (
    <Paper withBorder p="xs" component="nav" aria-label="Collections">
      <Group justify="space-between" mb="xs">
        <Text size="sm" fw={600}>
          Collections
        </Text>
        <ChangeButton size="compact-xs" variant="light" onClick={onNew}>
          New
        </ChangeButton>
      </Group>
      {databases.isPending && <Waiting />}
      {databases.isError && <Failed cause={databases.error} />}
      {databases.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet.
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
  readonly onChoice: (database: string, collection: string) => void;
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
