import { Select } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { functionsQuery } from "../api/parts-of-app.ts";
import { useCurrentApp } from "../shell/current-app.ts";

/** One of the app's functions. */
export function FunctionSelect({
  value,
  onChange,
  label = "Function",
  description,
  isRequired = true,
}: {
  /** A name; empty for none. */
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly label?: string;
  readonly description?: string;
  readonly isRequired?: boolean;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: functions } = useSuspenseQuery(functionsQuery(path));
  const hint = functions.length === 0 ? "There is none yet: write one first" : description;
  return (
    <Select
      label={label}
      {...(hint !== undefined && { description: hint })}
      data={functions.map(({ name }) => name)}
      value={value === "" ? null : value}
      searchable
      required={isRequired}
      allowDeselect={!isRequired}
      clearable={!isRequired}
      clearButtonProps={{ "aria-label": "No function" }}
      nothingFoundMessage="No such function"
      onChange={(name) => {
        onChange(name ?? "");
      }}
    />
  );
}
