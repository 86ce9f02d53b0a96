import { Group, SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { UserPicker } from "./user-picker.tsx";

/** Whether something runs as the system, or as a user of the app. */
export function RunAs({
  kind,
  userId,
  onChange,
}: {
  readonly kind: "system" | "user";
  readonly userId: string;
  readonly onChange: (kind: "system" | "user", userId: string) => void;
}): ReactNode {
  return (
    <Group align="flex-end">
      <SegmentedControl
        aria-label="Run as"
        data={[
          { value: "system", label: "System" },
          { value: "user", label: "A user" },
        ]}
        value={kind}
        onChange={(next) => {
          onChange(next, userId);
        }}
      />
      {kind === "user" && (
        <UserPicker
          value={userId}
          onChange={(id) => {
            onChange("user", id);
          }}
        />
      )}
    </Group>
  );
}
