import { Checkbox, Group } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { type Forwarder, type ForwarderChange, forwardedTypes } from "../../api/forwarders.ts";
import { servicesQuery } from "../../api/rules.ts";
import { Choice } from "../../parts/choice.tsx";
import { TextField } from "../../parts/fields.tsx";
import { FormModal } from "../../parts/form-modal.tsx";
import { FunctionSelect } from "../../parts/function-select.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function toChange(made: Forwarder): ForwarderChange {
  const { name, disabled, log_types, log_statuses, policy, action } = made;
  return { name, disabled, log_types, log_statuses, policy, action };
}

export function ForwarderForm({
  made,
  onClose,
}: {
  /** Undefined for a new one. */
  readonly made: Forwarder | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: services } = useSuspenseQuery(servicesQuery(path));
  const edit = useEdit({ showsFailure: true });
  const toCollection: ForwarderChange["action"] = {
    type: "collection",
    data_source: services[0]?.name ?? "",
    database: "",
    collection: "",
  };
  const {
    value: draft,
    set,
    reset,
  } = useKept<ForwarderChange>(
    `forwarder ${made?._id ?? ""}`,
    made === undefined
      ? {
          name: "",
          disabled: false,
          log_types: ["endpoint", "function"],
          log_statuses: ["error"],
          policy: { type: "batch" },
          action: toCollection,
        }
      : toChange(made),
  );
  const close = (): void => {
    reset();
    onClose();
  };
  const base = `${path}/log_forwarders`;
  const { action, log_types: types } = draft;
  const others = types.filter((each) => forwardedTypes.every((known) => known !== each));
  return (
    <FormModal
      title={made === undefined ? "New log forwarder" : `Log forwarder ${made.name}`}
      verb="Save"
      state={edit}
      onClose={close}
      onSubmit={() => {
        edit.mutate({
          run: async () =>
            made === undefined
              ? call({ method: "POST", path: base, body: draft })
              : call({ method: "PATCH", path: `${base}/${made._id}`, body: draft }),
          done: `The log forwarder ${draft.name} is saved`,
          after: close,
        });
      }}
    >
      <TextField
        label="Name"
        value={draft.name}
        disabled={made !== undefined}
        onChange={(name) => {
          set({ name });
        }}
        required
        data-autofocus
      />
      <Checkbox.Group
        label="Entries of"
        value={[...types]}
        onChange={(next) => {
          set({ log_types: next });
        }}
      >
        <Group mt={4}>
          {[...forwardedTypes, ...others].map((each) => (
            <Checkbox key={each} value={each} label={each} />
          ))}
        </Group>
      </Checkbox.Group>
      <Checkbox.Group
        label="That ended with"
        value={[...draft.log_statuses]}
        onChange={(next) => {
          set({ log_statuses: next });
        }}
      >
        <Group mt={4}>
          <Checkbox value="error" label="an error" />
          <Checkbox value="success" label="success" />
        </Group>
      </Checkbox.Group>
      <Choice
        label="Sent"
        value={draft.policy.type}
        choices={[
          { value: "batch", label: "In batches of up to 100" },
          { value: "single", label: "One by one" },
        ]}
        onChange={(type) => {
          set({ policy: { type } });
        }}
      />
      <Choice
        label="Where to"
        value={action.type}
        choices={[
          { value: "collection", label: "A collection" },
          { value: "function", label: "A function" },
        ]}
        onChange={(type) => {
          if (type !== action.type)
            set({ action: type === "function" ? { type, name: "" } : toCollection });
        }}
      />
      {action.type === "function" ? (
        <FunctionSelect
          value={action.name}
          description="It is given the entries, a list of them, as its argument"
          onChange={(name) => {
            set({ action: { type: "function", name } });
          }}
        />
      ) : (
        <>
          {(
            [
              ["data_source", "Data source"],
              ["database", "Database"],
              ["collection", "Collection"],
            ] as const
          ).map(([name, label]) => (
            <TextField
              key={name}
              label={label}
              value={action[name]}
              onChange={(text) => {
                set({ action: { ...action, [name]: text } });
              }}
              required
            />
          ))}
        </>
      )}
    </FormModal>
  );
}
