import { Alert, Code, Group, Stack, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";

export function KeyShownOnce({ text }: { readonly text: string }): ReactNode {
  return (
    <Alert color="yellow" icon={<IconKey />} title="Copy this key now: it is not shown again">
      <Stack gap={4}>
        <Group gap={4} wrap="nowrap" align="flex-start">
          <Code block className="break" flex={1} style={{ whiteSpace: "pre-wrap" }}>
            {text}
          </Code>
          <CopyButton text={text} label="Copy the key" />
        </Group>
        <Text size="xs" c="dimmed">
          The server keeps only a hash of it.
        </Text>
      </Stack>
    </Alert>
  );
}
