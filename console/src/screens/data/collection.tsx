import { Badge, Button, Group, Stack, Tabs, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { dropCollection, numberOf, type Place, statsQuery } from "../../api/data.ts";
import { confirm } from "../../parts/confirm.tsx";
import { useAct } from "../../parts/use-act.ts";
import { Aggregation } from "./aggregation.tsx";
import { Documents } from "./documents.tsx";
import { Indexes } from "./indexes.tsx";

export function CollectionView({ place }: { readonly place: Place }): ReactNode {
  const search = useSearch({ strict: false }) as { readonly tab?: string };
  const navigate = useNavigate();
  const stats = useQuery(statsQuery(place));
  const act = useAct([place.source]);
  const { database, collection } = place;
  const count = numberOf(stats.data?.["count"]);
  function drop(): void {
    confirm({
      title: `Drop ${database}.${collection}?`,
      text: `Its ${count.toLocaleString()} documents and its indexes are gone then. This can not be undone.`,
      verb: "Drop the collection",
      onConfirm: () => {
        act.mutate({
          run: async () => dropCollection(place),
          done: `${database}.${collection} is dropped`,
          after: () => void navigate({ to: ".", search: { db: database } }),
        });
      },
    });
  }
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={2} size="h4" className="break">
            {database}.{collection}
          </Title>
          {stats.isSuccess && (
            <>
              <Badge variant="light" tt="none">
                {count.toLocaleString()} documents
              </Badge>
              <Badge variant="light" color="gray" tt="none">
                {sizeText(numberOf(stats.data["size"]))}
              </Badge>
            </>
          )}
        </Group>
        <Button size="compact-sm" variant="subtle" color="red" onClick={drop}>
          Drop …
        </Button>
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
          <Tabs.Tab value="indexes">Indexes</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="documents">
          <Documents place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="aggregation">
          <Aggregation place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="indexes">
          <Indexes place={place} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let size = bytes / 1024;
  let at = 0;
  while (size >= 1024 && at < units.length - 1) {
    size /= 1024;
    at += 1;
  }
  return `${size.toFixed(1)} ${units[at] ?? ""}`;
}
