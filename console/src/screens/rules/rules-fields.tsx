/** Roles and filters as a form. What it has no field for stays in the JSON. */
import { Accordion, ActionIcon, Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { TextField } from "../../parts/fields.tsx";
import { JsonField } from "../../parts/json-field.tsx";
import { useIsLocked } from "../../parts/editable.tsx";
import { ExpressionField } from "./expression-field.tsx";

type Part = Readonly<Record<string, unknown>>;
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
        fresh={{ apply_when: {}, document_filters: { read: true, write: true }, read: true }}
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
        fresh={{ apply_when: {}, query: {} }}
        fields={(part, set) => <FilterFields filter={part} onChange={set} />}
      />
    </Stack>
  );
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function partsOf(value: unknown): readonly Part[] {
  return Array.isArray(value) ? value.filter(isPart) : [];
}

function PartList({
  title,
  empty,
  one,
  parts,
  onChange,
  fresh,
  fields,
}: {
  readonly title: string;
  readonly empty: string;
  readonly one: string;
  readonly parts: readonly Part[];
  readonly onChange: (parts: readonly Part[]) => void;
  readonly fresh: Part;
  readonly fields: (part: Part, set: Change) => ReactNode;
}): ReactNode {
  const isLocked = useIsLocked();
  const nameOf = (part: Part, at: number): string =>
    typeof part["name"] === "string" && part["name"] !== "" ? part["name"] : `${one} ${at + 1}`;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600}>{title}</Text>
        {!isLocked && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              onChange([...parts, { name: `${one}-${parts.length + 1}`, ...fresh }]);
            }}
          >
            Add a {one}
          </Button>
        )}
      </Group>
      {parts.length === 0 && (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      )}
      <Accordion variant="contained" multiple defaultValue={parts.length === 1 ? ["0"] : []}>
        {parts.map((part, at) => (
          // Names may be the same, or change while one types.
          // oxlint-disable-next-line react/no-array-index-key
          <Accordion.Item key={at} value={String(at)}>
            <Accordion.Control>{nameOf(part, at)}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                {!isLocked && (
                  <Moves
                    name={nameOf(part, at)}
                    isFirst={at === 0}
                    isLast={at === parts.length - 1}
                    onMove={(by) => {
                      const rest = parts.filter((_, each) => each !== at);
                      onChange([...rest.slice(0, at + by), part, ...rest.slice(at + by)]);
                    }}
                    onRemove={() => {
                      onChange(parts.filter((_, each) => each !== at));
                    }}
                  />
                )}
                {fields(part, (next) => {
                  onChange(parts.map((each, place) => (place === at ? next : each)));
                })}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}

function Moves({
  name,
  isFirst,
  isLast,
  onMove,
  onRemove,
}: {
  readonly name: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}): ReactNode {
  return (
    <Group gap={4} justify="flex-end">
      <ActionIcon
        variant="subtle"
        color="gray"
        disabled={isFirst}
        aria-label={`Move ${name} up`}
        onClick={() => {
          onMove(-1);
        }}
      >
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        disabled={isLast}
        aria-label={`Move ${name} down`}
        onClick={() => {
          onMove(1);
        }}
      >
        <IconArrowDown size={16} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="red" aria-label={`Remove ${name}`} onClick={onRemove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}

/** A member that is undefined is left out. */
function withMember(part: Part, name: string, value: unknown): Part {
  if (value !== undefined) return { ...part, [name]: value };
  return Object.fromEntries(Object.entries(part).filter(([each]) => each !== name));
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
