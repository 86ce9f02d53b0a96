/** A condition of a rule: always, never, or when an expression holds. */
import { Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { JsonField } from "../../parts/json-field.tsx";

type Kind = "unset" | "always" | "never" | "when";

const labels: Readonly<Record<Kind, string>> = {
  unset: "Not said",
  always: "Always",
  never: "Never",
  when: "When …",
};

export function ExpressionField({
  label,
  value,
  onChange,
  isRequired = false,
}: {
  readonly label: string;
  readonly value: unknown;
  /** Undefined: not said. */
  readonly onChange: (value: unknown) => void;
  readonly isRequired?: boolean;
}): ReactNode {
  const id = useId();
  const kind = kindOf(value);
  const kinds = (Object.keys(labels) as Kind[]).filter((each) => each !== "unset" || !isRequired);
  return (
    <Stack gap={4}>
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={500} id={id}>
          {label}
        </Text>
        <SegmentedControl
          size="xs"
          aria-labelledby={id}
          data={kinds.map((each) => ({ value: each, label: labels[each] }))}
          value={kind}
          onChange={(next) => {
            if (next !== kind) onChange(firstOf(next));
          }}
        />
      </Group>
      {kind === "when" && (
        <JsonField label={`${label}: expression`} value={value} onChange={onChange} />
      )}
    </Stack>
  );
}

function kindOf(value: unknown): Kind {
  if (value === undefined) return "unset";
  if (value === true) return "always";
  if (value === false) return "never";
  return "when";
}

function firstOf(kind: Kind): unknown {
  switch (kind) {
    case "unset":
      return undefined;
    case "always":
      return true;
    case "never":
      return false;
    case "when":
      return { owner_id: "%%user.id" };
  }
}
