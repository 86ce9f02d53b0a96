import { Group, MultiSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { type LogFilter, logTypes } from "../../api/logs.ts";
import { TextField, Toggle } from "../../parts/fields.tsx";

export type FilterChange = Readonly<Record<string, string | boolean | undefined>>;

export function Filters({
  filter,
  onChange,
}: {
  readonly filter: LogFilter;
  readonly onChange: (changes: FilterChange) => void;
}): ReactNode {
  const kinds = filter.type === undefined || filter.type === "" ? [] : filter.type.split(",");
  // A link may name a kind of the original that is not written here.
  const others = kinds.filter((each) => logTypes.every(({ value }) => value !== each));
  return (
    <Group align="flex-end" gap="sm" role="search" aria-label="Filter the log">
      <MultiSelect
        label="Kinds"
        placeholder={kinds.length === 0 ? "All" : ""}
        data={[...logTypes, ...others]}
        value={kinds}
        clearable
        clearButtonProps={{ "aria-label": "All kinds" }}
        onChange={(next) => {
          onChange({ type: next.join(",") });
        }}
        miw={230}
        maw={420}
      />
      <TextField
        label="User id"
        value={filter.user_id ?? ""}
        onChange={(id) => {
          onChange({ user_id: id });
        }}
        w={230}
      />
      <TextField
        label="Request id"
        value={filter.co_id ?? ""}
        onChange={(id) => {
          onChange({ co_id: id });
        }}
        w={230}
      />
      <TextField
        label="From"
        type="datetime-local"
        value={toLocal(filter.start_date)}
        onChange={(local) => {
          onChange({ start_date: toIso(local) });
        }}
      />
      <TextField
        label="Until"
        type="datetime-local"
        value={toLocal(filter.end_date)}
        onChange={(local) => {
          onChange({ end_date: toIso(local) });
        }}
      />
      <Toggle
        label="Errors only"
        mb={8}
        checked={filter.errors_only === true}
        onChange={(isOn) => {
          onChange({ errors_only: isOn });
        }}
      />
    </Group>
  );
}

function toIso(local: string): string | undefined {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function toLocal(iso: string | undefined): string {
  if (iso === undefined) return "";
  const date = new Date(iso);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
