/** What requests are answered with. */
import type { ApiKeys } from "../auth/api-keys.ts";
import type { Auth } from "../auth/auth.ts";
import type { ObjectId } from "../bson/value.ts";
import type { AppRegistry } from "../config/app-registry.ts";
import type { LiveConfigs } from "../config/live-configs.ts";
import type { Functions } from "../functions/function-call.ts";
import type { Limits } from "../kit/limits.ts";
import type { Log } from "../logs/log.ts";
import type { Recorder } from "../logs/recorder.ts";
import type { DataAccess } from "../rules/open-namespace.ts";
import type { Admission } from "./admission.ts";
import type { BodyBudget } from "./body-budget.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Exchange } from "./exchange.ts";
import type { Forwarding } from "./forwarding.ts";
import type { HeavyText } from "./heavy-text.ts";
import type { RateLimits } from "./rate-limits.ts";

/** Made once, by `server.ts`. */
export interface Services {
  readonly apps: AppRegistry;
  readonly keys: ApiKeys;
  readonly auth: Auth;
  readonly configs: LiveConfigs;
  readonly access: DataAccess;
  readonly functions: Functions;
  /** A secret of an app (its 24 hex digits); undefined where it is not set. */
  readonly openSecret: (appId: string, name: string) => Promise<string | undefined>;
  readonly limits: Limits;
  /** Only the fields that the original's actions knew. */
  readonly isStrict: boolean;
  readonly corsCredentialHeaders: boolean;
  readonly logsRequests: boolean;
  readonly forwarding: Forwarding;
  readonly heavyText: HeavyText;
  readonly admission: Admission;
  readonly bodies: BodyBudget;
  readonly deadlines: Deadlines<Exchange>;
  readonly log: Log;
  readonly newId: () => ObjectId;
  /** Whether new requests are welcome: false from SIGTERM on. */
  readonly isReady: () => boolean;
  /** Whether the store of Petiole's own state can serve. */
  readonly isStateReady: () => Promise<boolean>;
  readonly recorder: Recorder;
  readonly rateLimits: RateLimits;
  /** Answers what is not under `/app`; resolves when the answer has left. */
  readonly manage: (exchange: Exchange) => Promise<void>;
}
