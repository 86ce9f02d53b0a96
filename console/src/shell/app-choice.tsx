/** The way in: to the app where there is one, to a choice where there are several. */
import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { appsQuery } from "../api/server.ts";
import { Empty, Failed, Waiting } from "../parts/states.tsx";
import { NewApp } from "./new-app.tsx";

export function AppChoice(): ReactNode {
  const apps = useQuery(appsQuery);
  const { all: isChoice = false } = useSearch({ strict: false }) as {
    /** To choose, or make another, also where there is only one. */
    readonly all?: boolean;
  };
  if (apps.isPending) return <Waiting />;
  if (apps.isError)
    return (
      <Stack p="lg">
        <Failed cause={apps.error} again={() => void apps.refetch()} />
      </Stack>
    );
  const [first, ...others] = apps.data;
  if (first === undefined)
    return (
      <Empty title="No app yet" action={<NewApp />}>
        Make one here, with <code>petiole apps create NAME</code>, or of an app directory with{" "}
        <code>petiole push DIRECTORY</code>.
      </Empty>
    );
  if (others.length === 0 && !isChoice) return <Navigate to={`/apps/${first._id}/start`} replace />;
  return (
    <Stack p="lg" maw={720} mx="auto" component="main">
      <Group justify="space-between">
        <Title order={1} size="h2">
          Apps
        </Title>
        <NewApp />
      </Group>
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
              renderRoot={(props: object) => <Link to={`/apps/${app._id}/start`} {...props} />}
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
