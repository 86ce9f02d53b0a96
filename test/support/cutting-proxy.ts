/** A TCP proxy that loses answers: what a client sends arrives, and the connection ends before the answer does. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

export interface CuttingProxy {
  readonly port: number;
  /** Connections that were cut so far. */
  cuts(): number;
  /** Lets answers through again, whatever `mayCut` says. */
  stopCutting(): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy to a port of this machine.
 *
 * @param mayCut says of what a client has sent whether its answer is to be lost
 */
export async function startCuttingProxy(
  port: number,
  mayCut: (sent: Buffer) => boolean,
): Promise<CuttingProxy> {
  let cuts = 0;
  let isCutting = true;
  const sockets = new Set<{ destroy: () => void }>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    let isLost = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        near.destroy();
        far.destroy();
        sockets.delete(socket);
      });
    }
    near.on("data", (part: Buffer) => {
      isLost = isCutting && mayCut(part);
      far.write(part);
    });
    far.on("data", (part: Buffer) => {
      if (!isLost) near.write(part);
      else {
        cuts += 1;
        near.destroy();
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    cuts: () => cuts,
    stopCutting: () => {
      isCutting = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
