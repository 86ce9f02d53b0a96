/** Who administers the server: persons and key pairs, each an owner or one who may only look. */
import { Badge, Box, Group, Table } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { type Administrator, administratorsQuery, profileQuery } from "../../api/settings.ts";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { KeyShownOnce } from "../../parts/key-shown-once.tsx";
import { Section } from "../../parts/section.tsx";
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
  return (
    <Box maw={980}>
      <Section
        title="Administrators of this server"
        actions={
          <>
            <ChangeButton
              size="xs"
              onClick={() => {
                setIsMaking(true);
              }}
            >
              New administrator
            </ChangeButton>
            <ChangeButton size="xs" variant="light" onClick={makeKeys} loading={act.isPending}>
              New key pair
            </ChangeButton>
          </>
        }
      >
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
                      <ChangeButton
                        size="compact-sm"
                        variant="subtle"
                        onClick={() => {
                          setChanged(each);
                        }}
                      >
                        Set a password …
                      </ChangeButton>
                    )}
                    <DeleteButton
                      title={`Delete ${each.name}?`}
                      text="None of its sessions is good any more, on any node."
                      onConfirm={() => {
                        act.mutate({
                          run: async () =>
                            call({ method: "DELETE", path: `/administrators/${each._id}` }),
                          done: `${each.name} is deleted`,
                        });
                      }}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Section>
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
    </Box>
  );
}
