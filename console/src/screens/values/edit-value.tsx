import { Select } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { type AppValue, secretsQuery } from "../../api/parts-of-app.ts";
import { CodeEditor } from "../../parts/code-editor.tsx";
import { TextField, Toggle } from "../../parts/fields.tsx";
import { FormModal } from "../../parts/form-modal.tsx";
import { useEdit } from "../../parts/use-edit.ts";
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
  const edit = useEdit();
  const [name, setName] = useState(made?.name ?? "");
  const [isSecret, setIsSecret] = useState(made?.from_secret ?? false);
  const [secret, setSecret] = useState(made?.from_secret === true ? String(made.value) : "");
  const [text, setText] = useState(
    made === undefined || made.from_secret ? '""' : JSON.stringify(made.value, null, 2),
  );
  function save(): void {
    edit.mutate({
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
      done: `The value ${name} is saved`,
      after: onClose,
    });
  }
  return (
    <FormModal
      title={made === undefined ? "New value" : `Value ${made.name}`}
      verb="Save"
      state={edit}
      onSubmit={save}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onChange={setName} required data-autofocus />
      <Toggle label="Comes from a secret" checked={isSecret} onChange={setIsSecret} />
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
    </FormModal>
  );
}
