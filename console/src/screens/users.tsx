/** The app's users, and how they log in. */
import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ScreenFrame } from "../parts/screen.tsx";
import { UserList } from "./users/list.tsx";
import { Providers } from "./users/providers.tsx";

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
        onChange={(value) => void navigate({ to: ".", search: { tab: value ?? "users" } })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="users">Users</Tabs.Tab>
          <Tabs.Tab value="providers">Providers</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="users">
          <UserList />
        </Tabs.Panel>
        <Tabs.Panel value="providers">
          <Providers />
        </Tabs.Panel>
      </Tabs>
    </ScreenFrame>
  );
}
