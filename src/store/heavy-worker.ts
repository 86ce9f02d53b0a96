/** The thread of `heavy-work.ts`: it runs no code of the sender's. */
import { parentPort } from "node:worker_threads";
import type { ToThread } from "./heavy-task.ts";
import { serveTasks } from "./heavy-tasks.ts";

const take = serveTasks((message, owned) => {
  const whole = owned.filter(({ buffer, byteLength }) => buffer.byteLength === byteLength);
  const transfer = [...new Set(whole.map(({ buffer }) => buffer as ArrayBuffer))];
  parentPort?.postMessage(message, transfer);
});

parentPort?.on("message", (message: ToThread) => {
  take(message);
});
