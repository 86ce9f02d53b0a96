/** A condition on the caller, as a function or an endpoint has one. */
import { Stack, Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { JsonField } from "./json-field.tsx";

const first = { "%%user.type": "normal" };

export function ConditionField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  /** A JSON expression; undefined: everybody may. */
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  return (
    <Stack gap={4}>
      <Switch
        label="Everybody with good credentials may call it"
        checked={value === undefined}
        onChange={(event) => {
          onChange(event.currentTarget.checked ? undefined : first);
        }}
      />
      {value !== undefined && (
        <JsonField label={label} isLabelShown value={value} onChange={onChange} />
      )}
    </Stack>
  );
}

/** An empty expression is none. */
export function toCondition(value: unknown): unknown {
  if (value === undefined || value === null || value === true) return undefined;
  const isEmpty = typeof value === "object" && Object.keys(value).length === 0;
  return isEmpty ? undefined : value;
}
