/** The connections to the primary, each with a session of its own: how many there are, and whose turn it is. */
import type { ClientSession, MongoClient, ServerDescription, TopologyDescription } from "mongodb";
import type { Channel } from "./channel.ts";
import type { ClientInternals, Connection, Internals, Server } from "./internals.ts";
import type { ConnectionCounts } from "./pool-counts.ts";
import { numberElement, sessionElement } from "./session-elements.ts";

export interface Line {
  readonly channel: Channel;
  readonly server: Server;
  readonly session: ClientSession;
  /** `lsid` of the session. */
  readonly sessionElement: Uint8Array;
  /** Whether the server takes numbers by which it knows a write that is sent again. */
  readonly numbersWrites: boolean;
  /** `txnNumber` of the session's next write. */
  nextNumber(): Uint8Array;
}

export interface Lines {
  hasPrimary(): boolean;
  /** A free line to the primary. */
  take(): Line | undefined;
  /**
   * The next line that is free; undefined when there will be none.
   *
   * @throws the signal's reason
   */
  wait(signal: AbortSignal | undefined): Promise<Line | undefined>;
  /** Gives a line back. */
  release(line: Line): void;
  /** Closes a line and ends its session. */
  discard(line: Line): void;
  /** Closes a line; the session is the caller's to end. */
  retire(line: Line): void;
  counts(): ConnectionCounts;
  close(): Promise<void>;
}

interface Primary {
  readonly server: Server;
  readonly description: ServerDescription;
}

interface OpenLine extends Line {
  readonly generation: number;
  usedAt: number;
}

interface Opening {
  readonly connect: Internals["connect"];
  readonly open: (connection: Connection, onClose: () => void) => Channel;
}

/** After a connection that could not be opened, how long the driver is left to find out why. */
const pauseMs = 1000;

export function createLines(client: MongoClient, countMax: number, opening: Opening): Lines {
  const internals = client as unknown as ClientInternals;
  const { maxIdleTimeMS, maxConnecting } = internals.options;
  const free: OpenLine[] = [];
  const busy = new Set<OpenLine>();
  const waiting: ((line: OpenLine | undefined) => void)[] = [];
  let connecting = 0;
  let notBefore = 0;
  let isClosed = false;
  let seen: TopologyDescription | undefined;
  let primary: Primary | undefined;

  // The driver's word that nothing more is to be expected of the connections to a server.
  client.on("connectionPoolCleared", ({ address, interruptInUseConnections }) => {
    if (address !== primary?.description.address) return;
    for (const line of free.splice(0)) discard(line);
    if (interruptInUseConnections === true) for (const line of busy) line.channel.close();
  });

  function currentPrimary(): Primary | undefined {
    const { topology } = internals;
    if (topology === undefined) return undefined;
    if (topology.description !== seen) {
      seen = topology.description;
      const description = writableOf(seen);
      const server = description && topology.s.servers.get(description.address);
      primary = description && server && { description, server };
    }
    return primary;
  }

  function isGood(line: OpenLine): boolean {
    return (
      line.channel.isOpen() &&
      line.server === currentPrimary()?.server &&
      line.generation === line.server.pool.generation &&
      (maxIdleTimeMS === 0 || performance.now() - line.usedAt < maxIdleTimeMS)
    );
  }

  function take(): OpenLine | undefined {
    for (let line = free.pop(); line !== undefined; line = free.pop()) {
      if (isGood(line)) {
        busy.add(line);
        return line;
      }
      discard(line);
    }
    return undefined;
  }

  async function wait(signal: AbortSignal | undefined): Promise<Line | undefined> {
    openMore();
    if (connecting + busy.size === 0) return undefined;
    return new Promise((resolve, reject) => {
      const give = (line: OpenLine | undefined): void => {
        signal?.removeEventListener("abort", leave);
        resolve(line);
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(give), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiting.push(give);
    });
  }

  function openMore(): void {
    const now = currentPrimary();
    const mayOpen =
      now !== undefined &&
      !isClosed &&
      connecting < maxConnecting &&
      free.length + busy.size + connecting < countMax &&
      performance.now() >= notBefore;
    if (!mayOpen) return;
    connecting += 1;
    void connect(now)
      .then(
        (line) => {
          busy.add(line);
          connecting -= 1;
          release(line);
        },
        () => {
          connecting -= 1;
          notBefore = performance.now() + pauseMs;
        },
      )
      .then(afterLoss);
  }

  async function connect({ server, description }: Primary): Promise<OpenLine> {
    const { pool } = server;
    const { generation } = pool;
    const connection = await opening.connect({
      ...pool.options,
      id: "direct",
      generation,
      cancellationToken: pool.cancellationToken,
      mongoLogger: pool.mongoLogger,
      authProviders: internals.s.authProviders,
      metadata: internals.options.metadata,
    });
    if (isClosed) {
      connection.destroy();
      throw new Error("closed meanwhile");
    }
    const session = client.startSession({ causalConsistency: false });
    const channel = opening.open(connection, () => {
      const at = free.indexOf(line);
      if (at !== -1) {
        free.splice(at, 1);
        void session.endSession();
      }
      busy.delete(line);
      afterLoss();
    });
    const line: OpenLine = {
      channel,
      server,
      session,
      generation,
      usedAt: performance.now(),
      sessionElement: sessionElement(session),
      numbersWrites: description.type === "RSPrimary",
      nextNumber: () => numberElement(session),
    };
    return line;
  }

  /** Whoever waits while nothing is left to wait for is sent to the driver. */
  function afterLoss(): void {
    if (waiting.length > 0) openMore();
    if (connecting + busy.size === 0) for (const give of waiting.splice(0)) give(undefined);
  }

  function release(given: Line): void {
    const line = given as OpenLine;
    if (!busy.has(line)) return;
    if (!isGood(line)) {
      discard(line);
      return;
    }
    const next = waiting.shift();
    if (next !== undefined) {
      next(line);
      if (waiting.length > 0) openMore();
      return;
    }
    busy.delete(line);
    line.usedAt = performance.now();
    free.push(line);
  }

  function discard(line: Line): void {
    retire(line);
    void line.session.endSession();
  }

  function retire(line: Line): void {
    busy.delete(line as OpenLine);
    line.channel.close();
    afterLoss();
  }

  return {
    hasPrimary: () => !isClosed && currentPrimary() !== undefined,
    take,
    wait,
    release,
    discard,
    retire,
    counts: () => ({
      open: free.length + busy.size,
      inUse: busy.size,
      waitedFor: waiting.length,
    }),
    async close(): Promise<void> {
      isClosed = true;
      const sessions = [...free, ...busy].map(({ session }) => session);
      for (const { channel } of [...free, ...busy]) channel.close();
      await Promise.all(sessions.map(async (session) => session.endSession()));
    },
  };
}

function writableOf({ type, servers }: TopologyDescription): ServerDescription | undefined {
  if (type !== "Single" && type !== "ReplicaSetWithPrimary") return undefined;
  for (const each of servers.values())
    if (each.type === "RSPrimary" || (type === "Single" && each.type === "Standalone")) return each;
  return undefined;
}
