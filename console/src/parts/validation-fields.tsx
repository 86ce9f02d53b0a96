/** What is checked of a request before it is looked at, and the secret that it takes. */
import { Select, SimpleGrid } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { secretsQuery, type Validated, validations } from "../api/parts-of-app.ts";
import { useCurrentApp } from "../shell/current-app.ts";

const labels: Readonly<Record<(typeof validations)[number], string>> = {
  NO_VALIDATION: "None",
  SECRET_AS_QUERY_PARAM: "A secret in the address (?secret=…)",
  VERIFY_PAYLOAD: "A signature over the body",
};

export function ValidationFields({
  value,
  onChange,
}: {
  readonly value: Validated;
  readonly onChange: (changes: Partial<Validated>) => void;
}): ReactNode {
  const { path } = useCurrentApp();
  const { data: secrets } = useSuspenseQuery(secretsQuery(path));
  const { validation_method: method, secret_name: name } = value;
  const names = secrets.map((each) => each.name);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <Select
        label="Checks of the request"
        data={validations.map((each) => ({ value: each, label: labels[each] }))}
        value={method}
        allowDeselect={false}
        onChange={(next) => {
          if (next !== null) onChange({ validation_method: next });
        }}
      />
      {method !== "NO_VALIDATION" && (
        <Select
          label="Secret"
          {...(names.length === 0 && { description: "Make one under Values & secrets first" })}
          // A secret may be named before it is set.
          data={name === undefined || names.includes(name) ? names : [...names, name]}
          value={name ?? null}
          onChange={(next) => {
            if (next !== null) onChange({ secret_name: next });
          }}
          required
        />
      )}
    </SimpleGrid>
  );
}
