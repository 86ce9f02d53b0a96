import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { call } from "../api/client.ts";
import { type AppUser, nameOf } from "../api/users.ts";
import { useCurrentApp } from "../shell/current-app.ts";

const shownMax = 20;

/** One of the app's users, found by e-mail address, name or id. */
export function UserPicker({
  value,
  onChange,
  label = "User",
  description,
}: {
  /** An id; empty for none. */
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly label?: string;
  readonly description?: string;
}): ReactNode {
  const { path } = useCurrentApp();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text, 250);
  const { data: users = [] } = useQuery({
    queryKey: [path, "users", "picker", asked],
    queryFn: async () =>
      call<readonly AppUser[]>({
        path: `${path}/users`,
        query: { limit: shownMax, sort: "_id", ...(asked !== "" && { q: asked }) },
      }),
  });
  const choices = users.map((user) => ({ value: user._id, label: nameOf(user) }));
  // An id that was typed in full, or chosen before, is a choice too.
  const others = [value, asked].filter(
    (id) => /^[0-9a-f]{24}$/.test(id) && choices.every((each) => each.value !== id),
  );
  const data = [...choices, ...[...new Set(others)].map((id) => ({ value: id, label: id }))];
  return (
    <Select
      label={label}
      {...(description !== undefined && { description })}
      placeholder="E-mail address, name or id"
      data={data}
      value={value === "" ? null : value}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "No user" }}
      nothingFoundMessage="No such user"
      filter={({ options }) => options}
      onSearchChange={setText}
      onChange={(id) => {
        onChange(id ?? "");
      }}
      miw={240}
    />
  );
}
