/** What lies in the data sources: collections, documents, indexes. */
import { Box, Button, Grid, Select, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { keyOf, sourcePath } from "../api/data.ts";
import { dataSourcesQuery } from "../api/data-api.ts";
import { ChangeButton } from "../parts/change-button.tsx";
import { ScreenFrame } from "../parts/screen.tsx";
import { useCurrentApp } from "../shell/current-app.ts";
import { CollectionView } from "./data/collection.tsx";
import { CollectionsOverview } from "./data/collections-overview.tsx";
import { NewCollection } from "./data/new-collection.tsx";
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
  const place = useMemo(
    () =>
      database === undefined || collection === undefined
        ? undefined
        : { source, database, collection },
    [source, database, collection],
  );
  const [showsTree, { toggle, close }] = useDisclosure();
  const [isMaking, { open: startNew, close: endNew }] = useDisclosure();
  const choose = (db: string, coll: string): void => {
    close();
    void navigate({ to: ".", search: { source: sourceName, db, coll } });
  };
  return (
    <ScreenFrame
      title="Data"
      purpose={
        place === undefined &&
        "Documents as they are stored, with their types. You work here as the system: rules are for clients."
      }
      actions={
        place === undefined && <ChangeButton onClick={startNew}>New collection</ChangeButton>
      }
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
              {showsTree ? "Hide the collections" : "Collections"}
            </Button>
            <Box {...(!showsTree && { visibleFrom: "md" })}>
              <Tree
                source={source}
                chosen={database === undefined ? undefined : { database, collection }}
                onChoice={choose}
                onNew={startNew}
              />
            </Box>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 9 }}>
          {place !== undefined ? (
            <CollectionView key={keyOf(place).join(" ")} place={place} />
          ) : (
            <CollectionsOverview
              source={source}
              database={database}
              onChoice={choose}
              onNew={startNew}
            />
          )}
        </Grid.Col>
      </Grid>
      {isMaking && (
        <NewCollection source={source} database={database} onClose={endNew} onMade={choose} />
      )}
    </ScreenFrame>
  );
}
