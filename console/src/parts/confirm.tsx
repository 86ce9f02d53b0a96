import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";

/** Asks before what can not be undone. @param verb of the button: "Delete" */
export function confirm(question: {
  readonly title: string;
  readonly text: string;
  readonly verb: string;
  readonly onConfirm: () => void;
}): void {
  modals.openConfirmModal({
    title: question.title,
    children: <Text size="sm">{question.text}</Text>,
    labels: { confirm: question.verb, cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: question.onConfirm,
  });
}
