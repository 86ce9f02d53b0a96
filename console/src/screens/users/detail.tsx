/** What is known of one user. */
import { Anchor, Drawer, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type AppUser, devicesQuery, nameOf, userQuery } from "../../api/users.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { FactTable } from "../../parts/facts.tsx";
import { Failed, Waiting } from "../../parts/states.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";

export function UserDetail({
  id,
  onClose,
}: {
  /** Undefined: none is looked at. */
  readonly id: string | undefined;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Drawer opened={id !== undefined} onClose={onClose} position="right" size="lg" title="User">
      {id !== undefined && <Found id={id} />}
    </Drawer>
  );
}

function Found({ id }: { readonly id: string }): ReactNode {
  const { path } = useCurrentApp();
  const found = useQuery(userQuery(path, id));
  if (found.isPending) return <Waiting />;
  if (found.isError) return <Failed cause={found.error} again={() => void found.refetch()} />;
  return <Detail user={found.data} />;
}

function Detail({ user }: { readonly user: AppUser }): ReactNode {
  const app = useCurrentApp();
  const { _id: id, identities, data, type, disabled } = user;
  const { data: devices = [] } = useQuery(devicesQuery(app.path, id));
  return (
    <Stack>
      <div>
        <Text fw={600} className="break">
          {nameOf(user)}
        </Text>
        <Group gap={4}>
          <Text size="xs" className="mono">
            {id}
          </Text>
          <CopyButton text={id} label="Copy the id" />
        </Group>
        <Anchor
          size="sm"
          renderRoot={(props: object) => (
            <Link to={`/apps/${app._id}/logs`} search={{ user_id: id }} {...props} />
          )}
        >
          All log entries of the user
        </Anchor>
      </div>
      <FactTable
        title="Account"
        facts={[
          ["type", type],
          ["state", disabled ? "disabled" : "enabled"],
          ["made", momentOf(user.creation_date)],
          ["last login", momentOf(user.last_authentication_date)],
        ]}
      />
      <FactTable
        title="Identities"
        facts={identities.map((each) => [
          each.provider_type,
          { id: each.id, ...(each.provider_data as object | undefined) },
        ])}
      />
      <FactTable title="Data" facts={Object.entries(data)} />
      <FactTable
        title="Devices"
        facts={devices.map((each, at) => [`device ${at + 1}`, each] as const)}
      />
    </Stack>
  );
}

/** @param seconds since 1970 */
function momentOf(seconds: number): string {
  if (seconds === 0) return "never";
  const date = new Date(seconds * 1000);
  return `${date.toLocaleString()} (${date.toISOString()})`;
}
