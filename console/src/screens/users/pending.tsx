/** E-mail addresses that were registered and wait to be confirmed. */
import { Button, Menu, Paper, Table } from "@mantine/core";
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { Empty } from "../../parts/states.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { useMayChange } from "../../shell/may-change.ts";

interface PendingUser {
  readonly _id: string;
  readonly login_ids: readonly { readonly id_type: string; readonly id: string }[];
}

function pendingQuery(path: string) {
  return queryOptions({
    queryKey: [path, "users", "pending"],
    queryFn: async () =>
      call<readonly PendingUser[]>({ path: `${path}/user_registrations/pending_users` }),
  });
}

export function PendingUsers(): ReactNode {
  const { path } = useCurrentApp();
  const { data: pending } = useSuspenseQuery(pendingQuery(path));
  if (pending.length === 0)
    return (
      <Empty title="Nobody waits">
        Who registers with an e-mail address, where local-userpass asks for a confirmation, is
        listed here until it came.
      </Empty>
    );
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>E-mail</Table.Th>
              <Table.Th ta="right">Actions</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {pending.map((each) => (
              <PendingRow key={each._id} email={each.login_ids[0]?.id ?? each._id} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function PendingRow({ email }: { readonly email: string }): ReactNode {
  const { path } = useCurrentApp();
  const act = useAct([path, "users"]);
  const mayChange = useMayChange();
  const one = `${path}/user_registrations/by_email/${encodeURIComponent(email)}`;
  const post = (word: string, done: string) => (): void => {
    act.mutate({ run: async () => call({ method: "POST", path: `${one}/${word}` }), done });
  };
  return (
    <Table.Tr>
      <Table.Td className="break">{email}</Table.Td>
      <Table.Td ta="right">
        {mayChange && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-sm" variant="subtle" aria-label={`Actions on ${email}`}>
                …
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={post("confirm", `${email} may log in`)}>Confirm</Menu.Item>
              <Menu.Item onClick={post("send_confirm", `The mail to ${email} is sent again`)}>
                Send the mail again
              </Menu.Item>
              <Menu.Item onClick={post("run_confirm", `The function was run for ${email}`)}>
                Run the confirmation function again
              </Menu.Item>
              <Menu.Item
                color="red"
                onClick={() => {
                  act.mutate({
                    run: async () => call({ method: "DELETE", path: one }),
                    done: `The registration of ${email} is gone; they may register again`,
                  });
                }}
              >
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
