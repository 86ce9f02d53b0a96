import { Badge, Group, Table } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { accessListQuery } from "../../api/settings.ts";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { TextField } from "../../parts/fields.tsx";
import { Section } from "../../parts/section.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { useMayChange } from "../../shell/may-change.ts";

export function AccessList(): ReactNode {
  const { path } = useCurrentApp();
  const { data: list } = useSuspenseQuery(accessListQuery(path));
  const act = useAct([path, "access-list"]);
  const mayChange = useMayChange();
  const [address, setAddress] = useState("");
  const [comment, setComment] = useState("");
  const base = `${path}/security/access_list`;
  function add(event: FormEvent): void {
    event.preventDefault();
    act.mutate({
      run: async () => call({ method: "POST", path: base, body: { address, comment } }),
      done: `${address} may call the app`,
      after: () => {
        setAddress("");
        setComment("");
      },
    });
  }
  return (
    <Section
      title="IP access list"
      purpose={`From where the app may be called. You come from ${list.current_ip}.`}
    >
      {mayChange && (
        <form onSubmit={add}>
          <Group align="flex-end">
            <TextField
              label="Address or range"
              placeholder="203.0.113.0/24"
              value={address}
              onChange={setAddress}
              required
            />
            <TextField label="Comment" value={comment} onChange={setComment} />
            <ChangeButton type="submit" loading={act.isPending}>
              Add the address
            </ChangeButton>
          </Group>
        </form>
      )}
      <Table.ScrollContainer minWidth={460}>
        <Table>
          <Table.Tbody>
            {list.allowed_ips.map(({ _id: id, address: known, comment: why, includes_current }) => (
              <Table.Tr key={id}>
                <Table.Td className="mono break">{known}</Table.Td>
                <Table.Td className="break">{why}</Table.Td>
                <Table.Td>{includes_current && <Badge variant="light">you</Badge>}</Table.Td>
                <Table.Td ta="right">
                  <DeleteButton
                    verb="Remove"
                    title={`Take ${known} off the list?`}
                    text="The app answers 403 to addresses that no entry names. The console is not part of it."
                    onConfirm={() => {
                      act.mutate({
                        run: async () => call({ method: "DELETE", path: `${base}/${id}` }),
                        done: `${known} is off the list`,
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
  );
}
