import { useState, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { createCollection, databasesQuery } from "../../api/data.ts";
import { TextField } from "../../parts/fields.tsx";
import { FormModal } from "../../parts/form-modal.tsx";
import { useAct } from "../../parts/use-act.ts";

export function NewCollection({
  source,
  database: chosen,
  onClose,
  onMade,
}: {
  readonly source: string;
  readonly database: string | undefined;
  readonly onClose: () => void;
  readonly onMade: (database: string, collection: string) => void;
}): ReactNode {
  const act = useAct([source]);
  const { data: databases = [] } = useQuery(databasesQuery(source));
  const first = chosen ?? databases[0] ?? "";
  const [database, setDatabase] = useState(first);
  const [name, setName] = useState("");
  function create(): void {
    act.mutate({
      run: async () => createCollection(source, database, name),
      done: `${database}.${name} is there`,
      after: () => {
        onClose();
        onMade(database, name);
      },
    });
  }
  return (
    <FormModal title="New collection" verb="Create" state={act} onSubmit={create} onClose={onClose}>
      <TextField
        label="Database"
        value={database}
        onChange={setDatabase}
        required
        {...(first === "" && { "data-autofocus": true })}
      />
      <TextField
        label="Collection"
        value={name}
        onChange={setName}
        required
        {...(first !== "" && { "data-autofocus": true })}
      />
    </FormModal>
  );
}
