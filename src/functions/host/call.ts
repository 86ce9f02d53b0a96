/** One call of a function in this host: from the frame that asks for it to the one that answers. */
import { bsonGlobal } from "./bson-classes.ts";
import { describeFailure, toError } from "./call-failure.ts";
import type { Asked } from "./ask.ts";
import type { CallWire } from "./call-wire.ts";
import type { Channel } from "./channel.ts";
import { Lines } from "./console.ts";
import { createContext, type HostFacts } from "./context.ts";
import { cryptoUtils } from "./crypto.ts";
import type { RunningCall } from "./current-call.ts";
import { decodeDocument } from "./decode.ts";
import { ejsonGlobal } from "./ejson.ts";
import { encodeFields } from "./encode.ts";
import { createResponse } from "./response.ts";
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

interface Waiting {
  resolve(value: unknown): void;
  reject(cause: Error): void;
}

/** What all calls share. */
export interface CallEnvironment {
  readonly channel: Channel;
  readonly facts: HostFacts;
  readonly require: (specifier: unknown) => unknown;
  readonly programOf: (name: string) => Program;
  /** The call has ended. */
  forget(id: number): void;
}

export class Call implements RunningCall {
  sockets = 0;
  readonly #id: number;
  readonly #environment: CallEnvironment;
  readonly #lines = new Lines();
  readonly #waiting = new Map<number, Waiting>();
  #isEnded = false;
  #asked = 0;
  #pending = 0;

  constructor(id: number, environment: CallEnvironment) {
    this.#id = id;
    this.#environment = environment;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  async run(wire: CallWire): Promise<void> {
    try {
      const { name, source, evaluate } = wire.head;
      const { facts, programOf } = this.#environment;
      const program = source === undefined ? programOf(name) : compileProgram(name, source);
      const given = this.#givenValues(createContext(facts, wire, this.ask));
      // The engine keeps what the last pattern matched, of whatever call.
      resetMatch.exec("");
      const exported = program.load(given);
      if (evaluate === undefined) await this.#callExported(wire, exported);
      else {
        const evaluation = compileEvaluation(evaluate);
        this.#return(await evaluation([...given.slice(0, 7), exported, ...given.slice(8)]));
      }
    } catch (cause) {
      this.fail(cause);
    }
  }

  async #callExported({ head, endpoint }: CallWire, exported: unknown): Promise<void> {
    if (typeof exported !== "function")
      throw new TypeError(`'${head.name}' does not export a function`);
    const run = exported as (...given: readonly unknown[]) => unknown;
    if (endpoint === undefined) {
      const result = run(...head.arguments);
      this.#return(isThenable(result) ? await result : result);
      return;
    }
    const { query, headers, body } = endpoint;
    const request = body === undefined ? { query, headers } : { query, headers, body };
    const { response, result } = createResponse();
    const returned = run(request, response);
    const value = isThenable(returned) ? await returned : returned;
    this.#return(value, result.read());
  }

  /** In the order of `givenNames`. */
  #givenValues(context: object): readonly unknown[] {
    const exports = {};
    const global = Object.create(globalThis) as object;
    return [
      context,
      sharedBson,
      sharedEjson,
      sharedUtils,
      this.#lines.console,
      this.#environment.require,
      { exports },
      exports,
      global,
      global,
    ];
  }

  /** Asks the server to do something in the name of this call. */
  // oxlint-disable-next-line typescript/promise-function-async
  readonly ask = (asked: Asked | (() => Asked)): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const fields = typeof asked === "function" ? asked() : asked;
      this.begin();
      const sequence = (this.#asked += 1);
      try {
        encodeFields(fields, (bytes) => {
          // One of an ended call is never answered: what waits for it must not go on.
          if (this.#isEnded) return;
          this.#environment.channel.send("operation", this.#id, sequence, bytes);
          this.#waiting.set(sequence, { resolve, reject });
        });
      } catch (cause) {
        this.finish();
        throw cause;
      }
    });

  settle(sequence: number, body: Buffer): void {
    const waiting = this.#waiting.get(sequence);
    if (waiting === undefined || this.#isEnded) return;
    this.#waiting.delete(sequence);
    this.finish();
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

  #return(value: unknown, response?: object): void {
    if (this.#isEnded) return;
    encodeFields({ value, response, logs: this.#lines.written }, (bytes) => {
      if (bytes.length > resultBytesMax)
        throw new RangeError(`the result has more than ${resultBytesMax} bytes`);
      // Encoding may have run code of the function's that has failed it.
      if (!this.#isEnded) this.#environment.channel.send("returned", this.#id, 0, bytes);
    });
    this.end();
  }

  fail(cause: unknown): void {
    if (this.#isEnded) return;
    encodeFields({ ...describeFailure(cause), logs: this.#lines.written }, (bytes) => {
      this.#environment.channel.send("failed", this.#id, 0, bytes);
    });
    this.end();
  }

  end(): void {
    this.#isEnded = true;
    this.#waiting.clear();
    this.#environment.forget(this.#id);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { readonly then?: unknown }).then === "function"
  );
}
