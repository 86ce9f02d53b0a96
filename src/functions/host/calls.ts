/** The calls that are in this host, and the programs that they share. */
import { TicketTable } from "../../kit/slots.ts";
import { Call, type CallEnvironment } from "./call.ts";
import { readCall } from "./call-wire.ts";
import type { Channel } from "./channel.ts";
import type { HostFacts } from "./context.ts";
import { runInCall } from "./current-call.ts";
import { compileProgram, type Program } from "./program.ts";

export interface Calls {
  /** A function's source; it is compiled when it is first called. */
  setSource(name: string, source: string): void;
  begin(id: number, body: Buffer): void;
  reply(id: number, sequence: number, body: Buffer): void;
  cancel(id: number): void;
}

export interface CallsOptions {
  readonly channel: Channel;
  readonly facts: HostFacts;
  readonly require: (specifier: unknown) => unknown;
}

export function createCalls({ channel, facts, require }: CallsOptions): Calls {
  const sources = new Map<string, string>();
  const programs = new Map<string, Program>();
  const running = new TicketTable<Call>();
  const environment: CallEnvironment = {
    channel,
    facts,
    require,
    programOf(name) {
      const known = programs.get(name);
      if (known !== undefined) return known;
      const made = compileProgram(name, sources.get(name) ?? "");
      programs.set(name, made);
      return made;
    },
    forget: (id) => running.delete(id),
  };

  return {
    setSource(name, source) {
      sources.set(name, source);
      programs.delete(name);
    },
    begin(id, body) {
      const call = new Call(id, environment);
      running.set(id, call);
      channel.noteBegun();
      runInCall(call, () => {
        void call.run(readCall(body));
      });
    },
    reply(id, sequence, body) {
      running.get(id)?.settle(sequence, body);
    },
    cancel(id) {
      running.get(id)?.end();
    },
  };
}
