/**
 * Hosts that share their calls: started when they are needed, the least busy one gets a call, ended when they are idle,
 * replaced when they die.
 */
import { Slots } from "../kit/slots.ts";
import type { HostEnd, HostEvents, HostProcess } from "./host-process.ts";

export interface LaneLimits {
  readonly hostsMin: number;
  readonly hostsMax: number;
  /** In one host, interleaved. */
  readonly callsAtOnceMax: number;
  readonly idleMs: number;
  /** A host that has not answered for so long is ended where others suffer from it. */
  readonly stallMsMax: number;
  /** Calls that wait for a host. */
  readonly waitingMax: number;
}

/** A call as its lane sees it. */
export interface LaneCall {
  /** The name of its function. */
  readonly name: string;
  /**
   * Tells the host; called again for another host when the first died before it had begun.
   *
   * @param id what host and server call it by
   * @returns whether it runs there now; false where it is over already, and its caller has heard why
   */
  start(host: HostProcess, id: number): boolean;
  onOperation(sequence: number, body: Parameters<HostEvents["onOperation"]>[2]): void;
  onReturned(body: Parameters<HostEvents["onReturned"]>[1]): void;
  onFailed(body: Parameters<HostEvents["onFailed"]>[1]): void;
  /** Its host is gone. */
  onLost(reason: HostEnd): void;
}

/** Hosts, calls that they work on, and calls that wait for one. */
export interface LaneCounts {
  readonly hosts: number;
  readonly running: number;
  readonly waiting: number;
}

interface Seat {
  readonly call: LaneCall;
  /** Its ticket with its host; 0 while it waits. */
  id: number;
  /** Which call of its host it is, from 1. */
  ordinal: number;
  readonly isSecondTry: boolean;
}

interface Member {
  readonly host: HostProcess;
  readonly seats: Slots<Seat>;
  /** Since when there are calls that are over for their callers but may still be computing; and of what functions. */
  overdueSince: number | undefined;
  readonly overdue: Set<string>;
}

export class LaneFull extends Error {}

/** After the end of a call's time, a host has so long to show that it is alive. */
const overdueMsMax = 1000;

/** One that has been silent for so long gets no more calls. */
const silentMsMax = 250;

const lookMs = 250;

/** A host that does not get ready in this time never will. */
const startMsMax = 30_000;

/** Ready before not yet ready, then the less busy one. */
function isBetter(one: Member, other: Member): boolean {
  if (one.host.isReady !== other.host.isReady) return one.host.isReady;
  return one.seats.size < other.seats.size;
}

export class HostLane {
  readonly #members = new Set<Member>();
  readonly #waiting: Seat[] = [];
  readonly #limits: LaneLimits;
  readonly #open: (events: HostEvents) => HostProcess;
  readonly #timer: NodeJS.Timeout;
  readonly #onDeath: (reason: HostEnd, told: string) => void;
  readonly #onBlame: (name: string) => void;
  #isClosed = false;
  /** Called when the last host of a retired pool has ended. */
  #onEmpty: (() => void) | undefined;
  /** Hosts that died before they were ready, in a row: something is wrong with all of them. */
  #stillborn = 0;

