/** One call of a function in this host: from the frame that asks for it to the one that answers. */
import type { Channel } from "./channel.ts";
import { createContext, type HostFacts } from "./context.ts";
import { createLines, type Lines } from "./console.ts";
import { type RunningCall, runInCall } from "./current-call.ts";
import { decodeDocument } from "./decode.ts";
import { encodeFields } from "./encode.ts";
import { createRequest, createResponse } from "./endpoint.ts";
import { ejsonGlobal } from "./ejson.ts";
import { bsonGlobal } from "./bson-classes.ts";
import { cryptoUtils } from "./crypto.ts";
import { jwtUtils } from "./jwt.ts";
import { compileEvaluation, compileProgram, type Program } from "./program.ts";

/** Concurrent asynchronous operations of one call. */
const operationsMax = 1000;

/** Of a returned value, as BSON. */
const resultBytesMax = 16 * 2 ** 20;

const resetMatch = /^/;

const sharedUtils = Object.freeze({
  crypto: Object.freeze(cryptoUtils),
  jwt: Object.freeze(jwtUtils),
});
const sharedBson = Object.freeze(bsonGlobal);
const sharedEjson = Object.freeze(ejsonGlobal);

interface CallWire {
  /** Of a function that was handed over by its name. */
  readonly name: string;
  /** Of a source that is no part of the app. */
  readonly source?: string;
  readonly evaluate?: string;
  readonly arguments: readonly unknown[];
  readonly user: unknown;
  readonly request?: unknown;
  readonly isSystem: boolean;
  readonly endpoint?: Readonly<Record<string, unknown>>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(cause: Error): void;
}

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
  const running = new Map<number, Call>();

  function programOf(name: string): Program {
    const known = programs.get(name);
    if (known !== undefined) return known;
    const made = compileProgram(name, sources.get(name) ?? "");
    programs.set(name, made);
    return made;
  }

  return {
    setSource(name, source) {
      sources.set(name, source);
      programs.delete(name);
    },
    begin(id, body) {
      const call = new Call(id, channel, (ended) => running.delete(ended));
      running.set(id, call);
      channel.sendNow("begun", id);
      const wire = decodeDocument(body) as unknown as CallWire;
      runInCall(call, () => {
        void call.run(wire, facts, require, programOf);
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

class Call implements RunningCall {
  sockets = 0;
  readonly #id: number;
  readonly #channel: Channel;
  readonly #onEnd: (id: number) => void;
  readonly #lines: Lines = createLines();
  readonly #waiting = new Map<number, Waiting>();
  #isEnded = false;
  #asked = 0;
  #pending = 0;

  constructor(id: number, channel: Channel, onEnd: (id: number) => void) {
    this.#id = id;
    this.#channel = channel;
    this.#onEnd = onEnd;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  async run(
    wire: CallWire,
    facts: HostFacts,
    require: (specifier: unknown) => unknown,
    programOf: (name: string) => Program,
  ): Promise<void> {
    try {
      const program =
        wire.source === undefined ? programOf(wire.name) : compileProgram(wire.name, wire.source);
      const { user, request, isSystem } = wire;
      const context = createContext(facts, { user, request, isSystem }, this.ask);
      const given = this.#givenValues(context, require);
      // The engine keeps what the last pattern matched, of whatever call.
      resetMatch.exec("");
      const exported = program.load(given);
      if (wire.evaluate !== undefined) {
        const evaluation = compileEvaluation(wire.evaluate);
        this.#return(await evaluation([...given.slice(0, 7), exported, ...given.slice(8)]));
        return;
      }
      await this.#callExported(wire, exported);
    } catch (cause) {
      this.fail(cause);
    }
  }

  async #callExported(wire: CallWire, exported: unknown): Promise<void> {
    if (typeof exported !== "function")
      throw new TypeError(`'${wire.name}' does not export a function`);
    const run = exported as (...given: readonly unknown[]) => unknown;
    if (wire.endpoint === undefined) {
      const result = run(...wire.arguments);
      this.#return(isThenable(result) ? await result : result);
      return;
    }
    const { response, result } = createResponse();
    const value = await run(createRequest(wire.endpoint), response);
    this.#return(value, result.read());
  }

  /** In the order of `givenNames`. */
  #givenValues(context: object, require: unknown): readonly unknown[] {
    const exports = {};
    const global = Object.create(globalThis) as object;
    return [
      context,
      sharedBson,
      sharedEjson,
      sharedUtils,
      this.#lines.console,
      require,
      { exports },
      exports,
      global,
      global,
    ];
  }

  /** Asks the server to do something in the name of this call. */
  readonly ask = async (
    operation: string,
    fields: Readonly<Record<string, unknown>>,
  ): Promise<unknown> => {
    this.begin();
    const sequence = (this.#asked += 1);
    try {
      const body = encodeFields([["operation", operation], ...Object.entries(fields)]);
      return await new Promise<unknown>((resolve, reject) => {
        this.#waiting.set(sequence, { resolve, reject });
        // One of an ended call is never answered: what waits for it must not go on.
        if (!this.#isEnded) this.#channel.send("operation", this.#id, sequence, body);
      });
    } finally {
      this.finish();
    }
  };

  settle(sequence: number, body: Buffer): void {
    const waiting = this.#waiting.get(sequence);
    this.#waiting.delete(sequence);
    if (waiting === undefined || this.#isEnded) return;
    const { value, error } = decodeDocument(body) as {
      readonly value?: unknown;
      readonly error?: Readonly<Record<string, unknown>>;
    };
    if (error === undefined) waiting.resolve(value);
    else waiting.reject(toError(error));
  }

  begin(): void {
    if (this.#pending >= operationsMax)
      throw new Error(`exceeded max async work queue size of ${operationsMax}`);
    this.#pending += 1;
  }

  finish(): void {
    this.#pending = Math.max(0, this.#pending - 1);
  }

  #return(value: unknown, response?: Readonly<Record<string, unknown>>): void {
    if (this.#isEnded) return;
    const body = encodeFields([
      ["value", value],
      ["response", response],
      ["logs", this.#lines.lines],
    ]);
    if (body.length > resultBytesMax)
      throw new RangeError(`the result has more than ${resultBytesMax} bytes`);
    this.#channel.send("returned", this.#id, 0, body);
    this.end();
  }

  fail(cause: unknown): void {
    if (this.#isEnded) return;
    const body = encodeFields([...describeFailure(cause), ["logs", this.#lines.lines]]);
    this.#channel.send("failed", this.#id, 0, body);
    this.end();
  }

  end(): void {
    this.#isEnded = true;
    this.#waiting.clear();
    this.#onEnd(this.#id);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { readonly then?: unknown }).then === "function"
  );
}

function toError({ message, code, codeName, name }: Readonly<Record<string, unknown>>): Error {
  const error = new Error(String(message));
  if (typeof name === "string") error.name = name;
  return Object.assign(
    error,
    code === undefined ? {} : { code },
    codeName === undefined ? {} : { codeName },
  );
}

const messageLengthMax = 10_000;

/** What is thrown may be anything, and may be made to trap whoever looks at it. */
function describeFailure(cause: unknown): readonly (readonly [string, unknown])[] {
  try {
    if (cause instanceof Error) {
      const { message, name, stack } = cause as { readonly [field in keyof Error]: unknown };
      return [
        ["message", asText(message).slice(0, messageLengthMax)],
        ["name", asText(name)],
        ["stack", asText(stack).slice(0, messageLengthMax)],
      ];
    }
    return [["message", thrownText(cause).slice(0, messageLengthMax)]];
  } catch {
    return [["message", "the function threw something that can not be shown"]];
  }
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

// Atlas: what a thrown object that is no error gave is not known. Here its `message` if it has one, else its JSON.
function thrownText(cause: unknown): string {
  if (typeof cause === "string") return cause;
  if (typeof cause !== "object" || cause === null) return String(cause);
  const { message } = cause as { readonly message?: unknown };
  if (typeof message === "string") return message;
  const { stringify } = sharedEjson as {
    readonly stringify: (value: unknown, options: object) => string;
  };
  return stringify(cause, { relaxed: true });
}
