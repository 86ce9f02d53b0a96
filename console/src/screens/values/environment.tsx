/** The environment of the app, and values that differ by it: `%(%%environment.values.…)`. */
import { Select, Table } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import {
  type Environment,
  environmentQuery,
  environments,
  type EnvironmentValue,
  environmentValueQuery,
  environmentValuesQuery,
} from "../../api/app-settings.ts";
import { call } from "../../api/client.ts";
import { ChangeButton, DeleteButton } from "../../parts/change-button.tsx";
import { Editable } from "../../parts/editable.tsx";
import { TextField, Toggle } from "../../parts/fields.tsx";
import { FormModal } from "../../parts/form-modal.tsx";
import { JsonField } from "../../parts/json-field.tsx";
import { Section } from "../../parts/section.tsx";
import { Empty, Failed, Waiting } from "../../parts/states.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

const choices = environments.map((value) => ({
  value,
  label: value === "none" ? "None of them" : value,
}));

export function EnvironmentValues(): ReactNode {
  const { path } = useCurrentApp();
  const { data: chosen } = useSuspenseQuery(environmentQuery(path));
  const { data: values } = useSuspenseQuery(environmentValuesQuery(path));
  const [edited, setEdited] = useState<EnvironmentValue | "new">();
  const edit = useEdit();
  const close = (): void => {
    setEdited(undefined);
  };
  return (
    <Section
      title="Environment"
      purpose="Values that differ between development and production: files of the app name them, and get what they are in the chosen environment."
      actions={
        <ChangeButton
          size="xs"
          onClick={() => {
            setEdited("new");
          }}
        >
          New environment value
        </ChangeButton>
      }
    >
      <Editable>
        <Select
          label="This app is in"
          data={choices}
          value={chosen}
          allowDeselect={false}
          maw={260}
          onChange={(value) => {
            if (value === null) return;
            const environment = value === "none" ? "" : value;
            edit.mutate({
              run: async () =>
                call({ method: "PUT", path: `${path}/environment`, body: { environment } }),
              done: `The environment ${value} is chosen`,
            });
          }}
        />
      </Editable>
      {values.length === 0 ? (
        <Empty title="No environment value yet">
          Functions read one with <code>context.environment.values.name</code>.
        </Empty>
      ) : (
        <Table>
          <Table.Tbody>
            {values.map((each) => (
              <Table.Tr key={each._id}>
                <Table.Td className="mono break">{each.name}</Table.Td>
                <Table.Td ta="right">
                  <ChangeButton
                    size="compact-sm"
                    variant="subtle"
                    onClick={() => {
                      setEdited(each);
                    }}
                  >
                    Edit
                  </ChangeButton>
                  <DeleteButton
                    title={`Delete the environment value ${each.name}?`}
                    text="It goes from all environments; what names it can not be deployed then."
                    onConfirm={() => {
                      edit.mutate({
                        run: async () =>
                          call({
                            method: "DELETE",
                            path: `${path}/environment_values/${each._id}`,
                          }),
                        done: `The environment value ${each.name} is deleted`,
                      });
                    }}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {edited === "new" && <ValueForm made={undefined} first={{}} onClose={close} />}
      {edited !== undefined && edited !== "new" && <EditMade made={edited} onClose={close} />}
    </Section>
  );
}

function EditMade({
  made,
  onClose,
}: {
  readonly made: EnvironmentValue;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const held = useQuery(environmentValueQuery(path, made._id));
  if (held.isPending) return <Waiting />;
  if (held.isError) return <Failed cause={held.error} />;
  return <ValueForm made={made} first={held.data.values} onClose={onClose} />;
}

type Values = Readonly<Partial<Record<Environment, unknown>>>;

function ValueForm({
  made,
  first,
  onClose,
}: {
  /** Undefined for a new one. */
  readonly made: EnvironmentValue | undefined;
  readonly first: Values;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const edit = useEdit({ showsFailure: true });
  const [name, setName] = useState(made?.name ?? "");
  const [values, setValues] = useState(first);
  const base = `${path}/environment_values`;
  return (
    <FormModal
      title={made === undefined ? "New environment value" : `Environment value ${made.name}`}
      verb="Save"
      state={edit}
      onClose={onClose}
      onSubmit={() => {
        const body = { name, values };
        edit.mutate({
          run: async () =>
            made === undefined
              ? call({ method: "POST", path: base, body })
              : call({ method: "PUT", path: `${base}/${made._id}`, body }),
          done: `The environment value ${name} is saved`,
          after: onClose,
        });
      }}
    >
      <TextField label="Name" value={name} onChange={setName} required data-autofocus />
      {choices.map(({ value: each, label }) => (
        <div key={each}>
          <Toggle
            label={`Has a value in: ${label}`}
            checked={values[each] !== undefined}
            onChange={(isOn) => {
              setValues({ ...values, [each]: isOn ? "" : undefined });
            }}
          />
          {values[each] !== undefined && (
            <JsonField
              label={`Value in: ${label}, as JSON`}
              value={values[each]}
              onChange={(value) => {
                setValues({ ...values, [each]: value });
              }}
            />
          )}
        </div>
      ))}
    </FormModal>
  );
}
