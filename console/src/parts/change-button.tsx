/** Buttons of what changes something: not offered to whoever may only look. */
import { Button, type ButtonProps } from "@mantine/core";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { useMayChange } from "../shell/may-change.ts";
import { confirm } from "./confirm.tsx";
import { useGoesToDraft } from "./use-edit.ts";

type Props = ButtonProps & Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof ButtonProps>;

export function ChangeButton(props: Props): ReactNode {
  return useMayChange() ? <Button {...props} /> : null;
}

/** Asks first, unless it goes into a draft and can be undone. @param title of the question: "Delete the key x?" */
export function DeleteButton({
  title,
  text,
  verb = "Delete",
  isUndoable = false,
  onConfirm,
  ...props
}: Omit<Props, "onClick" | "title" | "children"> & {
  readonly verb?: string;
  readonly title: string;
  /** What follows from it. */
  readonly text: string;
  /** Of what a draft holds. */
  readonly isUndoable?: boolean;
  readonly onConfirm: () => void;
}): ReactNode {
  const goesToDraft = useGoesToDraft();
  const isAsked = !isUndoable || !goesToDraft;
  return (
    <ChangeButton
      size="compact-sm"
      variant="subtle"
      color="red"
      {...props}
      onClick={() => {
        if (isAsked) confirm({ title, text, verb, onConfirm });
        else onConfirm();
      }}
    >
      {isAsked ? `${verb} …` : verb}
    </ChangeButton>
  );
}
