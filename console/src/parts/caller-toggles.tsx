import type { ReactNode } from "react";
import { Toggle } from "./fields.tsx";

/** What a call does with its caller, of the Data API and of endpoints alike. */
export interface CallerSettings {
  readonly fetch_custom_user_data: boolean;
  readonly create_user_on_auth: boolean;
}

export function CallerToggles({
  value,
  onChange,
}: {
  readonly value: CallerSettings;
  readonly onChange: (changes: Partial<CallerSettings>) => void;
}): ReactNode {
  return (
    <>
      <Toggle
        label="Load the caller's custom data"
        checked={value.fetch_custom_user_data}
        onChange={(isOn) => {
          onChange({ fetch_custom_user_data: isOn });
        }}
      />
      <Toggle
        label="Make a user of a caller whose credentials are good but who is not known yet"
        checked={value.create_user_on_auth}
        onChange={(isOn) => {
          onChange({ create_user_on_auth: isOn });
        }}
      />
    </>
  );
}
