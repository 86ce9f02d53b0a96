import type { MongoClient } from "mongodb";

/** Connections to the servers of one MongoDB. */
export interface ConnectionCounts {
  readonly open: number;
  readonly inUse: number;
  /** Calls that wait for one. */
  readonly waitedFor: number;
}

export function addCounts(one: ConnectionCounts, other: ConnectionCounts): ConnectionCounts {
  return {
    open: one.open + other.open,
    inUse: one.inUse + other.inUse,
    waitedFor: one.waitedFor + other.waitedFor,
  };
}

/** Counts a client's connections by what its pools tell. */
export function countConnections(client: MongoClient): () => ConnectionCounts {
  let open = 0;
  let inUse = 0;
  let waitedFor = 0;
  client.on("connectionCreated", () => (open += 1));
  client.on("connectionClosed", () => (open -= 1));
  client.on("connectionCheckOutStarted", () => (waitedFor += 1));
  client.on("connectionCheckOutFailed", () => (waitedFor -= 1));
  client.on("connectionCheckedOut", () => {
    waitedFor -= 1;
    inUse += 1;
  });
  client.on("connectionCheckedIn", () => (inUse -= 1));
  return () => ({ open, inUse, waitedFor });
}
