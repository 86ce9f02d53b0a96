import { Anchor, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { functionsQuery } from "../../api/parts-of-app.ts";
import { type RunsAs, toRunsAs } from "../../api/run-as.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

const meanings: Readonly<Record<RunsAs["runAs"], string>> = {
  system: "runs as the system: requests need no credentials, and no rule holds",
  caller: "runs as its caller: requests need the credentials of a user, or a key",
  user: "runs as one user: requests need no credentials",
  script: "runs as whom its script finds, from the request",
};

/** Who may call an endpoint is a matter of its function. */
export function CredentialsNeeded({ functionName }: { readonly functionName: string }): ReactNode {
  const app = useCurrentApp();
  const { data: functions } = useSuspenseQuery(functionsQuery(app.path));
  const made = functions.find(({ name }) => name === functionName);
  if (made === undefined) return null;
  return (
    <Text size="sm" c="dimmed">
      {functionName} {meanings[toRunsAs(made).runAs]}.{" "}
      <Anchor
        size="sm"
        underline="always"
        renderRoot={(props: object) => (
          <Link
            to={`/apps/${app._id}/functions`}
            search={{ name: functionName, tab: "settings" }}
            {...props}
          />
        )}
      >
        Its settings
      </Anchor>
    </Text>
  );
}
