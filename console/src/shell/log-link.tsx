/** The link in an error's body names an entry of the log, and no app: it is looked for in all of them. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { logEntryQuery } from "../api/logs.ts";
import { appsQuery, groupQuery } from "../api/server.ts";
import { Empty, Failed, Waiting } from "../parts/states.tsx";

/** The `_id` of the app whose log has the entry; null where none has. */
function placeQuery(coId: string) {
  return queryOptions({
    queryKey: ["log-link", coId],
    queryFn: async ({ client }) => {
      const groupId = await client.ensureQueryData(groupQuery);
      const apps = await client.ensureQueryData(appsQuery);
      const [only] = apps;
      if (apps.length === 1 && only !== undefined) return only._id;
      for (const { _id: id } of apps) {
        // One after another: the first has it, most of the time.
        // oxlint-disable-next-line no-await-in-loop
        const entry = await client.fetchQuery(logEntryQuery(`/groups/${groupId}/apps/${id}`, coId));
        if (entry !== null) return id;
      }
      return null;
    },
  });
}

export function LogLink(): ReactNode {
  const { co_id: coId = "" } = useSearch({ strict: false }) as { readonly co_id?: string };
  const place = useQuery(placeQuery(coId));
  if (place.isPending) return <Waiting />;
  if (place.isError)
    return (
      <Stack p="lg">
        <Failed cause={place.error} again={() => void place.refetch()} />
      </Stack>
    );
  if (place.data === null)
    return (
      <Empty title="No such entry">
        No app of this server has an entry {coId} in its log. Entries go when they are older than
        the log is kept.
      </Empty>
    );
  return <Navigate to={`/apps/${place.data}/logs`} search={{ entry: coId }} replace />;
}
