import { Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";

export function PageBar({
  first,
  shown,
  total,
  isBusy,
  isFirst,
  onFirst,
  onBack,
  onNext,
}: {
  /** How many documents come before the page. */
  readonly first: number;
  readonly shown: number;
  readonly total: number | undefined;
  readonly isBusy: boolean;
  readonly isFirst: boolean;
  readonly onFirst: () => void;
  readonly onBack: () => void;
  /** Undefined on the last page. */
  readonly onNext: (() => void) | undefined;
}): ReactNode {
  if (isFirst && onNext === undefined && shown < 2) return null;
  const of = total === undefined ? "" : ` of ${total.toLocaleString()}`;
  return (
    <Group justify="center" gap="xs" component="nav" aria-label="Pages" aria-busy={isBusy}>
      <Button size="xs" variant="subtle" disabled={isFirst} onClick={onFirst}>
        First
      </Button>
      <Button size="xs" variant="default" disabled={isFirst} onClick={onBack}>
        Back
      </Button>
      <Text size="sm" role="status">
        {shown === 0
          ? "–"
          : `${(first + 1).toLocaleString()} – ${(first + shown).toLocaleString()}${of}`}
      </Text>
      <Button size="xs" variant="default" disabled={onNext === undefined} onClick={onNext}>
        Next
      </Button>
    </Group>
  );
}
