/** The way in: to the app where there is one, to a choice where there are several. */
import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { appsQuery } from "../api/server.ts";
import { Empty, Failed, Waiting } from "../parts/states.tsx";

export function AppChoice(): ReactNode {
  const apps = useQuery(appsQuery);
  const { co_id: coId } = useSearch({ strict: false }) as { readonly co_id?: string };
  if (apps.isPending) return <Waiting />;
  if (apps.isError)
    return (
      <Stack p="lg">
        <Failed cause={apps.error} again={() => void apps.refetch()} />
      </Stack>
    );
  const screen = coId === undefined ? "start" : "logs";
  const search = coId === undefined ? {} : { co_id: coId };
  const [first, ...others] = apps.data;
  if (first === undefined)
    return (
      <Empty title="No app yet">
        Make one with <code>petiole apps create NAME</code>.
      </Empty>
    );
  if (others.length === 0)
    return <Navigate to={`/apps/${first._id}/${screen}`} search={search} replace />;
  return (
    <Stack p="lg" maw={720} mx="auto" component="main">
      <Title order={1} size="h2">
        Apps
      </Title>
      {apps.data.map((app) => (
        <Card withBorder key={app._id}>
          <Group justify="space-between">
            <div>
              <Text fw={600}>{app.name}</Text>
              <Text size="sm" c="dimmed" className="mono break">
                {app.client_app_id}
              </Text>
            </div>
            <Button
              renderRoot={(props: object) => (
                <Link to={`/apps/${app._id}/${screen}`} search={search} {...props} />
              )}
              variant="light"
            >
              Open
            </Button>
          </Group>
        </Card>
      ))}
    </Stack>
  );
}
