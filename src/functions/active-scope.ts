/** The scope of a call that runs: what was asked for ends with it. */
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { Findings } from "../config/findings.ts";
import type { RequestInfo, Scope } from "../config/scope.ts";
import type { User } from "../config/user.ts";
import { CallSignal } from "../kit/call-signal.ts";

/** A class, since its signal is made when somebody asks for it, and a getter in an object literal is slow to make. */
export class ActiveScope implements Scope {
  readonly app: App;
  readonly config: AppConfig | undefined;
  readonly caller: User;
  readonly user: User;
  readonly request: RequestInfo | undefined;
  readonly findings: Findings | undefined;
  readonly #endsAt: number;
  #signal: CallSignal | undefined;
  #reason: Error | undefined;

  /** @param endsAt on the clock of `performance.now()` */
  constructor({ app, config, caller, user, request, findings }: Scope, endsAt: number) {
    this.app = app;
    this.config = config;
    this.caller = caller;
    this.user = user;
    this.request = request;
    this.findings = findings;
    this.#endsAt = endsAt;
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#signal = new CallSignal(this.#endsAt);
      if (this.#reason !== undefined) this.#signal.abort(this.#reason);
    }
    return this.#signal;
  }

  abort(reason: Error): void {
    this.#reason ??= reason;
    this.#signal?.abort(reason);
  }
}
