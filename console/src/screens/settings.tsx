/** What holds for the app as a whole, who administers the server, and who changed what. */
import { Stack, Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { ScreenFrame } from "../parts/screen.tsx";
import { Waiting } from "../parts/states.tsx";
import { AccessList } from "./settings/access-list.tsx";
import { Administrators } from "./settings/administrators.tsx";
import { Audit } from "./settings/audit.tsx";
import { DataSources } from "./settings/data-sources.tsx";
import { DeleteApp } from "./settings/delete-app.tsx";
import { Limits } from "./settings/limits.tsx";
import { Origins } from "./settings/origins.tsx";
import { RuleSettingsForm } from "./settings/rule-settings.tsx";

export function Screen(): ReactNode {
  const { tab = "app" } = useSearch({ strict: false }) as { readonly tab?: string };
  const navigate = useNavigate();
  return (
    <ScreenFrame
      title="Settings"
      purpose="Limits, from where the app may be called, and by whom it is run."
    >
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ to: ".", search: { tab: value ?? "app" } })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="app">App</Tabs.Tab>
          <Tabs.Tab value="data">Data & rules</Tabs.Tab>
          <Tabs.Tab value="administrators">Administrators</Tabs.Tab>
          <Tabs.Tab value="audit">Audit log</Tabs.Tab>
        </Tabs.List>
        <Suspense fallback={<Waiting />}>
          <Tabs.Panel value="app">
            <Stack maw={980}>
              <Limits />
              <Origins />
              <AccessList />
              <DeleteApp />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="data">
            <Stack maw={980}>
              <DataSources />
              <RuleSettingsForm />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="administrators">
            <Administrators />
          </Tabs.Panel>
          <Tabs.Panel value="audit">
            <Audit />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </ScreenFrame>
  );
}
