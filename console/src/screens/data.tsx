/** What lies in the data sources: collections, documents, indexes. */
import { Box, Button, Grid, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { sourcePath } from "../api/data.ts";
import { dataSourcesQuery } from "../api/data-api.ts";
import { ScreenFrame } from "../parts/screen.tsx";
import { useCurrentApp } from "../shell/current-app.ts";
import { CollectionView } from "./data/collection.tsx";
import { Tree } from "./data/tree.tsx";

export interface DataSearch {
  readonly source?: string;
  readonly db?: string;
  readonly coll?: string;
  readonly tab?: string;
}

export function Screen(): ReactNode {
  const { path } = useCurrentApp();
  const { data: sources } = useSuspenseQuery(dataSourcesQuery(path));
  const search = useSearch({ strict: false }) as DataSearch;
  const navigate = useNavigate();
  const sourceName = search.source ?? sources[0]?.name ?? "";
  const source = sourcePath(path, sourceName);
  const { db: database, coll: collection } = search;
  const [showsTree, { toggle, close }] = useDisclosure(collection === undefined);
  return (
    <ScreenFrame
      title="Data"
      purpose="Documents as they are stored, with their types. You work here as the system: rules are for clients."
    >
      <Grid>
        <Grid.Col span={{ base: 12, md: 3 }}>
          <Stack gap="xs">
            {sources.length > 1 && (
              <Select
                aria-label="Data source"
                data={sources.map(({ name }) => name)}
                value={sourceName}
                allowDeselect={false}
                onChange={(value) => {
                  if (value !== null) void navigate({ to: ".", search: { source: value } });
                }}
              />
            )}
            {/* A narrow window shows the collection first: the others are a touch away. */}
            <Button hiddenFrom="md" variant="default" aria-expanded={showsTree} onClick={toggle}>
              {showsTree ? "Hide the collections" : "Choose another collection"}
            </Button>
            <Box {...(!showsTree && { visibleFrom: "md" })}>
              <Tree
                source={source}
                chosen={database === undefined ? undefined : { database, collection }}
                onChoice={(db, coll) => {
                  close();
                  void navigate({
                    to: ".",
                    search: { source: sourceName, db, ...(coll !== undefined && { coll }) },
                  });
                }}
              />
            </Box>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 9 }}>
          {database !== undefined && collection !== undefined ? (
            <CollectionView
              key={`${sourceName} ${database} ${collection}`}
              place={{ source, database, collection }}
            />
          ) : (
            <Text c="dimmed">Choose a collection.</Text>
          )}
        </Grid.Col>
      </Grid>
    </ScreenFrame>
  );
}
