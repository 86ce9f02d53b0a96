/** The calls that the console made, to see what it does and to do the same by script. */
import { Badge, Code, Drawer, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useSyncExternalStore } from "react";
import { type NotedCall, notedCalls, onCall } from "../api/noted-calls.ts";
import { CopyButton } from "./copy-button.tsx";

export function ApiCalls({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const calls = useSyncExternalStore(onCall, notedCalls);
  return (
    <Drawer opened={isOpen} onClose={onClose} title="API calls" position="right" size="lg">
      <Stack>
        <Text size="sm" c="dimmed">
          The console uses the admin API and nothing else. These are its last calls, the newest
          first; secrets are left out.
        </Text>
        {calls.map((each, at) => (
          <NotedCallView made={each} key={`${calls.length - at} ${each.url}`} />
        ))}
      </Stack>
    </Drawer>
  );
}

function NotedCallView({ made }: { readonly made: NotedCall }): ReactNode {
  const { method, url, body, status, ms } = made;
  return (
    <Stack gap={4}>
      <Group gap="xs" justify="space-between" wrap="nowrap" align="flex-start">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Badge variant="light" color={status < 400 ? "green" : "red"} style={{ flexShrink: 0 }}>
            {status}
          </Badge>
          <Text size="sm" className="mono break">
            {method} {new URL(url).pathname}
            {new URL(url).search}
          </Text>
        </Group>
        <Group gap={4} wrap="nowrap">
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            {Math.round(ms)} ms
          </Text>
          <CopyButton label="Copy as curl" text={toCurl(made)} />
        </Group>
      </Group>
      {body !== undefined && <Code block>{textOf(body).slice(0, 2000)}</Code>}
    </Stack>
  );
}

function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body, null, 2);
}

function toCurl({ method, url, body }: NotedCall): string {
  const lines = [`curl -X ${method} '${url}'`, `  -H "Authorization: Bearer $TOKEN"`];
  if (body !== undefined)
    lines.push(
      `  -H 'Content-Type: application/json'`,
      `  -d '${textOf(body).replaceAll("'", String.raw`'\''`)}'`,
    );
  return lines.join(" \\\n");
}
