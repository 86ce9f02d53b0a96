/** Signing in: by e-mail and password, by a programmatic key, or by the link that a first start prints. */
import {
  Button,
  Center,
  Group,
  Image,
  Paper,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { signIn } from "../api/client.ts";
import { Failed, Waiting } from "../parts/states.tsx";

type Way = "person" | "key";

const words = {
  person: { name: "E-mail", secret: "Password" },
  key: { name: "Public key", secret: "Private key" },
} as const;

export function SignIn(): ReactNode {
  const { token, to } = useSearch({ strict: false }) as {
    readonly token?: string;
    readonly to?: string;
  };
  const navigate = useNavigate();
  const [way, setWay] = useState<Way>("person");
  const [name, setName] = useState("");
  const [secret, setSecret] = useState("");
  const attempt = useMutation({
    mutationFn: async (given: { readonly token?: string }) => {
      if (given.token !== undefined) await signIn("one-time", { token: given.token });
      else if (way === "person")
        await signIn("local-userpass", { username: name, password: secret });
      else await signIn("mongodb-cloud", { username: name, apiKey: secret });
    },
    onSuccess: async () => navigate({ to: to ?? "/", replace: true }),
  });
  const { mutate } = attempt;
  const isTried = useRef(false);
  useEffect(() => {
    // The link works once; React may run an effect twice.
    if (token === undefined || isTried.current) return;
    isTried.current = true;
    mutate({ token });
  }, [token, mutate]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    mutate({});
  }

  if (token !== undefined && attempt.isPending) return <Waiting />;
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder shadow="sm" p="xl" w="100%" maw={420}>
        <Stack>
          <Group gap="sm">
            <Image src="./petiole.svg" alt="" w={32} h={32} />
            <Title order={1} size="h3">
              Petiole
            </Title>
          </Group>
          <Text c="dimmed" size="sm">
            Sign in as an administrator. The first start of the server printed an e-mail address and
            a password; <code>petiole admins</code> makes more.
          </Text>
          <SegmentedControl
            aria-label="How to sign in"
            value={way}
            onChange={(value) => {
              setWay(value);
            }}
            data={[
              { value: "person", label: "Password" },
              { value: "key", label: "API key pair" },
            ]}
          />
          <form onSubmit={submit}>
            <Stack>
              <TextInput
                label={words[way].name}
                value={name}
                onChange={(event) => {
                  setName(event.currentTarget.value);
                }}
                autoComplete="username"
                required
                autoFocus
              />
              <PasswordInput
                label={words[way].secret}
                value={secret}
                onChange={(event) => {
                  setSecret(event.currentTarget.value);
                }}
                autoComplete="current-password"
                required
              />
              {attempt.isError && <Failed cause={attempt.error} />}
              <Button type="submit" loading={attempt.isPending}>
                Sign in
              </Button>
            </Stack>
          </form>
        </Stack>
      </Paper>
    </Center>
  );
}
