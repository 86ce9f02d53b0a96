/** What a screen shows while it waits, when it failed, and when there is nothing yet. */
import { Alert, Button, Center, Code, Loader, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { messageOf } from "../api/failure.ts";

export function Waiting(): ReactNode {
  return (
    <Center py="xl" role="status" aria-label="Loading">
      <Loader />
    </Center>
  );
}

/** @param again asks once more, where that may help */
export function Failed({
  cause,
  again,
}: {
  readonly cause: unknown;
  readonly again?: () => void;
}): ReactNode {
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title="This did not work" role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" className="break">
          {messageOf(cause)}
        </Text>
        {again !== undefined && (
          <Button size="xs" variant="light" color="red" onClick={again}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Where the server says what is wrong, line by line. */
export function NotSaved({ cause }: { readonly cause: unknown }): ReactNode {
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title="Not saved" role="alert">
      <Code block style={{ whiteSpace: "pre-wrap" }}>
        {messageOf(cause)}
      </Code>
    </Alert>
  );
}

export function FailedScreen({ cause }: { readonly cause: unknown }): ReactNode {
  return (
    <Stack p="lg" maw={720}>
      <Failed
        cause={cause}
        again={() => {
          globalThis.location.reload();
        }}
      />
    </Stack>
  );
}

/** An empty screen says what to do next. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}): ReactNode {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <Title order={3} size="h4">
        {title}
      </Title>
      <Text c="dimmed" maw={480}>
        {children}
      </Text>
      {action}
    </Stack>
  );
}
