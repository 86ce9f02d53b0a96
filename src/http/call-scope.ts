/** What a call over HTTP is done with. */
import type { AppConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { Findings } from "../config/findings.ts";
import type { RequestInfo, Scope } from "../config/scope.ts";
import type { User } from "../config/user.ts";
import type { Exchange } from "./exchange.ts";

/** A class, since its signal is made when somebody asks for it, and a getter in an object literal is slow to make. */
export class CallScope implements Scope {
  readonly app: App;
  readonly config: AppConfig | undefined;
  readonly caller: User;
  readonly user: User;
  readonly request: RequestInfo;
  readonly findings: Findings;
  readonly #exchange: Exchange;

  constructor(
    exchange: Exchange,
    { app, config, caller }: Pick<Scope, "app" | "config" | "caller">,
    request: RequestInfo,
  ) {
    this.#exchange = exchange;
    this.app = app;
    this.config = config;
    this.caller = caller;
    this.user = caller;
    this.request = request;
    this.findings = exchange.entry;
  }

  get signal(): AbortSignal {
    return this.#exchange.signal;
  }
}