  constructor(options: {
    readonly limits: LaneLimits;
    readonly open: (events: HostEvents) => HostProcess;
    readonly onDeath: (reason: HostEnd, told: string) => void;
    /** A function had a call in a host that died: it may have been the cause. */
    readonly onBlame: (name: string) => void;
  }) {
    this.#limits = options.limits;
    this.#open = options.open;
    this.#onDeath = options.onDeath;
    this.#onBlame = options.onBlame;
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs);
    this.#timer.unref();
  }

  get counts(): LaneCounts {
    let running = 0;
    for (const { seats } of this.#members) running += seats.size;
    return { hosts: this.#members.size, running, waiting: this.#waiting.length };
  }

  /** Whether nothing of it is left. */
  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#waiting.length === 0;
  }

  /** @param options.isNested it is called by another call, which must not wait for a seat behind itself @throws {LaneFull} */
  run(call: LaneCall, options: { readonly isNested: boolean }): void {
    this.#seat({ call, id: 0, ordinal: 0, isSecondTry: false }, options);
  }

  /** The caller has its answer; the host is told to stop. */
  abandon(call: LaneCall): void {
    const waitingAt = this.#waiting.findIndex((seat) => seat.call === call);
    if (waitingAt >= 0) this.#waiting.splice(waitingAt, 1);
    for (const member of this.#members) {
      const seat = member.seats.values().find((each) => each.call === call);
      if (seat === undefined) continue;
      member.seats.delete(seat.id);
      member.host.send("cancel", seat.id, 0);
      member.overdueSince ??= performance.now();
      member.overdue.add(call.name);
      member.host.ping(performance.now());
    }
  }

  #seat(seat: Seat, { isNested }: { readonly isNested: boolean }): void {
    const member = this.#choose({ isNested });
    if (member !== undefined) {
      this.#give(member, seat);
      return;
    }
    if (this.#waiting.length >= this.#limits.waitingMax) throw new LaneFull();
    this.#waiting.push(seat);
  }

  #give(member: Member, seat: Seat): void {
    seat.id = member.seats.add(seat);
    member.host.usedAt = performance.now();
    if (seat.call.start(member.host, seat.id)) seat.ordinal = member.host.callsGiven;
    else member.seats.delete(seat.id);
  }

  #choose({ isNested }: { readonly isNested: boolean }): Member | undefined {
    const { hostsMin, hostsMax, callsAtOnceMax } = this.#limits;
    const now = performance.now();
    let best: Member | undefined;
    let answering = 0;
    for (const member of this.#members) {
      if (!this.#answers(member, now)) continue;
      answering += 1;
      if (best === undefined || isBetter(member, best)) best = member;
    }
    const isBusy = best === undefined || best.seats.size > 0;
    const isFull = best === undefined || best.seats.size >= callsAtOnceMax;
    // Those that are stuck do not count, up to a point: a few endless loops must not keep everybody else waiting.
    const mayOpen = answering < hostsMax && this.#members.size < hostsMax * 2;
    if (mayOpen && (isFull || (isBusy && answering < hostsMin))) {
      const added = this.#add();
      // It takes a while to get ready: only who has no other seat waits for it.
      if (isFull) return added;
    }
    return isFull && !isNested ? undefined : best;
  }

  #answers({ host, overdueSince }: Member, now: number): boolean {
    return host.silentMs(now) < silentMsMax && overdueSince === undefined;
  }

  #add(): Member {
    const member: Member = {
      seats: new Slots(),
      overdueSince: undefined,
      overdue: new Set(),
      host: this.#open({
        onOperation: (id, sequence, body) => {
          member.seats.get(id)?.call.onOperation(sequence, body);
        },
        onReturned: (id, body) => {
          this.#leave(member, id)?.onReturned(body);
        },
        onFailed: (id, body) => {
          this.#leave(member, id)?.onFailed(body);
        },
        onEnd: (reason, told) => {
          this.#lose(member, reason, told);
        },
      }),
    };
    this.#members.add(member);
    return member;
  }

  #leave(member: Member, id: number): LaneCall | undefined {
    const seat = member.seats.delete(id);
    this.#stillborn = 0;
    this.#seatWaiting();
    if (this.#onEmpty !== undefined && member.seats.size === 0) member.host.kill("closed");
    return seat?.call;
  }

  #seatWaiting(): void {
    while (this.#waiting.length > 0) {
      const member = this.#choose({ isNested: false });
      if (member === undefined) return;
      this.#give(member, this.#waiting.shift() as Seat);
    }
  }

  #lose(member: Member, reason: HostEnd, told: string): void {
    this.#members.delete(member);
    if (reason !== "closed") this.#onDeath(reason, told);
    if (!member.host.isReady) this.#stillborn += 1;
    const seats = member.seats.values();
    const { callsBegun } = member.host;
    for (const { id } of seats) member.seats.delete(id);
    if (reason !== "closed") {
      const begun = seats.filter(({ ordinal }) => ordinal <= callsBegun);
      const names = begun.map(({ call }) => call.name);
      for (const name of new Set([...member.overdue, ...names])) this.#onBlame(name);
    }
    for (const seat of seats) {
      const isInnocent = seat.ordinal > callsBegun && !seat.isSecondTry && !this.#isClosed;
      if (isInnocent && this.#stillborn < 3) this.#retry(seat.call);
      else seat.call.onLost(reason);
    }
    if (this.#isClosed) return;
    this.#seatWaiting();
    if (this.isEmpty) this.#onEmpty?.();
  }

  /** One that had not begun has done nothing yet. */
  #retry(call: LaneCall): void {
    try {
      this.#seat({ call, id: 0, ordinal: 0, isSecondTry: true }, { isNested: true });
    } catch {
      call.onLost("crashed");
    }
  }

  #look(): void {
    const now = performance.now();
    for (const member of this.#members) {
      const { host, seats } = member;
      if (seats.size > 0 || member.overdueSince !== undefined) host.ping(now);
      void host.watchMemory();
      const end = this.#endOf(member, now);
      if (end !== undefined) host.kill(end);
    }
    this.#seatWaiting();
  }

  /** Why a host has to end now, if it has to. */
  #endOf(member: Member, now: number): HostEnd | undefined {
    const { host, seats, overdueSince } = member;
    const { idleMs, stallMsMax } = this.#limits;
    if (!host.isReady) return now - host.startedAt > startMsMax ? "crashed" : undefined;
    const silentMs = host.silentMs(now);
    if (overdueSince === undefined) {
      if (seats.size === 0) return now - host.usedAt > idleMs ? "closed" : undefined;
      const isInTheWay = seats.size > 1 || this.#waiting.length > 0;
      return isInTheWay && silentMs > stallMsMax ? "stalled" : undefined;
    }
    const overdueMs = now - overdueSince;
    if (silentMs === 0 && overdueMs > lookMs) {
      member.overdueSince = undefined;
      member.overdue.clear();
    }
    return silentMs > 0 && overdueMs > overdueMsMax ? "stalled" : undefined;
  }

  /** Each host ends with its last call. @param onEmpty called when all have; again when a late call has brought one back */
  retire(onEmpty: () => void): void {
    this.#onEmpty = onEmpty;
    for (const { host, seats } of this.#members) if (seats.size === 0) host.kill("closed");
    if (this.isEmpty) onEmpty();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await Promise.all([...this.#members].map(async ({ host }) => host.close()));
  }
}
