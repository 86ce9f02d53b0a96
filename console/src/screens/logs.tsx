/** What was asked of the app and what came of it; as it comes, where one wants to watch. */
import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { ScreenFrame } from "../parts/screen.tsx";
import { Waiting } from "../parts/states.tsx";
import { Entries } from "./logs/entries.tsx";
import { Forwarders } from "./logs/forwarders.tsx";

export function Screen(): ReactNode {
  const { tab = "entries" } = useSearch({ strict: false }) as { readonly tab?: string };
  const navigate = useNavigate();
  return (
    <ScreenFrame
      title="Logs"
      purpose="Every request with what came of it. An error's link leads to its entry."
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => {
          void navigate({ to: ".", search: next === "forwarders" ? { tab: next } : {} });
        }}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="entries">Entries</Tabs.Tab>
          <Tabs.Tab value="forwarders">Forwarders</Tabs.Tab>
        </Tabs.List>
        <Suspense fallback={<Waiting />}>
          <Tabs.Panel value="entries">
            <Entries />
          </Tabs.Panel>
          <Tabs.Panel value="forwarders">
            <Forwarders />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </ScreenFrame>
  );
}
