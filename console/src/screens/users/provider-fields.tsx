/** Settings of a provider as a form. What it has no field for stays in the JSON. */
import { MultiSelect, Select, Stack, TagsInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { secretsQuery } from "../../api/parts-of-app.ts";
import { TextField, Toggle } from "../../parts/fields.tsx";
import { FunctionSelect } from "../../parts/function-select.tsx";
import { isPart, type Part, withMember } from "../../parts/json-part.ts";
import { useCurrentApp } from "../../shell/current-app.ts";
import type { ProviderField } from "./provider-words.ts";

const algorithms = ["HS", "RS", "PS", "ES"].flatMap((kind) =>
  [256, 384, 512].map((bits) => `${kind}${bits}`),
);

export function ProviderFields({
  fields,
  value,
  onChange,
}: {
  readonly fields: readonly ProviderField[];
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const settings = isPart(value) ? value : {};
  return (
    <Stack gap="sm">
      {fields
        .filter((field) => isShown(field, settings))
        .map((field) => (
          <OneField
            key={field.at.join(".")}
            field={field}
            value={memberAt(settings, field.at)}
            onChange={(next) => {
              onChange(withMemberAt(settings, field.at, next));
            }}
          />
        ))}
    </Stack>
  );
}

function isShown({ when }: ProviderField, settings: Part): boolean {
  if (when === undefined) return true;
  const isNegated = when.startsWith("!");
  const isOn = memberAt(settings, ["config", isNegated ? when.slice(1) : when]) === true;
  return isOn !== isNegated;
}

function memberAt(settings: Part, [name, inner]: ProviderField["at"]): unknown {
  const member = settings[name];
  if (inner === undefined) return member;
  return isPart(member) ? member[inner] : undefined;
}

function withMemberAt(settings: Part, [name, inner]: ProviderField["at"], value: unknown): Part {
  if (inner === undefined) return withMember(settings, name, value);
  const group = settings[name];
  return { ...settings, [name]: withMember(isPart(group) ? group : {}, inner, value) };
}

function OneField({
  field,
  value,
  onChange,
}: {
  readonly field: ProviderField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: secrets } = useSuspenseQuery(secretsQuery(path));
  const { label, kind, description } = field;
  const common = { label, ...(description !== undefined && { description }) };
  const text = typeof value === "string" ? value : "";
  const texts = [value ?? []].flat().filter((each) => typeof each === "string");
  // A secret may be named before it is set.
  const names = [...new Set([...secrets.map(({ name }) => name), ...texts])];
  switch (kind) {
    case "flag":
      return <Toggle {...common} checked={value === true} onChange={onChange} />;
    case "function":
      return <FunctionSelect {...common} value={text} isRequired={false} onChange={onChange} />;
    case "secret":
      return (
        <Select
          {...common}
          data={names}
          value={text === "" ? null : text}
          clearable
          clearButtonProps={{ "aria-label": "No secret" }}
          placeholder={names.length === 0 ? "Make one under Values & secrets first" : ""}
          onChange={(next) => {
            onChange(next ?? undefined);
          }}
        />
      );
    case "secrets":
      return (
        <MultiSelect
          {...common}
          data={names}
          value={texts}
          searchable
          maxValues={3}
          placeholder={names.length === 0 ? "Make one under Values & secrets first" : ""}
          onChange={onChange}
        />
      );
    case "algorithm":
      return (
        <Select
          {...common}
          data={algorithms}
          value={text === "" ? "HS256" : text}
          allowDeselect={false}
          onChange={onChange}
        />
      );
    case "texts":
      return <TagsInput {...common} value={texts} acceptValueOnBlur onChange={onChange} />;
    case "text":
      return (
        <TextField
          {...common}
          value={text}
          onChange={(next) => {
            onChange(next === "" ? undefined : next);
          }}
        />
      );
  }
}
