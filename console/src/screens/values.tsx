/** Values that functions and rules read, and the secrets behind them. */
import {
  Badge,
  Button,
  Code,
  Group,
  Modal,
  Paper,
  Select,
  Stack,
  Switch,
  Table,
  TextInput,
  Title,
} from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../api/client.ts";
import { type AppValue, secretsQuery, valuesQuery } from "../api/parts-of-app.ts";
import { CodeEditor } from "../parts/code-editor.tsx";
import { confirm } from "../parts/confirm.tsx";
import { ScreenFrame } from "../parts/screen.tsx";
import { Empty } from "../parts/states.tsx";
import { useAct } from "../parts/use-act.ts";
import { useCurrentApp } from "../shell/current-app.ts";
import { Secrets } from "./values/secrets.tsx";

export function Screen(): ReactNode {
  return (
    <ScreenFrame
      title="Values & secrets"
      purpose="A value is a name that functions and rules read. A secret is kept sealed: it goes in and never comes out."
    >
      <Stack maw={980}>
        <Values />
        <Secrets />
      </Stack>
    </ScreenFrame>
  );
}

function Values(): ReactNode {
  const { path } = useCurrentApp();
  const { data: values } = useSuspenseQuery(valuesQuery(path));
  const [edited, setEdited] = useState<AppValue | "new">();
  const act = useAct([path, "values"]);
  function remove({ _id: id, name }: AppValue): void {
    confirm({
      title: `Delete the value ${name}?`,
      text: "Functions that read it get undefined from then on.",
      verb: "Delete",
      onConfirm: () => {
        act.mutate({
          run: async () => call({ method: "DELETE", path: `${path}/values/${id}` }),
          done: `The value ${name} is deleted`,
        });
      },
    });
  }
  return (
    <Paper withBorder p="lg" component="section" aria-label="Values">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          Values
        </Title>
        <Button
          size="xs"
          onClick={() => {
            setEdited("new");
          }}
        >
          New value
        </Button>
      </Group>
      {values.length === 0 ? (
        <Empty title="No value yet">
          A function reads one with <code>context.values.get(&quot;name&quot;)</code>.
        </Empty>
      ) : (
        <Table.ScrollContainer minWidth={420}>
          <Table>
            <Table.Tbody>
              {values.map((each) => (
                <Table.Tr key={each._id}>
                  <Table.Td className="mono break">{each.name}</Table.Td>
                  <Table.Td>
                    {each.from_secret ? (
                      <Badge variant="light" color="yellow" tt="none">
                        secret {String(each.value)}
                      </Badge>
                    ) : (
                      <Code className="break">{JSON.stringify(each.value).slice(0, 120)}</Code>
                    )}
                  </Table.Td>
                  <Table.Td ta="right">
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      onClick={() => {
                        setEdited(each);
                      }}
                    >
                      Edit
                    </Button>
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
      )}
      {edited !== undefined && (
        <EditValue
          made={edited === "new" ? undefined : edited}
          onClose={() => {
            setEdited(undefined);
          }}
        />
      )}
    </Paper>
  );
}

function EditValue({
  made,
  onClose,
}: {
  readonly made: AppValue | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: secrets } = useSuspenseQuery(secretsQuery(path));
  const act = useAct([path, "values"]);
  const [name, setName] = useState(made?.name ?? "");
  const [isSecret, setIsSecret] = useState(made?.from_secret ?? false);
  const [secret, setSecret] = useState(made?.from_secret === true ? String(made.value) : "");
  const [text, setText] = useState(
    made === undefined || made.from_secret ? '""' : JSON.stringify(made.value, null, 2),
  );
  function save(event: FormEvent): void {
    event.preventDefault();
    act.mutate({
      run: async () => {
        const body = {
          name,
          private: made?.private ?? false,
          from_secret: isSecret,
          value: isSecret ? secret : (JSON.parse(text) as unknown),
        };
        await (made === undefined
          ? call({ method: "POST", path: `${path}/values`, body })
          : call({ method: "PUT", path: `${path}/values/${made._id}`, body }));
      },
      done: `The value ${name} is saved and live`,
      after: onClose,
    });
  }
  return (
    <Modal opened onClose={onClose} title={made === undefined ? "New value" : `Value ${made.name}`}>
      <form onSubmit={save}>
        <Stack>
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
            required
            data-autofocus
          />
          <Switch
            label="Comes from a secret"
            checked={isSecret}
            onChange={(event) => {
              setIsSecret(event.currentTarget.checked);
            }}
          />
          {isSecret ? (
            <Select
              label="Secret"
              data={secrets.map((each) => each.name)}
              value={secret === "" ? null : secret}
              onChange={(value) => {
                setSecret(value ?? "");
              }}
              required
            />
          ) : (
            <CodeEditor
              label="Value, as JSON"
              language="json"
              value={text}
              onChange={setText}
              minLines={4}
            />
          )}
          <Button type="submit" loading={act.isPending}>
            Save
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
