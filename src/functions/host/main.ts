/**
 * The program of a host: a process that runs an app's functions and nothing else.
 *
 * It is started with no environment, no files but its own and the packages', and one pipe. Everything that a function
 * wants from outside it asks the server for.
 *
 * @module
 */
import { writeSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { createAddressRules } from "../addresses.ts";
import { type Frame, frameKinds } from "../frames.ts";
import { bsonGlobal } from "./bson-classes.ts";
import { type Calls, createCalls } from "./calls.ts";
import { type Channel, openChannel } from "./channel.ts";
import type { HostFacts } from "./context.ts";
import { currentCall } from "./current-call.ts";
import { decodeDocument } from "./decode.ts";
import { allowFiles } from "./file-system.ts";
import { freezeClass, freezeIntrinsics, lockGlobals } from "./harden.ts";
import { createModules } from "./modules.ts";
import { guardNetwork } from "./network-guard.ts";
import { disarmProcess, harmlessProcess } from "./process.ts";
import { createTimers } from "./timers.ts";

interface Start {
  readonly app: object;
  readonly environment: object;
  readonly services: Readonly<Record<string, string>>;
  readonly dependencies?: string;
  /** Addresses that may be connected to although they are not public. */
  readonly allowedAddresses: readonly string[];
}

// As in the server, whose calls wait for something too.
setFlagsFromString("--no-allocation-site-pretenuring");

const exit = process.exit.bind(process);
let calls: Calls | undefined;
let facts: HostFacts | undefined;

const channel: Channel = openChannel((frame) => {
  try {
    take(frame);
  } catch (cause) {
    // A mistake of the host's own: one that goes on would leave calls unanswered. The server logs what it printed.
    writeSync(2, cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
    exit(1);
  }
});

function take(frame: Frame): void {
  const { kind, call, sequence, body } = frame;
  switch (kind) {
    case frameKinds.call:
      calls?.begin(call, body);
      return;
    case frameKinds.reply:
      calls?.reply(call, sequence, body);
      return;
    case frameKinds.cancel:
      calls?.cancel(call);
      return;
    case frameKinds.ping:
      channel.send("pong", 0, sequence);
      return;
    case frameKinds.source: {
      const { name, source } = decodeDocument(body) as { name: string; source: string };
      calls?.setSource(name, source);
      return;
    }
    case frameKinds.values:
      if (facts !== undefined) facts.values = decodeDocument(body);
      return;
    case frameKinds.start:
      start(decodeDocument(body) as unknown as Start);
  }
}

function start({ app, environment, services, dependencies, allowedAddresses }: Start): void {
  facts = { app, environment, services, values: {} };
  allowFiles(dependencies);
  guardNetwork(createAddressRules(allowedAddresses));
  calls = createCalls({ channel, facts, require: createModules(dependencies) });
  process.on("uncaughtException", blame);
  process.on("unhandledRejection", blame);
  closeDoors();
  channel.send("ready", 0, 0);
}

/** After this, user code may run. */
function closeDoors(): void {
  for (const made of Object.values(bsonGlobal)) freezeClass(made);
  for (const made of [Buffer, URL, URLSearchParams, TextEncoder, TextDecoder]) freezeClass(made);
  for (const made of [EventTarget, Event, AbortController, AbortSignal]) freezeClass(made);
  disarmProcess();
  lockGlobals({ ...createTimers(), process: harmlessProcess });
  freezeIntrinsics();
}

/** An error that nobody caught fails the call it came from. One of a call that is over hurts nobody. */
function blame(cause: unknown): void {
  currentCall()?.fail(cause);
}
