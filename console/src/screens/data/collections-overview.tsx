/** What a data source holds: each database's collections, with how many documents they have and how big they are. */
import { Anchor, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { collectionsQuery, databasesQuery, statsQuery } from "../../api/data.ts";
import { countOf } from "../../ejson/value.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { Section } from "../../parts/section.tsx";
import { Empty, Failed, Waiting } from "../../parts/states.tsx";
import { sizeText } from "./value-view.tsx";

/** Each collection is a call: the rest is in the list at the left. */
const databasesMax = 4;
const collectionsMax = 50;

interface Choosing {
  readonly source: string;
  readonly onChoice: (database: string, collection: string) => void;
}

export function CollectionsOverview({
  database,
  onNew,
  ...choosing
}: Choosing & {
  /** Only this one's. */
  readonly database: string | undefined;
  readonly onNew: () => void;
}): ReactNode {
  const databases = useQuery(databasesQuery(choosing.source));
  if (databases.isPending) return <Waiting />;
  if (databases.isError) return <Failed cause={databases.error} />;
  const chosen = databases.data.filter((each) => each === database);
  const shown = chosen.length > 0 ? chosen : databases.data.slice(0, databasesMax);
  if (shown.length === 0)
    return (
      <Empty
        title="Nothing is stored yet"
        action={
          <ChangeButton variant="light" onClick={onNew}>
            Make a collection
          </ChangeButton>
        }
      >
        A request that inserts makes its database and collection by itself; or make one here and
        import a file.
      </Empty>
    );
  return (
    <Stack>
      {shown.map((each) => (
        <DatabaseSection key={each} database={each} {...choosing} />
      ))}
      {chosen.length === 0 && databases.data.length > shown.length && (
        <Text size="sm" c="dimmed">
          {databases.data.length - shown.length} more databases are in the list.
        </Text>
      )}
    </Stack>
  );
}

function DatabaseSection({
  database,
  source,
  onChoice,
}: Choosing & { readonly database: string }): ReactNode {
  const collections = useQuery(collectionsQuery(source, database));
  const names = (collections.data ?? []).map(({ name }) => name);
  return (
    <Section title={database}>
      {collections.isPending && <Waiting />}
      {collections.isError && <Failed cause={collections.error} />}
      <Table aria-label={`Collections of ${database}`} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Collection</Table.Th>
            <Table.Th ta="end">Documents</Table.Th>
            <Table.Th ta="end">Size</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.slice(0, collectionsMax).map((collection) => (
            <CollectionRow
              key={collection}
              place={{ source, database, collection }}
              onChoice={onChoice}
            />
          ))}
        </Table.Tbody>
      </Table>
      {names.length > collectionsMax && (
        <Text size="sm" c="dimmed">
          {names.length - collectionsMax} more collections are in the list.
        </Text>
      )}
    </Section>
  );
}

function CollectionRow({
  place,
  onChoice,
}: {
  readonly place: Parameters<typeof statsQuery>[0];
  readonly onChoice: Choosing["onChoice"];
}): ReactNode {
  const stats = useQuery(statsQuery(place));
  const told = (text: (value: number) => string, name: string): ReactNode =>
    stats.isPending ? (
      <Skeleton h={14} w={48} ml="auto" />
    ) : stats.isError ? (
      "–"
    ) : (
      text(countOf(stats.data.get(name)))
    );
  return (
    <Table.Tr>
      <Table.Td className="break">
        <Anchor
          component="button"
          type="button"
          size="sm"
          ta="start"
          onClick={() => {
            onChoice(place.database, place.collection);
          }}
        >
          <bdi>{place.collection}</bdi>
        </Anchor>
      </Table.Td>
      <Table.Td ta="end">{told((count) => count.toLocaleString(), "count")}</Table.Td>
      <Table.Td ta="end">{told(sizeText, "size")}</Table.Td>
    </Table.Tr>
  );
}
