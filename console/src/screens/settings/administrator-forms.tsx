import { SegmentedControl, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { call, signIn } from "../../api/client.ts";
import type { Administrator } from "../../api/settings.ts";
import { SecretField, TextField } from "../../parts/fields.tsx";
import { FormModal } from "../../parts/form-modal.tsx";
import { useAct } from "../../parts/use-act.ts";

/** The server's own bound. */
const password = { label: "Password", description: "At least 8 characters", minLength: 8 };

export function NewAdministrator({ onClose }: { readonly onClose: () => void }): ReactNode {
  const act = useAct(["administrators"], { showsFailure: true });
  const [email, setEmail] = useState("");
  const [secret, setSecret] = useState("");
  const [role, setRole] = useState<Administrator["role"]>("owner");
  return (
    <FormModal
      title="New administrator"
      verb="Make the administrator"
      state={act}
      onClose={onClose}
      onSubmit={() => {
        act.mutate({
          run: async () =>
            call({
              method: "POST",
              path: "/administrators",
              body: { email, password: secret, role },
            }),
          done: `${email} may sign in`,
          after: onClose,
        });
      }}
    >
      <TextField
        label="E-mail"
        type="email"
        value={email}
        onChange={setEmail}
        required
        data-autofocus
      />
      <SecretField {...password} value={secret} onChange={setSecret} required />
      <SegmentedControl
        aria-label="Role"
        data={[
          { value: "owner", label: "Owner" },
          { value: "readOnly", label: "May only look" },
        ]}
        value={role}
        onChange={setRole}
      />
    </FormModal>
  );
}

export function NewPassword({
  administrator,
  isOwn,
  onClose,
}: {
  readonly administrator: Administrator;
  /** Of whoever is signed in: the session ends, and begins anew. */
  readonly isOwn: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const act = useAct(["administrators"], { showsFailure: true });
  const [secret, setSecret] = useState("");
  const { _id: id, name } = administrator;
  return (
    <FormModal
      title={`A password for ${name}`}
      verb="Set the password"
      state={act}
      onClose={onClose}
      onSubmit={() => {
        act.mutate({
          run: async () => {
            const body = { password: secret };
            await call({ method: "PUT", path: `/administrators/${id}/password`, body });
            if (isOwn) await signIn("local-userpass", { username: name, password: secret });
          },
          done: `${name} has a new password`,
          after: onClose,
        });
      }}
    >
      <Text size="sm" c="dimmed">
        The old one is good no more, and sessions that it began are not renewed.
      </Text>
      <SecretField {...password} value={secret} onChange={setSecret} required data-autofocus />
    </FormModal>
  );
}
