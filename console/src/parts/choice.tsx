import { SegmentedControl, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useId } from "react";

export interface ChoiceOf<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** One of a few, all of which are to be seen. */
export function Choice<Value extends string>({
  label,
  description,
  value,
  choices,
  onChange,
  isWide = false,
}: {
  readonly label: string;
  readonly description?: string;
  readonly value: Value;
  readonly choices: readonly ChoiceOf<Value>[];
  readonly onChange: (value: Value) => void;
  /** Too wide for a phone, where they stand below one another. */
  readonly isWide?: boolean;
}): ReactNode {
  const id = useId();
  const isNarrow = useMediaQuery("(max-width: 36em)");
  return (
    <div>
      <Text size="sm" fw={600} id={id}>
        {label}
      </Text>
      {description !== undefined && (
        <Text size="xs" c="dimmed" mb={4}>
          {description}
        </Text>
      )}
      <SegmentedControl
        aria-labelledby={id}
        orientation={isWide && isNarrow ? "vertical" : "horizontal"}
        data={[...choices]}
        value={value}
        onChange={onChange}
      />
    </div>
  );
}
