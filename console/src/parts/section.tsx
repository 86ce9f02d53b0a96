import { Box, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of a screen: what it is, what may be done with all of it, and its content. */
export function Section({
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
  return (
    <Paper withBorder p={{ base: "md", sm: "lg" }} component="section" aria-label={title}>
      <Stack>
        <Group justify="space-between" align="flex-start">
          <Box flex={1} miw={220}>
            <Title order={2} size="h4" className="break">
              {title}
            </Title>
            {purpose !== undefined && (
              <Text size="sm" c="dimmed">
                {purpose}
              </Text>
            )}
          </Box>
          {actions !== undefined && <Group gap="xs">{actions}</Group>}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
