import {
  Anchor,
  Badge,
  Button,
  Group,
  Menu,
  Paper,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { type AppUser, nameOf, usersQuery } from "../../api/users.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { confirm } from "../../parts/confirm.tsx";
import { Empty, Failed, Waiting } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { type Act, useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { useMayChange } from "../../shell/may-change.ts";
import { UserDetail } from "./detail.tsx";
import { NewUser, SetPassword } from "./forms.tsx";

interface UsersSearch {
  /** What is looked for. */
  readonly q?: string | undefined;
  /** The id of the user that is looked at. */
  readonly user?: string | undefined;
}

export function UserList(): ReactNode {
  const { path } = useCurrentApp();
  const { q = "", user: openId } = useSearch({ strict: false }) as UsersSearch;
  const navigate = useNavigate();
  const [text, setText] = useState(q);
  const [asked] = useDebouncedValue(text, 300);
  const set = (changes: UsersSearch): void => {
    const next = Object.entries({ q, user: openId, ...changes }).filter(([, value]) => value);
    void navigate({ to: ".", search: Object.fromEntries(next), replace: true });
  };
  const [isMaking, setIsMaking] = useState(false);
  const pages = useInfiniteQuery(usersQuery(path, asked));
  const users = pages.data?.pages.flat() ?? [];
  return (
    <Stack>
      <Group justify="space-between">
        <TextInput
          aria-label="Find users"
          placeholder="E-mail address, name or id"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            set({ q: event.currentTarget.value });
          }}
          miw={260}
        />
        <ChangeButton
          onClick={() => {
            setIsMaking(true);
          }}
        >
          New user
        </ChangeButton>
      </Group>
      {pages.isPending && <Waiting />}
      {pages.isError && <Failed cause={pages.error} again={() => void pages.refetch()} />}
      {pages.isSuccess && users.length === 0 && (
        <Empty title={asked === "" ? "No user yet" : "No such user"}>
          Users come when they log in by one of the providers, or are made here with an e-mail
          address and a password.
        </Empty>
      )}
      {users.length > 0 && (
        <Paper withBorder>
          <Table.ScrollContainer minWidth={640}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>User</Table.Th>
                  <Table.Th>Logs in by</Table.Th>
                  <Table.Th>Last login</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>
                    <Text span size="xs" c="dimmed">
                      Actions
                    </Text>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {users.map((each) => (
                  <UserRow
                    key={each._id}
                    user={each}
                    onOpen={() => {
                      set({ user: each._id });
                    }}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Paper>
      )}
      {pages.hasNextPage && (
        <Group>
          <Button
            variant="light"
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            More
          </Button>
        </Group>
      )}
      <UserDetail
        id={openId}
        onClose={() => {
          set({ user: undefined });
        }}
      />
      {isMaking && (
        <NewUser
          onClose={() => {
            setIsMaking(false);
          }}
        />
      )}
    </Stack>
  );
}

function UserRow({
  user,
  onOpen,
}: {
  readonly user: AppUser;
  readonly onOpen: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const act = useAct([path, "users"]);
  const mayChange = useMayChange();
  const [setsPassword, setSetsPassword] = useState(false);
  const { _id: id, disabled, identities, last_authentication_date: last } = user;
  const name = nameOf(user);
  const hasPassword = identities.some((each) => each.provider_type === "local-userpass");
  const put = (word: string, done: string): Act => ({
    run: async () => call({ method: "PUT", path: `${path}/users/${id}/${word}` }),
    done,
  });
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component="button" type="button" size="sm" className="break" onClick={onOpen}>
          {name}
        </Anchor>
        <Text size="xs" c="dimmed" className="mono break">
          {id}
        </Text>
      </Table.Td>
      <Table.Td>{identities.map((each) => each.provider_type).join(", ")}</Table.Td>
      <Table.Td>
        {last === 0 ? "never" : <Time iso={new Date(last * 1000).toISOString()} />}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={disabled ? "gray" : "green"}>
          {disabled ? "disabled" : "enabled"}
        </Badge>
      </Table.Td>
      <Table.Td>
        {mayChange && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-sm" variant="subtle" aria-label={`Actions on ${name}`}>
                …
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                onClick={() => {
                  act.mutate(
                    disabled
                      ? put("enable", `${name} may log in again`)
                      : put("disable", `${name} is refused from now on`),
                  );
                }}
              >
                {disabled ? "Enable" : "Disable"}
              </Menu.Item>
              <Menu.Item
                onClick={() => {
                  act.mutate(put("logout", `All sessions of ${name} are ended`));
                }}
              >
                End all sessions
              </Menu.Item>
              {hasPassword && (
                <Menu.Item
                  onClick={() => {
                    setSetsPassword(true);
                  }}
                >
                  Set a password …
                </Menu.Item>
              )}
              <Menu.Item
                color="red"
                onClick={() => {
                  confirm({
                    title: `Delete ${name}?`,
                    text: "The account and its keys go; documents that hold its id stay as they are.",
                    verb: "Delete",
                    onConfirm: () => {
                      act.mutate({
                        run: async () => call({ method: "DELETE", path: `${path}/users/${id}` }),
                        done: `${name} is deleted`,
                      });
                    },
                  });
                }}
              >
                Delete …
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
        {setsPassword && (
          <SetPassword
            user={user}
            onClose={() => {
              setSetsPassword(false);
            }}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
