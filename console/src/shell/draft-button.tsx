/** What waits to be deployed, wherever one is; and that somebody else is at work too. */
import { ActionIcon, Button, Indicator, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconGitPullRequestDraft, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { type Draft, draftDiffQuery, draftsQuery } from "../api/drafts.ts";
import { useCurrentApp } from "./current-app.ts";

export function DraftButton(): ReactNode {
  const app = useCurrentApp();
  const { data: drafts = [] } = useQuery(draftsQuery(app.path));
  const own = drafts.find((each) => each.own && each.revision > 0);
  const others = drafts.filter((each) => !each.own && each.revision > 0);
  useNews(others);
  const names = others.map(({ author }) => author).join(", ");
  return (
    <>
      {others.length > 0 && (
        <Tooltip label={`Being edited by ${names} too`}>
          <ActionIcon
            variant="subtle"
            color="orange"
            size="lg"
            aria-label={`Being edited by ${names} too`}
            renderRoot={(props: object) => (
              <Link to={`/apps/${app._id}/deployments`} search={{ tab: "draft" }} {...props} />
            )}
          >
            <IconUsers size={18} />
          </ActionIcon>
        </Tooltip>
      )}
      {own !== undefined && <Own draft={own} />}
    </>
  );
}

function Own({ draft }: { readonly draft: Draft }): ReactNode {
  const app = useCurrentApp();
  const { data: diff } = useQuery(draftDiffQuery(app.path, draft, undefined));
  const count = diff?.changes.length;
  const toDraft = (props: object): ReactNode => (
    <Link to={`/apps/${app._id}/deployments`} search={{ tab: "draft" }} {...props} />
  );
  const label = labelOf(count);
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        visibleFrom="sm"
        renderRoot={toDraft}
        leftSection={<IconGitPullRequestDraft size={16} />}
      >
        {label}
      </Button>
      <Indicator label={count ?? "…"} size={16} offset={6} hiddenFrom="sm">
        <ActionIcon variant="light" size="lg" aria-label={label} renderRoot={toDraft}>
          <IconGitPullRequestDraft size={18} />
        </ActionIcon>
      </Indicator>
    </>
  );
}

/** @param count undefined while it is not known */
function labelOf(count: number | undefined): string {
  if (count === undefined) return "Review the draft";
  return count === 1 ? "Review 1 change" : `Review ${count} changes`;
}

const saidKey = "petiole.drafts-said";

/** Says once that somebody has begun to change the app; not again after a reload. */
function useNews(others: readonly Draft[]): void {
  useEffect(() => {
    const said = (sessionStorage.getItem(saidKey) ?? "").split(" ");
    const news = others.filter(({ _id: id }) => !said.includes(id));
    if (news.length === 0) return;
    sessionStorage.setItem(saidKey, others.map(({ _id: id }) => id).join(" "));
    for (const { author } of news)
      notifications.show({
        title: `${author} is changing this app too`,
        message: "What you both change is brought together when it is deployed.",
        color: "orange",
      });
  }, [others]);
}
