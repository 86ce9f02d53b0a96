/** Short messages in the corner. */
import { notifications } from "@mantine/notifications";
import { messageOf } from "../api/failure.ts";

export function sayDone(message: string): void {
  notifications.show({ message, color: "green" });
}

export function sayFailed(cause: unknown): void {
  notifications.show({
    title: "This did not work",
    message: messageOf(cause),
    color: "red",
    autoClose: 10_000,
  });
}
