import { Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { type AppUser, nameOf } from "../../api/users.ts";
import { SecretField, TextField } from "../../parts/fields.tsx";
import { FormModal } from "../../parts/form-modal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

/** The server's own bounds. */
const bounds = {
  label: "Password",
  description: "6 to 128 characters",
  minLength: 6,
  maxLength: 128,
};

export function NewUser({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { path } = useCurrentApp();
  const act = useAct([path, "users"], { showsFailure: true });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  return (
    <FormModal
      title="New user"
      verb="Create"
      state={act}
      onClose={onClose}
      onSubmit={() => {
        act.mutate({
          run: async () =>
            call({ method: "POST", path: `${path}/users`, body: { email, password } }),
          done: `${email} may log in`,
          after: onClose,
        });
      }}
    >
      <Text size="sm" c="dimmed">
        With an e-mail address and a password; the provider local-userpass must be on for them to
        log in.
      </Text>
      <TextField
        label="E-mail"
        type="email"
        value={email}
        onChange={setEmail}
        required
        data-autofocus
      />
      <SecretField {...bounds} value={password} onChange={setPassword} required />
    </FormModal>
  );
}

export function SetPassword({
  user,
  onClose,
}: {
  readonly user: AppUser;
  readonly onClose: () => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const act = useAct([path, "users"], { showsFailure: true });
  const [password, setPassword] = useState("");
  return (
    <FormModal
      title={`Password of ${nameOf(user)}`}
      verb="Set"
      state={act}
      onClose={onClose}
      onSubmit={() => {
        act.mutate({
          run: async () =>
            call({ method: "PUT", path: `${path}/users/${user._id}/password`, body: { password } }),
          done: `${nameOf(user)} has a new password`,
          after: onClose,
        });
      }}
    >
      <SecretField {...bounds} value={password} onChange={setPassword} required data-autofocus />
    </FormModal>
  );
}
