/** What every screen has: a title, a sentence on what it is for, and actions at its right. */
import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

export function ScreenFrame({
  title,
  purpose,
  actions,
  children,
}: {
  readonly title: string;
  readonly purpose?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  useDocumentTitle(`${title} · Petiole`);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box>
          <Title order={1} size="h2">
            {title}
          </Title>
          {purpose !== undefined && purpose !== false && (
            <Text c="dimmed" size="sm" maw={720}>
              {purpose}
            </Text>
          )}
        </Box>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
