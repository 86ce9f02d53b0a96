/** Roles and filters as a form. What it has no field for stays in the JSON. */
import { SimpleGrid, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { TextField } from "../../parts/fields.tsx";
import { JsonField } from "../../parts/json-field.tsx";
import { isPart, type Part, partsOf, withMember } from "../../parts/json-part.ts";
import { PartList } from "../../parts/part-list.tsx";
import { ExpressionField } from "./expression-field.tsx";

type Change = (next: Part) => void;

interface Lists extends Part {
  readonly roles?: readonly Part[];
  readonly filters?: readonly Part[];
}

export function RulesFields({
  value,
  onChange,
}: {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}): ReactNode {
  const lists: Lists = isPart(value) ? value : {};
  const { roles, filters } = lists;
  return (
    <Stack>
      <PartList
        title="Roles"
        empty="Without a role nobody but the system reads or writes here."
        one="role"
        parts={partsOf(roles)}
        onChange={(next) => {
          onChange({ ...lists, roles: next });
        }}
        make={(name) => ({
          name,
          apply_when: {},
          document_filters: { read: true, write: true },
          read: true,
        })}
        fields={(part, set) => <RoleFields role={part} onChange={set} />}
      />
      <PartList
        title="Filters"
        empty="None: queries are as they come."
        one="filter"
        parts={partsOf(filters)}
        onChange={(next) => {
          onChange({ ...lists, filters: next });
        }}
        make={(name) => ({ name, apply_when: {}, query: {} })}
        fields={(part, set) => <FilterFields filter={part} onChange={set} />}
      />
    </Stack>
  );
}

const permissions = ["insert", "delete", "search", "read", "write"] as const;
const permissionLabels: Readonly<Record<(typeof permissions)[number], string>> = {
  insert: "May insert",
  delete: "May delete",
  search: "May search",
  read: "Reads all fields",
  write: "Writes all fields",
};

function RoleFields({
  role,
  onChange,
}: {
  readonly role: Part;
  readonly onChange: Change;
}): ReactNode {
  const set = (name: string, value: unknown): void => {
    onChange(withMember(role, name, value));
  };
  const documents = isPart(role["document_filters"]) ? role["document_filters"] : {};
  return (
    <>
      <NameField part={role} onChange={onChange} />
      <JsonField
        label="Whose role it is: apply_when"
        isLabelShown
        value={role["apply_when"]}
        onChange={(value) => {
          set("apply_when", value);
        }}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {(["read", "write"] as const).map((name) => (
          <ExpressionField
            key={name}
            label={name === "read" ? "Documents it reads" : "Documents it writes"}
            value={documents[name]}
            onChange={(value) => {
              set("document_filters", withMember(documents, name, value));
            }}
          />
        ))}
        {permissions.map((name) => (
          <ExpressionField
            key={name}
            label={permissionLabels[name]}
            value={role[name]}
            onChange={(value) => {
              set(name, value);
            }}
          />
        ))}
      </SimpleGrid>
      <JsonField
        label="Single fields: fields"
        isLabelShown
        value={role["fields"] ?? {}}
        onChange={(value) => {
          set("fields", isPart(value) && Object.keys(value).length === 0 ? undefined : value);
        }}
      />
    </>
  );
}

function FilterFields({
  filter,
  onChange,
}: {
  readonly filter: Part;
  readonly onChange: Change;
}): ReactNode {
  return (
    <>
      <NameField part={filter} onChange={onChange} />
      {(
        [
          ["apply_when", "For whose queries: apply_when"],
          ["query", "What is added to the query"],
          ["projection", "Projection"],
        ] as const
      ).map(([name, label]) => (
        <JsonField
          key={name}
          label={label}
          isLabelShown
          value={filter[name] ?? {}}
          onChange={(value) => {
            onChange(withMember(filter, name, value));
          }}
        />
      ))}
    </>
  );
}

function NameField({
  part,
  onChange,
}: {
  readonly part: Part;
  readonly onChange: Change;
}): ReactNode {
  return (
    <TextField
      label="Name"
      value={typeof part["name"] === "string" ? part["name"] : ""}
      onChange={(name) => {
        onChange(withMember(part, "name", name));
      }}
    />
  );
}
