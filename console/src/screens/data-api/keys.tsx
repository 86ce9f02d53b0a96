/** The keys that clients show: made, narrowed, switched off and deleted here. */
import { Badge, Button, Menu, Modal, Select, Stack, Table } from "@mantine/core";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
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
import { ChangeButton } from "../../parts/change-button.tsx";
import { confirm } from "../../parts/confirm.tsx";
import { TextField } from "../../parts/fields.tsx";
import { FormModal } from "../../parts/form-modal.tsx";
import { KeyShownOnce } from "../../parts/key-shown-once.tsx";
import { Section } from "../../parts/section.tsx";
import { Empty } from "../../parts/states.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import { useMayChange } from "../../shell/may-change.ts";

export function Keys(): ReactNode {
  const { path } = useCurrentApp();
  const { data: keys } = useSuspenseQuery(apiKeysQuery(path));
  const [isMaking, setIsMaking] = useState(false);
  return (
    <Section
      title="Keys"
      purpose="They hold at once, and belong to no deployment."
      actions={
        <ChangeButton
          size="xs"
          onClick={() => {
            setIsMaking(true);
          }}
        >
          Create a key
        </ChangeButton>
      }
    >
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
      {isMaking && (
        <NewKey
          onClose={() => {
            setIsMaking(false);
          }}
        />
      )}
    </Section>
  );
}

function KeyRow({ made }: { readonly made: ApiKey }): ReactNode {
  const { path } = useCurrentApp();
  const act = useAct([path, "api-keys"]);
  const mayChange = useMayChange();
  const { _id: id, name, disabled, role } = made;
  function remove(): void {
    confirm({
      title: `Delete the key ${name}?`,
      text: "Clients that show it are refused from now on. This can not be undone.",
      verb: "Delete",
      onConfirm: () => {
        act.mutate({
          run: async () => deleteKey(path, id),
          done: `The key ${name} is deleted`,
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
                  act.mutate({
                    run: async () => setKeyDisabled(path, id, !disabled),
                    done: `The key ${name} is ${disabled ? "good again" : "refused from now on"}`,
                  });
                }}
              >
                {disabled ? "Enable" : "Disable"}
              </Menu.Item>
              <Menu.Item color="red" onClick={remove}>
                Delete …
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function NewKey({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { path } = useCurrentApp();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Permission>("readWrite");
  const make = useMutation({
    mutationFn: async () => createKey(path, { name, role }),
    onSuccess: async () => client.invalidateQueries({ queryKey: [path, "api-keys"] }),
  });
  if (make.isSuccess)
    return (
      <Modal opened onClose={onClose} title="Create a key">
        <Stack>
          <KeyShownOnce text={make.data.key} />
          <Button onClick={onClose}>I have copied it</Button>
        </Stack>
      </Modal>
    );
  return (
    <FormModal
      title="Create a key"
      verb="Create"
      state={make}
      onClose={onClose}
      onSubmit={() => {
        make.mutate();
      }}
    >
      <TextField
        label="Name"
        description="Letters, digits, underscores and hyphens"
        value={name}
        onChange={setName}
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
    </FormModal>
  );
}
