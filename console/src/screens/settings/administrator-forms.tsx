import {
  Button,
  Modal,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { call, signIn } from "../../api/client.ts";
import type { Administrator } from "../../api/settings.ts";
import { useAct } from "../../parts/use-act.ts";

/** The server's own bound. */
const passwordLengthMin = 8;

export function NewAdministrator({ onClose }: { readonly onClose: () => void }): ReactNode {
  const act = useAct(["administrators"]);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Administrator["role"]>("owner");
  function submit(event: FormEvent): void {
    event.preventDefault();
    act.mutate({
      run: async () =>
        call({ method: "POST", path: "/administrators", body: { email, password, role } }),
      done: `${email} may sign in`,
      after: onClose,
    });
  }
  return (
    <Modal opened onClose={onClose} title="New administrator">
      <form onSubmit={submit}>
        <Stack>
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
          <PasswordField value={password} onChange={setPassword} />
          <SegmentedControl
            aria-label="Role"
            data={[
              { value: "owner", label: "Owner" },
              { value: "readOnly", label: "May only look" },
            ]}
            value={role}
            onChange={setRole}
          />
          <Button type="submit" loading={act.isPending}>
            Make the administrator
          </Button>
        </Stack>
      </form>
    </Modal>
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
  const act = useAct(["administrators"]);
  const [password, setPassword] = useState("");
  const { _id: id, name } = administrator;
  function submit(event: FormEvent): void {
    event.preventDefault();
    act.mutate({
      run: async () => {
        await call({ method: "PUT", path: `/administrators/${id}/password`, body: { password } });
        if (isOwn) await signIn("local-userpass", { username: name, password });
      },
      done: `${name} has a new password`,
      after: onClose,
    });
  }
  return (
    <Modal opened onClose={onClose} title={`A password for ${name}`}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            The old one is good no more, and sessions that it began are not renewed.
          </Text>
          <PasswordField value={password} onChange={setPassword} />
          <Button type="submit" loading={act.isPending}>
            Set the password
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

function PasswordField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  return (
    <PasswordInput
      label="Password"
      description={`At least ${passwordLengthMin} characters`}
      value={value}
      minLength={passwordLengthMin}
      autoComplete="new-password"
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
      required
    />
  );
}
