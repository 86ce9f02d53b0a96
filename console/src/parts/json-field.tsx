import { Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";

/** A small value as JSON, handed over whenever what is typed is whole. */
export function JsonField({
  label,
  value,
  onChange,
  isLabelShown = false,
}: {
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly isLabelShown?: boolean;
}): ReactNode {
  // Printed anew while one types, the text would jump.
  const [typed, setTyped] = useState<string>();
  const [isWrong, setIsWrong] = useState(false);
  return (
    <Textarea
      {...(isLabelShown ? { label } : { "aria-label": label })}
      value={typed ?? JSON.stringify(value, null, 2) ?? ""}
      error={isWrong && "This is no JSON yet"}
      autosize
      minRows={1}
      maxRows={14}
      styles={{ input: { fontFamily: "var(--petiole-mono)", fontSize: 13 } }}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        try {
          onChange(JSON.parse(text));
          setIsWrong(false);
        } catch {
          setIsWrong(true);
        }
      }}
      onBlur={() => {
        if (!isWrong) setTyped(undefined);
      }}
    />
  );
}
