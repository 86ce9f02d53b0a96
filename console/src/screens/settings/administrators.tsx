/** Who administers the server: persons and key pairs, each an owner or one who may only look. */
import { Badge, Button, Group, Paper, Stack, Table, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { type Administrator, administratorsQuery, profileQuery } from "../../api/settings.ts";
import { confirm } from "../../parts/confirm.tsx";
import { KeyShownOnce } from "../../parts/key-shown-once.tsx";
import { useAct } from "../../parts/use-act.ts";
import { NewAdministrator, NewPassword } from "./administrator-forms.tsx";

export function Administrators(): ReactNode {
  const { data: administrators } = useSuspenseQuery(administratorsQuery);
  const { data: profile } = useSuspenseQuery(profileQuery);
  const act = useAct(["administrators"]);
  const [isMaking, setIsMaking] = useState(false);
  const [changed, setChanged] = useState<Administrator>();
  const [pair, setPair] = useState("");
  function makeKeys(): void {
    act.mutate({
      run: async () => {
        const made = await call<{ readonly public_key: string; readonly private_key: string }>({
          method: "POST",
          path: "/administrators/keys",
        });
        setPair(`${made.public_key}\n${made.private_key}`);
      },
    });
  }
  function remove({ _id: id, name }: Administrator): void {
    confirm({
      title: `Delete ${name}?`,
      text: "None of its sessions is good any more, on any node.",
      verb: "Delete",
      onConfirm: () => {
        act.mutate({
          run: async () => call({ method: "DELETE", path: `/administrators/${id}` }),
          done: `${name} is deleted`,
        });
      },
    });
  }
  return (
    <Paper withBorder p="lg" component="section" aria-label="Administrators" maw={980}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            Administrators of this server
          </Title>
          <Group gap="xs">
            <Button
              size="xs"
              onClick={() => {
                setIsMaking(true);
              }}
            >
              New administrator
            </Button>
            <Button size="xs" variant="light" onClick={makeKeys} loading={act.isPending}>
              New key pair
            </Button>
          </Group>
        </Group>
        {pair !== "" && <KeyShownOnce text={pair} />}
        <Table.ScrollContainer minWidth={520}>
          <Table>
            <Table.Tbody>
              {administrators.map((each) => (
                <Table.Tr key={each._id}>
                  <Table.Td className="break">{each.name}</Table.Td>
                  <Table.Td>{each.kind === "key" ? "key pair" : "person"}</Table.Td>
                  <Table.Td>
                    <Group gap={4}>
                      <Badge variant="light" tt="none">
                        {each.role === "owner" ? "owner" : "may only look"}
                      </Badge>
                      {each._id === profile.user_id && <Badge tt="none">you</Badge>}
                    </Group>
                  </Table.Td>
                  <Table.Td ta="right">
                    {each.kind === "person" && (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        onClick={() => {
                          setChanged(each);
                        }}
                      >
                        Set a password …
                      </Button>
                    )}
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="red"
                      onClick={() => {
                        remove(each);
                      }}
                    >
                      Delete …
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Stack>
      {isMaking && (
        <NewAdministrator
          onClose={() => {
            setIsMaking(false);
          }}
        />
      )}
      {changed !== undefined && (
        <NewPassword
          administrator={changed}
          isOwn={changed._id === profile.user_id}
          onClose={() => {
            setChanged(undefined);
          }}
        />
      )}
    </Paper>
  );
}
