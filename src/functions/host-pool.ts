/**
 * The hosts of one app's deployment, in two lanes: functions in whose company hosts die run apart from all others, one
 * call to a host, until they have shown that they can end well.
 */
import {
  HostLane,
  type LaneCall,
  type LaneCounts,
  LaneFull,
  type LaneLimits,
} from "./host-lane.ts";
import type { HostEnd, HostEvents, HostProcess } from "./host-process.ts";

export type { LaneCall as PooledCall } from "./host-lane.ts";
export { LaneFull as PoolFull };

export interface HostPoolOptions {
  readonly limits: LaneLimits;
  readonly open: (events: HostEvents) => HostProcess;
  readonly onDeath: (reason: HostEnd, told: string) => void;
}

interface Conduct {
  returned: number;
  /** Hosts that died while it had a call there. */
  deaths: number;
}

/** So many calls must have ended well for each death. */
const returnedPerDeath = 20;

export class HostPool {
  readonly #calm: HostLane;
  readonly #apart: HostLane;
  readonly #conducts = new Map<string, Conduct>();

  constructor({ limits, open, onDeath }: HostPoolOptions) {
    const onBlame = (name: string): void => {
      this.#conductOf(name).deaths += 1;
    };
    this.#calm = new HostLane({ limits, open, onDeath, onBlame });
    const alone = { ...limits, hostsMin: 1, callsAtOnceMax: 1 };
    this.#apart = new HostLane({ limits: alone, open, onDeath, onBlame });
  }

  #conductOf(name: string): Conduct {
    const known = this.#conducts.get(name);
    if (known !== undefined) return known;
    const made = { returned: 0, deaths: 0 };
    this.#conducts.set(name, made);
    return made;
  }

  /** @param options.isNested it is called by another call, which must not wait for a seat behind itself @throws {PoolFull} */
  run(call: LaneCall, options: { readonly isNested: boolean }): void {
    const { returned, deaths } = this.#conductOf(call.name);
    const lane = deaths * returnedPerDeath > returned ? this.#apart : this.#calm;
    lane.run(call, options);
  }

  get counts(): LaneCounts {
    const [calm, apart] = [this.#calm.counts, this.#apart.counts];
    return {
      hosts: calm.hosts + apart.hosts,
      running: calm.running + apart.running,
      waiting: calm.waiting + apart.waiting,
    };
  }

  /** A call has ended by itself. */
  noteEnd(name: string): void {
    this.#conductOf(name).returned += 1;
  }

  /** The caller has its answer; the host is told to stop. */
  abandon(call: LaneCall): void {
    this.#calm.abandon(call);
    this.#apart.abandon(call);
  }

  /** Each host ends with its last call. @param onEmpty called when all have; again when a late call has brought one back */
  retire(onEmpty: () => void): void {
    const lanes = [this.#calm, this.#apart];
    for (const lane of lanes)
      lane.retire(() => {
        if (lanes.every(({ isEmpty }) => isEmpty)) onEmpty();
      });
  }

  async close(): Promise<void> {
    await Promise.all([this.#calm.close(), this.#apart.close()]);
  }
}
