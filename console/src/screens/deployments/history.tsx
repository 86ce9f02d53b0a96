import { Badge, Button, Group, Paper, Table, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { type Deployment, deploymentsQuery } from "../../api/drafts.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { confirm } from "../../parts/confirm.tsx";
import { DownloadButton } from "../../parts/download-button.tsx";
import { Empty } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function History({
  onCompare,
}: {
  readonly onCompare: (id: string, against: string | undefined) => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: deployments } = useSuspenseQuery(deploymentsQuery(path));
  if (deployments.length === 0)
    return (
      <Empty title="Nothing was deployed yet">
        Save a function here, or push an app directory: <code>petiole push APP_DIR</code>.
      </Empty>
    );
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={760}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>By</Table.Th>
              <Table.Th ta="right">Files</Table.Th>
              <Table.Th>
                <Text span size="xs" c="dimmed">
                  Actions
                </Text>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {deployments.map((each) => (
              <DeploymentRow
                key={each._id}
                made={each}
                onCompare={() => {
                  onCompare(each._id, undefined);
                }}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function DeploymentRow({
  made,
  onCompare,
}: {
  readonly made: Deployment;
  readonly onCompare: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const act = useAct([path]);
  const { _id: id, created_at: at, message, author, live, files_count: count } = made;
  function rollBack(): void {
    confirm({
      title: "Make this deployment live again?",
      text: `Functions, endpoints, rules and settings become those of ${new Date(at).toLocaleString()} (${at}). Users, secrets and data stay. The present deployment stays in the list.`,
      verb: "Make it live",
      onConfirm: () => {
        act.mutate({
          run: async () => call({ method: "POST", path: `${path}/deployments/${id}/redeploy` }),
          done: "The older deployment is live",
        });
      },
    });
  }
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        <Time iso={at} />
      </Table.Td>
      <Table.Td className="break">
        {message || "–"} {live && <Badge>live</Badge>}
      </Table.Td>
      <Table.Td className="break">{author || "–"}</Table.Td>
      <Table.Td ta="right">{count}</Table.Td>
      <Table.Td>
        <Group gap={0} wrap="nowrap" justify="flex-end">
          <Button size="compact-sm" variant="subtle" onClick={onCompare}>
            What changed
          </Button>
          <DownloadButton
            path={`${path}/deployments/${id}/zip`}
            name={`deployment-${id}.zip`}
            label="Download as zip"
          />
          {!live && (
            <ChangeButton size="compact-sm" variant="subtle" onClick={rollBack}>
              Make live …
            </ChangeButton>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
