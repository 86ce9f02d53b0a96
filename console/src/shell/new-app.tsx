import { Button, Text } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { call } from "../api/client.ts";
import { type AppSummary, appsQuery, groupQuery } from "../api/server.ts";
import { TextField } from "../parts/fields.tsx";
import { FormModal } from "../parts/form-modal.tsx";
import { useAct } from "../parts/use-act.ts";
import { useMayChange } from "./may-change.ts";

/** A button that asks for a name, makes an app of it and leads there. */
export function NewApp(): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  if (!useMayChange()) return null;
  return (
    <>
      <Button
        variant="light"
        onClick={() => {
          setIsOpen(true);
        }}
      >
        New app
      </Button>
      {isOpen && (
        <Form
          onClose={() => {
            setIsOpen(false);
          }}
        />
      )}
    </>
  );
}

function Form({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { data: groupId } = useSuspenseQuery(groupQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const act = useAct(appsQuery.queryKey, { showsFailure: true });
  const [name, setName] = useState("");
  const [appId, setAppId] = useState("");
  return (
    <FormModal
      title="New app"
      verb="Make the app"
      state={act}
      onClose={onClose}
      onSubmit={() => {
        const body = { name, ...(appId !== "" && { client_app_id: appId }) };
        act.mutate({
          run: async () => {
            const made = await call<AppSummary>({
              method: "POST",
              path: `/groups/${groupId}/apps`,
              body,
            });
            // The way there leads past the list.
            await client.fetchQuery({ ...appsQuery, staleTime: 0 });
            await navigate({ to: `/apps/${made._id}/start` });
          },
          done: `The app ${name} is made`,
        });
      }}
    >
      <Text size="sm" c="dimmed">
        With users, keys, rules, functions and limits of its own.
      </Text>
      <TextField
        label="Name"
        description="1 to 32 letters, digits, _ or -"
        value={name}
        onChange={setName}
        required
        data-autofocus
      />
      <TextField
        label="App ID"
        description="Empty: one is made. Give it where clients know one already."
        placeholder="data-abcde"
        value={appId}
        onChange={setAppId}
      />
    </FormModal>
  );
}
