/** Buttons of what changes something: not offered to whoever may only look. */
import { Button, type ButtonProps } from "@mantine/core";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { useMayChange } from "../shell/may-change.ts";
import { confirm } from "./confirm.tsx";

type Props = ButtonProps & Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof ButtonProps>;

export function ChangeButton(props: Props): ReactNode {
  return useMayChange() ? <Button {...props} /> : null;
}

/** Asks first. @param title of the question: "Delete the key x?" */
export function DeleteButton({
  title,
  text,
  verb = "Delete",
  onConfirm,
  ...props
}: Omit<Props, "onClick" | "title" | "children"> & {
  readonly verb?: string;
  readonly title: string;
  /** What follows from it. */
  readonly text: string;
  readonly onConfirm: () => void;
}): ReactNode {
  return (
    <ChangeButton
      size="compact-sm"
      variant="subtle"
      color="red"
      {...props}
      onClick={() => {
        confirm({ title, text, verb, onConfirm });
      }}
    >
      {verb} …
    </ChangeButton>
  );
}
