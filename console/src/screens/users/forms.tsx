import { Button, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import { type AppUser, nameOf } from "../../api/users.ts";
import { useAct } from "../../parts/use-act.ts";
import { useCurrentApp } from "../../shell/current-app.ts";

export function NewUser({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { path } = useCurrentApp();
  const act = useAct([path, "users"]);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  function submit(event: FormEvent): void {
    event.preventDefault();
    act.mutate({
      run: async () => call({ method: "POST", path: `${path}/users`, body: { email, password } }),
      done: `${email} may log in`,
      after: onClose,
    });
  }
  return (
    <Modal opened onClose={onClose} title="New user">
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            With an e-mail address and a password; the provider local-userpass must be on for them
            to log in.
          </Text>
          <TextInput
            label="E-mail"
            type="email"
            value={email}
            onChange={(event) => {
              setEmail(event.currentTarget.value);
            }}
            required
            data-autofocus
          />
          <Password value={password} onChange={setPassword} />
          <Button type="submit" loading={act.isPending}>
            Create
          </Button>
        </Stack>
      </form>
    </Modal>
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
  const act = useAct([path, "users"]);
  const [password, setPassword] = useState("");
  function submit(event: FormEvent): void {
    event.preventDefault();
    act.mutate({
      run: async () =>
        call({ method: "PUT", path: `${path}/users/${user._id}/password`, body: { password } }),
      done: `${nameOf(user)} has a new password`,
      after: onClose,
    });
  }
  return (
    <Modal opened onClose={onClose} title={`Password of ${nameOf(user)}`}>
      <form onSubmit={submit}>
        <Stack>
          <Password value={password} onChange={setPassword} />
          <Button type="submit" loading={act.isPending}>
            Set
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

function Password({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  return (
    <PasswordInput
      label="Password"
      description="6 to 128 characters"
      value={value}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
      minLength={6}
      maxLength={128}
      autoComplete="new-password"
      required
    />
  );
}
