/** The app's users, and how they log in. */
import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { ScreenFrame } from "../parts/screen.tsx";
import { Waiting } from "../parts/states.tsx";
import { CustomData } from "./users/custom-data.tsx";
import { UserList } from "./users/list.tsx";
import { PendingUsers } from "./users/pending.tsx";
import { Providers } from "./users/providers.tsx";
import { Sessions } from "./users/sessions.tsx";

export function Screen(): ReactNode {
  const { tab = "users" } = useSearch({ strict: false }) as { readonly tab?: string };
  const navigate = useNavigate();
  return (
    <ScreenFrame
      title="Users"
      purpose="Who may log in and how. Rules decide what each of them sees."
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => void navigate({ to: ".", search: { tab: value ?? "users" } })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="users">Users</Tabs.Tab>
          <Tabs.Tab value="pending">To be confirmed</Tabs.Tab>
          <Tabs.Tab value="providers">Providers</Tabs.Tab>
          <Tabs.Tab value="data">Custom data</Tabs.Tab>
          <Tabs.Tab value="sessions">Sessions</Tabs.Tab>
        </Tabs.List>
        <Suspense fallback={<Waiting />}>
          <Tabs.Panel value="users">
            <UserList />
          </Tabs.Panel>
          <Tabs.Panel value="pending">
            <PendingUsers />
          </Tabs.Panel>
          <Tabs.Panel value="providers">
            <Providers />
          </Tabs.Panel>
          <Tabs.Panel value="data">
            <CustomData />
          </Tabs.Panel>
          <Tabs.Panel value="sessions">
            <Sessions />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </ScreenFrame>
  );
}
