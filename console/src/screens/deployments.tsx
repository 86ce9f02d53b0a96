/** What waits, what was deployed and by whom, and the way back. */
import { Badge, Tabs } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { draftsQuery } from "../api/drafts.ts";
import { ScreenFrame } from "../parts/screen.tsx";
import { Waiting } from "../parts/states.tsx";
import { useCurrentApp } from "../shell/current-app.ts";
import { Comparison } from "./deployments/comparison.tsx";
import { DirectoryNotice } from "./deployments/directory-notice.tsx";
import { DraftReview } from "./deployments/draft-review.tsx";
import { History } from "./deployments/history.tsx";

export interface DeploymentsSearch {
  readonly tab?: string;
  /** A deployment, and what it is compared with: the one before it where absent. */
  readonly id?: string;
  readonly against?: string;
}

export function Screen(): ReactNode {
  const { path } = useCurrentApp();
  const { data: drafts } = useSuspenseQuery(draftsQuery(path));
  const { tab = "history", id, against } = useSearch({ strict: false }) as DeploymentsSearch;
  const navigate = useNavigate();
  const go = (search: DeploymentsSearch): void => {
    void navigate({ to: ".", search });
  };
  return (
    <ScreenFrame
      title="Deployments"
      purpose="A deployment replaces functions, endpoints, rules and settings in one step; requests in flight finish on the one before."
    >
      <DirectoryNotice />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => {
          go({ tab: next ?? "history" });
        }}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="history">History</Tabs.Tab>
          <Tabs.Tab
            value="draft"
            rightSection={
              drafts.some(({ revision }) => revision > 0) ? (
                <Badge size="xs" circle aria-label="Something waits">
                  •
                </Badge>
              ) : undefined
            }
          >
            Draft
          </Tabs.Tab>
        </Tabs.List>
        <Suspense fallback={<Waiting />}>
          <Tabs.Panel value="history">
            {id === undefined ? (
              <History
                onCompare={(wanted, other) => {
                  go({ id: wanted, ...(other !== undefined && { against: other }) });
                }}
              />
            ) : (
              <Comparison
                id={id}
                against={against}
                onChange={(other) => {
                  go({ id, against: other });
                }}
                onClose={() => {
                  go({});
                }}
              />
            )}
          </Tabs.Panel>
          <Tabs.Panel value="draft">
            <DraftReview />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </ScreenFrame>
  );
}
