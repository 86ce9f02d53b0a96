/** Fields of forms, which hand over what they hold rather than an event. */
import {
  PasswordInput,
  type PasswordInputProps,
  Switch,
  type SwitchProps,
  TextInput,
  type TextInputProps,
} from "@mantine/core";
import type { ReactNode } from "react";

type Told<Props, Value> = Omit<Props, "onChange"> & { readonly onChange: (value: Value) => void };

export function TextField({ onChange, ...props }: Told<TextInputProps, string>): ReactNode {
  return (
    <TextInput
      {...props}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}

/** A new password, or another secret that is not shown. */
export function SecretField({ onChange, ...props }: Told<PasswordInputProps, string>): ReactNode {
  return (
    <PasswordInput
      autoComplete="new-password"
      {...props}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}

export function Toggle({ onChange, ...props }: Told<SwitchProps, boolean>): ReactNode {
  return (
    <Switch
      {...props}
      onChange={(event) => {
        onChange(event.currentTarget.checked);
      }}
    />
  );
}
