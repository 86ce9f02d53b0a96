import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";

/** Begins long work, and stops it. */
export function RunButtons({
  label,
  isRunning,
  isDisabled,
  onStart,
  onStop,
}: {
  readonly label: string;
  readonly isRunning: boolean;
  readonly isDisabled: boolean;
  readonly onStart: () => void;
  readonly onStop: () => void;
}): ReactNode {
  return (
    <Group>
      <Button disabled={isDisabled || isRunning} onClick={onStart}>
        {label}
      </Button>
      {isRunning && (
        <Button variant="default" onClick={onStop}>
          Stop
        </Button>
      )}
    </Group>
  );
}
