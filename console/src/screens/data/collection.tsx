import { Badge, Group, Stack, Tabs, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { dropCollection, type Place, statsQuery } from "../../api/data.ts";
import { countOf } from "../../ejson/value.ts";
import { DeleteButton } from "../../parts/change-button.tsx";
import { useAct } from "../../parts/use-act.ts";
import { Aggregation } from "./aggregation.tsx";
import { Documents } from "./documents.tsx";
import { Indexes } from "./indexes.tsx";
import { SchemaAnalysis } from "./schema.tsx";
import { Transfer } from "./transfer.tsx";
import { sizeText } from "./value-view.tsx";

export function CollectionView({ place }: { readonly place: Place }): ReactNode {
  const search = useSearch({ strict: false }) as { readonly tab?: string };
  const navigate = useNavigate();
  const stats = useQuery(statsQuery(place));
  const act = useAct([place.source]);
  const { database, collection } = place;
  const count = countOf(stats.data?.get("count"));
  function drop(): void {
    act.mutate({
      run: async () => dropCollection(place),
      done: `${database}.${collection} is dropped`,
      after: () => void navigate({ to: ".", search: { db: database } }),
    });
  }
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Title order={2} size="h4" className="break">
          <bdi>
            {database}.{collection}
          </bdi>
        </Title>
        {stats.isSuccess && (
          <>
            <Badge variant="light" tt="none">
              {count === 1 ? "1 document" : `${count.toLocaleString()} documents`}
            </Badge>
            <Badge variant="light" color="gray" tt="none">
              {sizeText(countOf(stats.data.get("size")))}
            </Badge>
          </>
        )}
        <DeleteButton
          ml="auto"
          verb="Drop"
          title={`Drop ${database}.${collection}?`}
          text={`Its ${count.toLocaleString()} documents and its indexes are gone then. This can not be undone.`}
          onConfirm={drop}
        />
      </Group>
      <Tabs
        value={search.tab ?? "documents"}
        onChange={(tab) =>
          void navigate({
            to: ".",
            search: (former: object) => ({ ...former, tab: tab ?? undefined }),
          })
        }
        keepMounted={false}
      >
        <Tabs.List mb="sm">
          <Tabs.Tab value="documents">Documents</Tabs.Tab>
          <Tabs.Tab value="aggregation">Aggregation</Tabs.Tab>
          <Tabs.Tab value="analysis">Analysis</Tabs.Tab>
          <Tabs.Tab value="indexes">Indexes</Tabs.Tab>
          <Tabs.Tab value="transfer">Import & export</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="documents">
          <Documents place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="aggregation">
          <Aggregation place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="analysis">
          <SchemaAnalysis place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="indexes">
          <Indexes place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="transfer">
          <Transfer place={place} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
