import { Badge, Button, Group, Paper, Table, Text, TextInput, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { type AccessEntry, accessListQuery } from "../../api/settings.ts";
import { confirm } from "../../parts/confirm.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function AccessList(): ReactNode {
  const { path } = useCurrentApp();
  const { data: list } = useSuspenseQuery(accessListQuery(path));
  const act = useAct([path, "access-list"]);
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
  function remove({ _id: id, address: removed }: AccessEntry): void {
    confirm({
      title: `Take ${removed} off the list?`,
      text: "The app answers 403 to addresses that no entry names. The console is not part of it.",
      verb: "Take it off",
      onConfirm: () => {
        act.mutate({
          run: async () => call({ method: "DELETE", path: `${base}/${id}` }),
          done: `${removed} is off the list`,
        });
      },
    });
  }
  return (
    <Paper withBorder p="lg" component="section" aria-label="IP access list">
      <Title order={2} size="h4">
        IP access list
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        From where the app may be called. You come from {list.current_ip}.
      </Text>
      <form onSubmit={add}>
        <Group align="flex-end" mb="sm">
          <TextInput
            label="Address or range"
            placeholder="203.0.113.0/24"
            value={address}
            onChange={(event) => {
              setAddress(event.currentTarget.value);
            }}
            required
          />
          <TextInput
            label="Comment"
            value={comment}
            onChange={(event) => {
              setComment(event.currentTarget.value);
            }}
          />
          <Button type="submit" loading={act.isPending}>
            Add the address
          </Button>
        </Group>
      </form>
      <Table>
        <Table.Tbody>
          {list.allowed_ips.map((each) => (
            <Table.Tr key={each._id}>
              <Table.Td className="mono break">{each.address}</Table.Td>
              <Table.Td className="break">{each.comment}</Table.Td>
              <Table.Td>{each.includes_current && <Badge variant="light">you</Badge>}</Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  onClick={() => {
                    remove(each);
                  }}
                >
                  Remove …
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
