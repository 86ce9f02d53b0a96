/** A schema as a form: its fields, what they hold, and fields within them. */
import { Box, MultiSelect, Stack } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { TextField, Toggle } from "../../parts/fields.tsx";
import { JsonField } from "../../parts/json-field.tsx";
import { isPart, type Part, withMember } from "../../parts/json-part.ts";
import { PartList } from "../../parts/part-list.tsx";
import {
  fieldsOf,
  restOf,
  type SchemaField,
  typesOf,
  withFields,
  withRest,
  withTypes,
} from "./schema-form.ts";
import { schemaTypes } from "./schema-words.ts";

interface SchemaProps {
  readonly schema: Part;
  readonly onChange: (schema: Part) => void;
}

export function SchemaFields({
  value,
  onChange,
}: {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const schema = isPart(value) ? value : {};
  return (
    <Stack>
      <TextMember name="title" label="What one such document is called" {...{ schema, onChange }} />
      <ObjectFields title="Fields" schema={schema} onChange={onChange} />
      <JsonField
        label="What else holds of a document"
        isLabelShown
        value={restOf(schema)}
        onChange={(rest) => {
          if (isPart(rest)) onChange(withRest(schema, rest));
        }}
      />
    </Stack>
  );
}

function ObjectFields({
  title,
  schema,
  onChange,
}: SchemaProps & { readonly title: string }): ReactNode {
  const fields = fieldsOf(schema);
  return (
    <Stack gap="xs">
      <PartList
        title={title}
        empty="None is described: all may hold anything."
        one="field"
        parts={fields}
        onChange={(next) => {
          onChange(withFields(schema, next));
        }}
        make={(name): SchemaField => ({ name, isRequired: false, schema: { bsonType: "string" } })}
        summary={({ schema: { bsonType }, isRequired }) =>
          `${[bsonType].flat().join(", ") || "anything"}${isRequired ? ", required" : ""}`
        }
        fields={(field, set) => (
          <FieldForm
            field={field}
            taken={fields.map(({ name }) => name).filter((name) => name !== field.name)}
            onChange={set}
          />
        )}
      />
      <Toggle
        label="Fields that are not described are let through"
        checked={schema["additionalProperties"] !== false}
        onChange={(isOn) => {
          onChange(withMember(schema, "additionalProperties", isOn ? undefined : false));
        }}
      />
    </Stack>
  );
}

function FieldForm({
  field,
  taken,
  onChange,
}: {
  readonly field: SchemaField;
  /** Names of the fields beside it. */
  readonly taken: readonly string[];
  readonly onChange: (field: SchemaField) => void;
}): ReactNode {
  const { name, isRequired, schema } = field;
  const set = (next: Part): void => {
    onChange({ ...field, schema: next });
  };
  return (
    <>
      <NameField
        name={name}
        taken={taken}
        onChange={(next) => {
          onChange({ ...field, name: next });
        }}
      />
      <Toggle
        label="Required"
        checked={isRequired}
        onChange={(isOn) => {
          onChange({ ...field, isRequired: isOn });
        }}
      />
      <TextMember name="description" label="Description" schema={schema} onChange={set} />
      <TypeFields label="Types" schema={schema} onChange={set} />
      <JsonField
        label="What else holds: enum, minimum, pattern …"
        isLabelShown
        value={restOf(schema)}
        onChange={(rest) => {
          if (isPart(rest)) set(withRest(schema, rest));
        }}
      />
    </>
  );
}

/** A name takes effect when one leaves the field: on the way to it, it may be that of another field. */
function NameField({
  name,
  taken,
  onChange,
}: {
  readonly name: string;
  readonly taken: readonly string[];
  readonly onChange: (name: string) => void;
}): ReactNode {
  const [typed, setTyped] = useState<string>();
  const text = typed ?? name;
  const error = taken.includes(text) ? "There is a field of this name" : text === "" && "No name";
  return (
    <TextField
      label="Name"
      value={text}
      error={error}
      onChange={setTyped}
      onBlur={() => {
        if (error === false && text !== name) onChange(text);
        if (error === false) setTyped(undefined);
      }}
    />
  );
}

/** Types; and, where there are objects or arrays among them, what these hold. */
function TypeFields({
  label,
  schema,
  onChange,
}: SchemaProps & { readonly label: string }): ReactNode {
  const types = typesOf(schema);
  const known = new Set(schemaTypes);
  const items = isPart(schema["items"]) ? schema["items"] : {};
  return (
    <>
      <MultiSelect
        label={label}
        placeholder={types.length === 0 ? "Anything" : ""}
        data={[...schemaTypes, ...types.filter((each) => !known.has(each))]}
        value={[...types]}
        searchable
        hidePickedOptions
        onChange={(next) => {
          onChange(withTypes(schema, next));
        }}
      />
      {types.includes("object") && (
        <Box pl="sm" className="nested">
          <ObjectFields title="Fields within" schema={schema} onChange={onChange} />
        </Box>
      )}
      {types.includes("array") && (
        <Box pl="sm" className="nested">
          <TypeFields
            label="Types of its elements"
            schema={items}
            onChange={(next) => {
              const isEmpty = Object.keys(next).length === 0;
              onChange(withMember(schema, "items", isEmpty ? undefined : next));
            }}
          />
        </Box>
      )}
    </>
  );
}

function TextMember({
  name,
  label,
  schema,
  onChange,
}: SchemaProps & { readonly name: string; readonly label: string }): ReactNode {
  const value = schema[name];
  return (
    <TextField
      label={label}
      value={typeof value === "string" ? value : ""}
      onChange={(text) => {
        onChange(withMember(schema, name, text === "" ? undefined : text));
      }}
    />
  );
}
