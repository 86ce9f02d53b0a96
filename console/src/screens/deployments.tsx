/** What was deployed, by whom, and the way back. */
import { Badge, Button, Group, Paper, Table, Text } from "@mantine/core";
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../api/client.ts";
import { confirm } from "../parts/confirm.tsx";
import { ScreenFrame } from "../parts/screen.tsx";
import { Empty } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { useAct } from "../parts/use-act.ts";
import { useCurrentApp } from "../shell/current-app.ts";

interface Deployment {
  readonly _id: string;
  readonly author: string;
  readonly message: string;
  readonly created_at: string;
  readonly files_count: number;
  readonly live: boolean;
}

function deploymentsQuery(path: string) {
  return queryOptions({
    queryKey: [path, "deployments"],
    queryFn: async () => call<readonly Deployment[]>({ path: `${path}/deployments` }),
  });
}

export function Screen(): ReactNode {
  const { path } = useCurrentApp();
  const { data: deployments } = useSuspenseQuery(deploymentsQuery(path));
  const act = useAct([path]);
  function rollBack({ _id: id, created_at: at }: Deployment): void {
    confirm({
      title: "Make this deployment live again?",
      text: `Functions, endpoints, rules and settings become those of ${at}. Users, secrets and data stay. The present deployment stays in the list.`,
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
    <ScreenFrame
      title="Deployments"
      purpose="Each change of functions, endpoints, rules or settings is one; requests in flight finish on the one before."
    >
      {deployments.length === 0 ? (
        <Empty title="Nothing was deployed yet">
          Save a function here, or push an app directory: <code>petiole push APP_DIR</code>.
        </Empty>
      ) : (
        <Paper withBorder>
          <Table.ScrollContainer minWidth={560}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>When</Table.Th>
                  <Table.Th>What</Table.Th>
                  <Table.Th>By</Table.Th>
                  <Table.Th ta="right">Files</Table.Th>
                  <Table.Th>
                    <Text span size="xs" c="dimmed">
                      State
                    </Text>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {deployments.map((each) => (
                  <Table.Tr key={each._id}>
                    <Table.Td style={{ whiteSpace: "nowrap" }}>
                      <Time iso={each.created_at} />
                    </Table.Td>
                    <Table.Td className="break">{each.message || "–"}</Table.Td>
                    <Table.Td className="break">{each.author}</Table.Td>
                    <Table.Td ta="right">{each.files_count}</Table.Td>
                    <Table.Td>
                      {each.live ? (
                        <Badge>live</Badge>
                      ) : (
                        <Group gap={0}>
                          <Button
                            size="compact-sm"
                            variant="subtle"
                            onClick={() => {
                              rollBack(each);
                            }}
                          >
                            Make live …
                          </Button>
                        </Group>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
    </ScreenFrame>
  );
}
