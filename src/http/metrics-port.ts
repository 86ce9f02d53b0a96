/** `/metrics` on a port of its own, for a Prometheus that has no token; nothing else is served there. */
import { createServer } from "node:http";
import type { Metrics } from "../logs/metrics.ts";

export interface MetricsPort {
  close(): Promise<void>;
}

/** @throws what the system says when the address can not be had */
export async function listenForMetrics(
  { port, host }: { readonly port: number; readonly host: string },
  metrics: () => Promise<Metrics>,
): Promise<MetricsPort> {
  const server = createServer((request, response) => {
    const isAsked = request.url?.split("?", 1)[0] === "/metrics" && request.method === "GET";
    if (!isAsked) {
      response.writeHead(404).end();
      return;
    }
    metrics()
      .then(async (found) => {
        const text = await found.text();
        response.writeHead(200, { "Content-Type": found.contentType }).end(text);
      })
      .catch(() => {
        response.writeHead(500).end();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, resolve);
  });
  return {
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
