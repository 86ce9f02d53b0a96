/** `petiole deployments` and `petiole rollback`. */
import type { AppPlace } from "../app-desk.ts";
import { atDesk, say } from "../counter.ts";

/** The deployments that are kept, the newest first. */
export async function listDeployments(flags: AppPlace): Promise<void> {
  await atDesk(flags, async (desk) => {
    for (const { id, createdAt, author, message, isLive } of await desk.deployments())
      say(
        [id, isLive ? "live" : "    ", createdAt.toISOString(), author, message]
          .join("  ")
          .trimEnd(),
      );
  });
}

export async function rollback(id: string, flags: AppPlace): Promise<void> {
  await atDesk(flags, async (desk) => {
    await desk.rollback(id);
    say(`deployment ${id} of ${desk.clientAppId} is live`);
  });
}
