/**
 * The program of a process that runs the code in queries of one app: the work on documents of `store/heavy-tasks.ts`,
 * with code. As a host of functions it has no environment, no files but its own, and no network.
 *
 * @module
 */
import { writeSync } from "node:fs";
import { bsonGlobal } from "../host/bson-classes.ts";
import { freezeClass, freezeIntrinsics, lockGlobals } from "../host/harden.ts";
import { guardNetwork } from "../host/network-guard.ts";
import { disarmProcess, harmlessProcess } from "../host/process.ts";
import type { ToThread } from "../../store/heavy-task.ts";
import { serveTasks } from "../../store/heavy-tasks.ts";
import { scriptClasses } from "./constructors.ts";
import { extendIntrinsics } from "./shell-functions.ts";
import { createRunner } from "./runner.ts";

const exit = process.exit.bind(process);
const send = process.send?.bind(process);
const take = serveTasks((message) => send?.(message), createRunner);

process.on("message", (message) => {
  take(message as ToThread);
});
process.on("disconnect", () => {
  exit(0);
});
process.on("uncaughtException", (cause) => {
  writeSync(2, cause.stack ?? String(cause));
  exit(1);
});
// A promise of code that nobody waits for.
process.on("unhandledRejection", () => {});
closeDoors();

/** After this, code may run. */
function closeDoors(): void {
  guardNetwork({ isAllowed: () => false });
  extendIntrinsics();
  for (const made of [...Object.values(scriptClasses), ...Object.values(bsonGlobal)])
    freezeClass(made);
  for (const made of [Buffer, URL, URLSearchParams, TextEncoder, TextDecoder]) freezeClass(made);
  for (const made of [EventTarget, Event, AbortController, AbortSignal]) freezeClass(made);
  disarmProcess();
  lockGlobals({ process: harmlessProcess });
  freezeIntrinsics();
}
