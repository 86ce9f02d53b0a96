import { Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { appsQuery } from "../../api/server.ts";
import { ChangeButton } from "../../parts/change-button.tsx";
import { TextField } from "../../parts/fields.tsx";
import { FormModal } from "../../parts/form-modal.tsx";
import { Section } from "../../parts/section.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function DeleteApp(): ReactNode {
  const { name } = useCurrentApp();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section
      title="Delete the app"
      purpose="Its users, keys, secrets, log and deployments go, for good. The documents stay where they are."
      actions={
        <ChangeButton
          color="red"
          variant="light"
          onClick={() => {
            setIsOpen(true);
          }}
        >
          Delete {name} …
        </ChangeButton>
      }
    >
      {isOpen && (
        <Confirmation
          onClose={() => {
            setIsOpen(false);
          }}
        />
      )}
    </Section>
  );
}

function Confirmation({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { path, name } = useCurrentApp();
  const navigate = useNavigate();
  const act = useAct(appsQuery.queryKey, { showsFailure: true });
  const [typed, setTyped] = useState("");
  return (
    <FormModal
      title={`Delete the app ${name}?`}
      verb="Delete the app"
      state={act}
      isBlocked={typed !== name}
      onClose={onClose}
      onSubmit={() => {
        act.mutate({
          run: async () => {
            await call({ method: "DELETE", path });
            await navigate({ to: "/", search: { all: true } });
          },
          done: `The app ${name} is deleted`,
        });
      }}
    >
      <Text size="sm">This can not be undone. Clients of the app are answered 404 at once.</Text>
      <TextField
        label={`Type ${name} to go on`}
        value={typed}
        onChange={setTyped}
        required
        data-autofocus
      />
    </FormModal>
  );
}
