import { Select } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { type AppValue, secretsQuery } from "../../api/parts-of-app.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { TextField, Toggle } from "../../parts/fields.tsx";
import { FormModal } from "../../parts/form-modal.tsx";
import { useEdit } from "../../parts/use-edit.ts";
import { useKept } from "../../parts/use-kept.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function EditValue({
  made,
  onClose,
}: {
  /** Undefined for a new one. */
  readonly made: AppValue | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: secrets } = useSuspenseQuery(secretsQuery(path));
  const edit = useEdit({ showsFailure: true });
  const { value: draft, set, reset } = useKept(`value ${made?._id ?? ""}`, toDraft(made));
  const { name, isPrivate, isSecret, secret, text } = draft;
  const close = (): void => {
    reset();
    onClose();
  };
  function save(): void {
    edit.mutate({
      run: async () => {
        const body = {
          name,
          private: isPrivate,
          from_secret: isSecret,
          value: isSecret ? secret : (JSON.parse(text) as unknown),
        };
        await (made === undefined
          ? call({ method: "POST", path: `${path}/values`, body })
          : call({ method: "PUT", path: `${path}/values/${made._id}`, body }));
      },
      done: `The value ${name} is saved`,
      after: close,
    });
  }
  return (
    <FormModal
      title={made === undefined ? "New value" : `Value ${made.name}`}
      verb="Save"
      state={edit}
      onSubmit={save}
      onClose={close}
    >
      <TextField
        label="Name"
        value={name}
        onChange={(next) => {
          set({ name: next });
        }}
        required
        data-autofocus
      />
      <Toggle
        label="Private: for functions and rules alone"
        checked={isPrivate}
        onChange={(isOn) => {
          set({ isPrivate: isOn });
        }}
      />
      <Toggle
        label="Comes from a secret"
        checked={isSecret}
        onChange={(isOn) => {
          set({ isSecret: isOn });
        }}
      />
      {isSecret ? (
        <Select
          label="Secret"
          data={secrets.map((each) => each.name)}
          value={secret === "" ? null : secret}
          onChange={(value) => {
            set({ secret: value ?? "" });
          }}
          required
        />
      ) : (
        <CodeEditor
          label="Value, as JSON"
          language="json"
          value={text}
          onChange={(next) => {
            set({ text: next });
          }}
          minLines={4}
        />
      )}
    </FormModal>
  );
}

interface ValueDraft {
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isSecret: boolean;
  /** The name of one. */
  readonly secret: string;
  /** JSON, as typed. */
  readonly text: string;
}

function toDraft(made: AppValue | undefined): ValueDraft {
  const isSecret = made?.from_secret === true;
  return {
    name: made?.name ?? "",
    isPrivate: made?.private ?? false,
    isSecret,
    secret: isSecret ? String(made.value) : "",
    text: made === undefined || isSecret ? '""' : JSON.stringify(made.value, null, 2),
  };
}
