/** The keys that clients show: made, narrowed, switched off and deleted here. */
import {
  Badge,
  Button,
  Group,
  Menu,
  Modal,
  Paper,
  Select,
  Stack,
  Table,
  TextInput,
  Title,
} from "@mantine/core";
import { modals } from "@mantine/modals";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import {
  type ApiKey,
  apiKeysQuery,
  createKey,
  deleteKey,
  type Permission,
  permissionChoices,
  permissionLabels,
  setKeyDisabled,
} from "../../api/data-api.ts";
import { KeyShownOnce } from "../../parts/key-shown-once.tsx";
import { sayDone, sayFailed } from "../../parts/notice.ts";
import { Empty, Failed } from "../../parts/states.tsx";
import { useCurrentApp } from "../../shell/current-app.ts";

export function Keys(): ReactNode {
  const { path } = useCurrentApp();
  const { data: keys } = useSuspenseQuery(apiKeysQuery(path));
  const [isMaking, setIsMaking] = useState(false);
  return (
    <Paper withBorder p="lg" component="section" aria-label="Keys">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          Keys
        </Title>
        <Button
          size="xs"
          onClick={() => {
            setIsMaking(true);
          }}
        >
          Create a key
        </Button>
      </Group>
      {keys.length === 0 ? (
        <Empty title="No key yet">
          A client shows a key with each request. Make the first one.
        </Empty>
      ) : (
        <Table.ScrollContainer minWidth={420}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>May do</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>
                  <span className="mono" aria-hidden />
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map((key) => (
                <KeyRow key={key._id} made={key} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <NewKey
        isOpen={isMaking}
        onClose={() => {
          setIsMaking(false);
        }}
      />
    </Paper>
  );
}

function KeyRow({ made }: { readonly made: ApiKey }): ReactNode {
  const { path } = useCurrentApp();
  const client = useQueryClient();
  const { _id: id, name, disabled, role } = made;
  const change = useMutation({
    mutationFn: async (run: () => Promise<void>) => run(),
    onSettled: async () => client.invalidateQueries({ queryKey: [path, "api-keys"] }),
    onError: sayFailed,
  });
  function remove(): void {
    modals.openConfirmModal({
      title: `Delete the key ${name}?`,
      children: "Clients that show it are refused from now on. This can not be undone.",
      labels: { confirm: "Delete", cancel: "Keep" },
      confirmProps: { color: "red" },
      onConfirm: () => {
        change.mutate(async () => {
          await deleteKey(path, id);
          sayDone(`The key ${name} is deleted`);
        });
      },
    });
  }
  return (
    <Table.Tr>
      <Table.Td className="break">{name}</Table.Td>
      <Table.Td>{permissionLabels[role]}</Table.Td>
      <Table.Td>
        <Badge color={disabled ? "gray" : "green"} variant="light">
          {disabled ? "disabled" : "enabled"}
        </Badge>
      </Table.Td>
      <Table.Td ta="right">
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="compact-sm" variant="subtle" aria-label={`Actions on ${name}`}>
              …
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() => {
                change.mutate(async () => setKeyDisabled(path, id, !disabled));
              }}
            >
              {disabled ? "Enable" : "Disable"}
            </Menu.Item>
            <Menu.Item color="red" onClick={remove}>
              Delete …
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}

function NewKey({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Permission>("readWrite");
  const make = useMutation({
    mutationFn: async () => createKey(path, { name, role }),
    onSuccess: async () => client.invalidateQueries({ queryKey: [path, "api-keys"] }),
  });
  function close(): void {
    onClose();
    setName("");
    make.reset();
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    make.mutate();
  }
  return (
    <Modal opened={isOpen} onClose={close} title="Create a key">
      {make.isSuccess ? (
        <Stack>
          <KeyShownOnce text={make.data.key} />
          <Button onClick={close}>I have copied it</Button>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="Name"
              description="Letters, digits, underscores and hyphens"
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
              required
              data-autofocus
            />
            <Select
              label="May do at most"
              data={permissionChoices.filter(({ value }) => value !== "noAccess")}
              value={role}
              allowDeselect={false}
              onChange={(value) => {
                if (value !== null) setRole(value as Permission);
              }}
            />
            {make.isError && <Failed cause={make.error} />}
            <Button type="submit" loading={make.isPending}>
              Create
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
