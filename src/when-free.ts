/** Waiting for the process before: it holds the data directory until its last request is answered. */
import type { Settings } from "./config/settings.ts";
import type { Log } from "./logs/log.ts";
import { DirectoryInUse } from "./store/lock-file.ts";

const lookMs = 100;

/**
 * Opens what another process may still hold, trying again for as long as the settings allow.
 *
 * @throws what the last attempt threw
 */
export async function whenFree<T>(
  { waitSeconds }: Pick<Settings, "waitSeconds">,
  log: Log,
  open: () => Promise<T>,
): Promise<T> {
  const endsAt = performance.now() + waitSeconds * 1000;
  for (let attempt = 0; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await open();
    } catch (cause) {
      if (!(cause instanceof DirectoryInUse) || performance.now() >= endsAt) throw cause;
      if (attempt === 0) log.write("info", "waiting", { message: cause.message });
    }
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
